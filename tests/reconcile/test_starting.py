"""Look before starting, adopt what fits, start only where nothing does."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from sagemaker_constructs.api.tag_keys import CONTENT_TAGS, OWNER_TAG
from sagemaker_constructs.aws.errors import UNREADABLE, JobConflictError, ReconcileError, ServiceError
from sagemaker_constructs.aws.protocols import Role
from sagemaker_constructs.reconcile import starting
from sagemaker_constructs.reconcile.bag import Properties
from sagemaker_constructs.reconcile.fingerprint import candidate_names
from sagemaker_constructs.reconcile.job_tags import TAGS_AT_MOST, claims, share_tag
from sagemaker_constructs.reconcile.looking_ahead import job_of_others, look_ahead, name_of_another_run
from sagemaker_constructs.reconcile.presence import LOOKS
from sagemaker_constructs.reconcile.starting import start_or_adopt
from sagemaker_constructs.testing import FakeTrainingJobs
from tests.samples import DECLARED_AS, OWNER, SMALL, Sentences, checked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sagemaker_constructs.reconcile.taking import Run

NAME = checked()["training_job_name"]
FINGERPRINT = checked()["fingerprint"]
NOT_READY = ("ValidationException", "Could not assume role arn:x. Please ensure that the role exists")


@pytest.fixture
def jobs() -> FakeTrainingJobs:
    """An account without jobs."""
    return FakeTrainingJobs()


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Sentences:
    """What the user is told; nobody waits for a role for long."""
    monkeypatch.setattr(starting, "ROLE_PAUSE", 0)
    return Sentences()


def create(jobs: FakeTrainingJobs, said: Sentences, contents: dict[str, str] | None = None, **others: Any) -> Run:
    """Create the resource of the small job."""
    return start_or_adopt(jobs, Properties(checked(**others)), contents or {}, said)


def by_hand(**others: Any) -> dict[str, Any]:
    """Under a name given by hand."""
    return {"name_prefix": None, "training_job_name": "mine", **others}


def test_a_job_is_started_where_there_is_none(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """Under the planned name, once, without a word."""
    run = create(jobs, said)
    assert (run.job.name, run.job.status, run.adopted) == (NAME, "InProgress", False)
    assert list(jobs.jobs) == [NAME]
    assert jobs.tagged[NAME][OWNER_TAG] == OWNER
    assert claims(jobs.tagged[NAME]) == [run.claim]
    assert said == []


def test_nothing_is_asked_once_the_job_was_started(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """Whatever failed then would lose it."""
    create(jobs, said)
    assert [method for method, *_ in jobs.calls] == ["create"]


@pytest.mark.parametrize("status", ["InProgress", "Completed"])
def test_our_own_job_is_taken_up_again(jobs: FakeTrainingJobs, said: Sentences, status: str) -> None:
    """As after a crash, or on the way back to an earlier configuration; it is claimed for the new resource."""
    first = create(jobs, said)
    jobs.becomes(NAME, status)
    second = create(jobs, said)
    assert (second.job.name, second.adopted) == (NAME, False)
    assert len(jobs.started) == 1
    assert claims(jobs.tagged[NAME]) == [second.claim] != [first.claim]
    assert said == [f"job {NAME} already has this configuration (status {status}): it is reused, no job starts"]


def test_another_stacks_job_is_adopted_and_left_untouched(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """The user is told whose it is, and the owner finds a tag that it is not alone with it."""
    theirs = create(jobs, Sentences(), owner="organization/project/other")
    tags = dict(jobs.tagged[NAME])
    run = create(jobs, said)
    assert (run.job.name, run.adopted, run.claim) == (NAME, True, None)
    assert jobs.tagged[NAME] == {**tags, **share_tag(tags, OWNER, f"state of {OWNER}")}
    assert claims(tags) == [theirs.claim]
    assert len(jobs.started) == 1
    assert "of organization/project/other already has this configuration" in said[0]


def test_an_update_says_of_an_adopted_job_what_its_preview_has_said(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """In the same words."""
    create(jobs, Sentences(), owner="organization/project/other")
    foreseen = job_of_others(jobs, Properties(checked()))
    create(jobs, said)
    assert foreseen == (said[0], True)


def test_a_job_that_has_as_many_tags_as_it_may_is_adopted_as_a_preview_has_said(
    jobs: FakeTrainingJobs, said: Sentences
) -> None:
    """Also by a second resource of the stack that started it: there is no room for another claim."""
    create(jobs, Sentences())
    jobs.tagged[NAME] |= {f"k{number}": "v" for number in range(TAGS_AT_MOST)}
    again: dict[str, Any] = {"declared_as": f"{DECLARED_AS}-2"}
    foreseen = job_of_others(jobs, Properties(checked(**again)))
    assert create(jobs, said, **again).adopted
    assert foreseen == (said[0], True)
    assert "(status InProgress) and no room for another tag: it is adopted" in said[0]
    assert not create(jobs, Sentences()).adopted  # the resource that started it has its tag already


def test_a_job_that_nobody_tagged_is_somebody_elses(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """Such as one that a person started."""
    create(jobs, Sentences())
    jobs.tagged[NAME].clear()
    assert create(jobs, said).adopted
    assert "of another owner" in said[0]


@pytest.mark.parametrize("status", ["Failed", "Stopped", "Stopping", "Deleting"])
def test_a_name_that_is_used_up_is_passed_over(jobs: FakeTrainingJobs, said: Sentences, status: str) -> None:
    """The next suffix is free, and the user is told why."""
    create(jobs, Sentences())
    jobs.becomes(NAME, status)
    run = create(jobs, said)
    assert run.job.name == f"{NAME}-2"
    assert jobs.jobs[f"{NAME}-2"].status == "InProgress"
    assert said == [f"job {NAME} cannot be reused (it is {status}); trying the next name"]


def test_the_run_after_the_failed_one_is_found_again(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """A crash after the second create starts no third."""
    create(jobs, said)
    jobs.becomes(NAME, "Failed")
    create(jobs, said)
    assert create(jobs, said).job.name == f"{NAME}-2"
    assert len(jobs.started) == 2


def test_a_job_trained_on_other_data_is_passed_over(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """And each run is found by the data that it had."""
    create(jobs, said, {"data": "monday"})
    tuesday = create(jobs, said, {"data": "tuesday"})
    assert tuesday.job.name == f"{NAME}-2"
    assert "(other data)" in said[-1]
    assert jobs.tagged[tuesday.job.name][CONTENT_TAGS["data"]] == "tuesday"
    assert create(jobs, said, {"data": "monday"}).job.name == NAME
    assert create(jobs, said, {"data": "tuesday"}).job.name == f"{NAME}-2"
    assert len(jobs.started) == 2


def test_strict_starts_a_job_of_its_own(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """A limit that is strict tells jobs apart; without it the job that exists serves."""
    create(jobs, said)
    limited: dict[str, Any] = {"stopping_condition": {"max_runtime_in_seconds": 60}}
    assert create(jobs, said, None, **limited).job.name == NAME
    assert create(jobs, said, None, **limited, strict=True).job.name != NAME
    assert len(jobs.started) == 2


def test_strict_does_not_adopt_by_hand_what_was_run_otherwise(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """The name is the same, so what operates has to tell the jobs apart."""
    create(jobs, said, **by_hand(stopping_condition={"max_runtime_in_seconds": 60}))
    with pytest.raises(JobConflictError, match=r"stopping_condition\.max_runtime_in_seconds: declared 61, existing 60"):
        create(jobs, said, **by_hand(stopping_condition={"max_runtime_in_seconds": 61}, strict=True))


def test_when_every_name_is_used_up_it_is_said(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """Ninety-nine failed runs are enough."""
    create(jobs, said)
    for name in candidate_names(NAME, FINGERPRINT):
        jobs.jobs[name] = jobs.jobs[NAME]
        jobs.tagged[name] = jobs.tagged[NAME]
        jobs.becomes(name, "Failed")
    with pytest.raises(ReconcileError, match="suffix -99 is taken"):
        create(jobs, said)


def test_a_name_given_by_hand_is_refused_with_a_readable_list(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """Each difference, desired beside existing, and what to do; nothing was started."""
    create(jobs, said, **by_hand())
    with pytest.raises(JobConflictError) as caught:
        create(
            jobs,
            said,
            **by_hand(
                resource_config={**SMALL["resource_config"], "instance_type": "ml.p4d.24xlarge"},
                output_data_config={"s3_output_path": "s3://bucket/hidden"},
                hyper_parameters={"depth": "5"},
                environment={"STAGE": "test"},
                secret_members=["output_data_config.s3_output_path"],
            ),
        )
    assert str(caught.value).splitlines() == [
        "training_job_name 'mine' is taken by a job that cannot be reused: another environment.STAGE",
        "  - environment.STAGE: declared a value that is not shown, existing nothing",
        "  - hyper_parameters.depth: declared 5, existing 4",
        "  - output_data_config.s3_output_path: declared a value that is not shown, existing a value that is not shown",
        "  - resource_config.instance_type: declared 'ml.p4d.24xlarge', existing 'ml.m5.large'",
        "Give another training_job_name, or leave it out so that the name is planned.",
    ]
    assert len(jobs.started) == 1


def test_a_name_given_by_hand_is_refused_where_the_run_failed_or_had_other_data(
    jobs: FakeTrainingJobs, said: Sentences
) -> None:
    """Although the configuration is the same."""
    create(jobs, said, {"data": "monday"}, **by_hand())
    with pytest.raises(JobConflictError, match="cannot be reused: other data\n"):
        create(jobs, said, {"data": "tuesday"}, **by_hand())
    jobs.becomes("mine", "Failed")
    with pytest.raises(JobConflictError, match="cannot be reused: it is Failed\n"):
        create(jobs, said, {"data": "monday"}, **by_hand())


def test_a_job_of_that_name_and_configuration_is_adopted(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """This is what stands for `pulumi import`."""
    create(jobs, said, **by_hand())
    jobs.tagged["mine"].clear()
    assert create(jobs, said, **by_hand()).adopted


@pytest.mark.parametrize(
    "code",
    ["Unreachable", "InternalFailure", "ServiceUnavailable", "ThrottlingException", "429", "504", UNREADABLE],
)
@pytest.mark.parametrize("lag", [0, LOOKS - 1])
def test_a_lost_answer_is_looked_after(jobs: FakeTrainingJobs, said: Sentences, code: str, lag: int) -> None:
    """The job that was started all the same is found in the same run, and is ours; however late it appears."""
    jobs.lag = lag
    jobs.fail("create", code, "no answer", done=True)
    run = create(jobs, said)
    assert (run.job.name, run.adopted) == (NAME, False)
    assert claims(jobs.tagged[NAME]) == [run.claim]
    assert said == [f"job {NAME} was started, although the answer to CreateTrainingJob was lost"]
    assert len(jobs.started) == 1


def test_a_job_that_failed_before_it_was_found_is_ours_all_the_same(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """It is recorded, and no second one is started for it."""
    described = jobs.describe

    def fails(name: str) -> Any:
        if name in jobs.jobs:
            jobs.becomes(name, "Failed")
        return described(name)

    jobs.describe = fails
    jobs.fail("create", "Unreachable", "no answer", done=True)
    run = create(jobs, said)
    assert (run.job.name, run.job.status, run.adopted) == (NAME, "Failed", False)
    assert list(jobs.jobs) == [NAME]


@pytest.mark.parametrize("code", ["Unreachable", "503", UNREADABLE, "ThrottlingException"])
@pytest.mark.parametrize("done", [True, False])
def test_a_job_that_is_not_found_after_a_lost_answer_is_named(
    jobs: FakeTrainingJobs, said: Sentences, code: str, done: bool
) -> None:
    """With the command that stops it, for `destroy` would not know it; the next update finds it."""
    jobs.lag = LOOKS
    jobs.fail("create", code, "no answer", done=done)
    command = f"aws sagemaker stop-training-job --training-job-name {NAME} --region eu-west-1"
    with pytest.raises(ReconcileError, match=rf"no answer.* Whether this update has started job {NAME} .*{command}$"):
        create(jobs, said)
    assert len(jobs.named("describe")) == LOOKS
    assert list(jobs.jobs) == ([NAME] if done else [])


def test_a_job_of_ours_that_has_no_tags_yet_is_not_somebody_elses(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """As in the update after the one whose answer was lost."""
    jobs.now = datetime.now(UTC)
    jobs.lag = LOOKS - 1
    create(jobs, said)
    for _ in range(jobs.lag):
        assert jobs.describe(NAME) is None
    assert not create(jobs, said).adopted
    assert list(jobs.jobs) == [NAME]


def test_a_job_whose_tags_cannot_be_read_after_a_lost_answer_is_named(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """Without tags it is not known whose it is."""
    jobs.fail("create", "Unreachable", "no answer", done=True)
    jobs.fail("tags", "AccessDeniedException", "no", times=None)
    with pytest.raises(ReconcileError, match=f"^ListTags .* has started job {NAME} .* stop-training-job "):
        create(jobs, said)


def test_while_an_answer_is_looked_after_other_calls_may_fail_too(said: Sentences) -> None:
    """The service that has lost one answer may lose the next."""

    class Failing(FakeTrainingJobs):
        def create(self, request: Mapping[str, Any]) -> str:
            self.fail("describe", "503", "Service Unavailable", times=2)
            return super().create(request)

    failing = Failing()
    failing.fail("create", "Unreachable", "no answer", done=True)
    assert not create(failing, said).adopted


def test_a_refusal_after_a_first_attempt_is_looked_after_once(said: Sentences) -> None:
    """boto3 has tried again, and the first attempt may have started the job."""

    class Retried(FakeTrainingJobs):
        def create(self, request: Mapping[str, Any]) -> str:
            if started:
                super().create(request)
            raise ServiceError("CreateTrainingJob", "job", "ValidationException", "no", retried=True)

    started = [True]
    assert not create(Retried(), said).adopted
    started.clear()
    with pytest.raises(ServiceError, match="ValidationException"):
        create(Retried(), said)


def test_a_definite_refusal_is_not_looked_after(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """Nothing was started."""
    jobs.fail("create", "ResourceLimitExceeded", "no")
    with pytest.raises(ServiceError, match="ResourceLimitExceeded"):
        create(jobs, said)
    assert len(jobs.named("describe")) == 1


def test_a_call_that_never_arrived_is_reported(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """In the words of the call that failed."""
    jobs.fail("create", "Unreachable", "Could not connect to the endpoint URL")
    with pytest.raises(ReconcileError, match="Could not connect"):
        create(jobs, said)
    assert jobs.jobs == {}


def test_a_job_is_looked_up_only_where_its_name_is_taken(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """AWS itself tells that: hundreds of new jobs take one call each."""
    create(jobs, Sentences(), owner="organization/project/other")
    jobs.calls.clear()
    assert create(jobs, said).adopted
    assert [method for method, *_ in jobs.calls] == ["create", "describe", "tags", "add_tags"]


def test_a_name_that_is_known_to_be_taken_is_not_tried(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """AWS takes about one CreateTrainingJob a second."""
    create(jobs, Sentences())
    jobs.calls.clear()
    start_or_adopt(jobs, Properties(checked()), {}, said, is_taken=jobs.jobs.__contains__)
    assert [method for method, *_ in jobs.calls] == ["describe", "tags", "add_tags"]


@pytest.mark.parametrize("code", ["AccessDeniedException", "ResourceLimitExceeded", "ValidationException"])
def test_a_job_that_exists_is_reused_whatever_speaks_against_another_one(
    jobs: FakeTrainingJobs, said: Sentences, code: str
) -> None:
    """AWS checks other things before the name."""
    first = create(jobs, Sentences())
    jobs.fail("create", code, "no")
    assert create(jobs, said).job.name == first.job.name
    assert jobs.started == [NAME]


def test_a_fresh_role_is_waited_for(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """Until IAM has told everybody."""
    jobs.fail("create", *NOT_READY, times=3)
    assert create(jobs, said).job.name == NAME
    assert len(jobs.named("create")) == 4
    assert said == ["SageMaker rejects the role, which may be too new; retrying for up to 120 seconds"]


PROPAGATING = (
    NOT_READY[1],
    (
        'No S3 objects found under S3 URL "s3://data/train/". Please ensure that the role "arn:x" has "s3:ListBucket" '
        'permissions on bucket "data".'
    ),
    "Unauthorized to List objects under S3 URL: s3://data/train/",
    "Access denied to OutputDataConfig S3 bucket: models",
    "Access denied to hub content arn:aws:sagemaker:eu-west-1:aws:hub-content/public/Model/m/1.0.0",
    "Access denied for repository: train in registry ID: 123456789012. Please check if your ECR repository exists",
    "not authorized to perform: s3:ListBucket because no identity-based policy allows the s3:ListBucket action",
)
"""What SageMaker says while a role or its policy has not propagated."""


@pytest.mark.parametrize("said_by_aws", PROPAGATING)
def test_whatever_is_said_while_a_policy_propagates_is_waited_for(
    jobs: FakeTrainingJobs, said: Sentences, said_by_aws: str
) -> None:
    """Where the role is new."""
    jobs.fail("create", "ValidationException", said_by_aws, times=2)
    assert create(jobs, said).job.name == NAME
    assert len(jobs.named("create")) == 3


@pytest.mark.parametrize("said_by_aws", PROPAGATING)
def test_the_same_of_an_old_role_is_reported_at_once(jobs: FakeTrainingJobs, said: Sentences, said_by_aws: str) -> None:
    """It has propagated long ago: the role, or the address, is wrong; what to do is said."""
    jobs.role_age = starting.NEW_ROLE + 1
    jobs.fail("create", "ValidationException", said_by_aws, times=99)
    with pytest.raises(ServiceError) as caught:
        create(jobs, said)
    assert str(caught.value).partition(said_by_aws.rstrip(". "))[2].strip(" .")
    assert (len(jobs.named("create")), said) == (1, [])


def test_a_role_of_another_path_is_reported_at_once(
    jobs: FakeTrainingJobs, said: Sentences, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the ARN of the one that has its name: no role appears under the given one by itself."""
    whole = "arn:aws:iam::123456789012:role/service-role/training"

    def role(arn: str) -> Role:
        assert arn == SMALL["role_arn"]
        return Role(whole, 0)

    monkeypatch.setattr(jobs, "role", role)
    jobs.fail("create", *NOT_READY, times=99)
    with pytest.raises(ReconcileError, match=f"The role of this name is {whole}"):
        create(jobs, said)
    assert len(jobs.named("create")) == 1


@pytest.mark.parametrize(("code", "tries"), [("AccessDenied", 1), ("InternalFailure", 1)])
def test_a_role_that_cannot_be_looked_up_is_not_waited_for_long(
    jobs: FakeTrainingJobs, said: Sentences, monkeypatch: pytest.MonkeyPatch, code: str, tries: int
) -> None:
    """A stack that has made the role may look it up; another failure of IAM is reported."""
    monkeypatch.setattr(starting, "NO_ROLE_PATIENCE", 0)
    jobs.fail("role", code, "no")
    jobs.fail("create", *NOT_READY, times=99)
    with pytest.raises(ServiceError, match=code if code == "InternalFailure" else "Could not assume role"):
        create(jobs, said)
    assert len(jobs.named("create")) == tries


def test_a_role_that_never_becomes_ready_is_reported(
    jobs: FakeTrainingJobs, said: Sentences, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what it needs."""
    monkeypatch.setattr(starting, "ROLE_PATIENCE", 0)
    jobs.fail("create", *NOT_READY, times=99)
    with pytest.raises(ServiceError, match="its trust policy must allow"):
        create(jobs, said)


def test_a_role_that_iam_does_not_know_is_not_waited_for_as_long(
    jobs: FakeTrainingJobs, said: Sentences, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is a slip, mostly."""
    monkeypatch.setattr(starting, "NO_ROLE_PATIENCE", 0)
    jobs.missing_roles.add(SMALL["role_arn"])
    jobs.fail("create", *NOT_READY, times=99)
    with pytest.raises(ServiceError, match="The role must exist"):
        create(jobs, said)
    assert len(jobs.named("create")) == 1


def test_a_job_that_is_taken_up_again_gets_the_tags_of_now(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """It was started with those of an earlier configuration."""
    create(jobs, said, tags=[{"key": "team", "value": "vision"}, {"key": "old", "value": "1"}])
    create(jobs, said, tags=[{"key": "team", "value": "speech"}], default_tags={"stage": "test"})
    assert jobs.tagged[NAME].items() >= {"team": "speech", "stage": "test"}.items()


def test_the_tags_that_an_adopted_job_lacks_are_said(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """By their keys; they are another stack's to set."""
    create(jobs, Sentences(), owner="organization/project/other", tags=[{"key": "team", "value": "vision"}])
    create(jobs, said, tags=[{"key": "team", "value": "speech"}, {"key": "cost", "value": "1"}])
    assert said[1] == f"job {NAME} keeps its own tags; the declared tags cost, team are not on it"
    assert jobs.tagged[NAME]["team"] == "vision"


def test_the_tags_that_a_declaration_lacks_are_said_where_its_job_is_adopted_by_name(
    jobs: FakeTrainingJobs, said: Sentences
) -> None:
    """By their keys: a description, from which the declaration was made, has none."""
    create(
        jobs,
        Sentences(),
        **by_hand(
            owner="organization/project/other", tags=[{"key": key, "value": "x"} for key in ("cost", "mine", "team")]
        ),
    )
    create(jobs, said, **by_hand(tags=[{"key": "team", "value": "x"}], ignore_tags={"keys": ["mine"]}))
    assert said[1] == "job mine has tags that are not declared, so the next job lacks them: cost"


def test_two_resources_of_a_stack_have_a_claim_each(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """On the one job that both declare."""
    first = create(jobs, said)
    second = create(jobs, said, declared_as=f"{DECLARED_AS}-2")
    assert sorted(claims(jobs.tagged[NAME])) == sorted([str(first.claim), str(second.claim)])


def test_a_preview_sees_where_a_run_will_come_to(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """The same name that the start then takes."""
    declared = Properties(checked())
    assert look_ahead(jobs, declared, {}) == (NAME, None)
    create(jobs, said)
    assert look_ahead(jobs, declared, {}) == (NAME, jobs.jobs[NAME])
    jobs.becomes(NAME, "Failed")
    assert look_ahead(jobs, declared, {}) == (f"{NAME}-2", None)
    assert create(jobs, said).job.name == f"{NAME}-2"


def test_nobody_looks_ahead_past_a_name_given_by_hand(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """Where it is taken by another job there is none."""
    create(jobs, said, **by_hand())
    assert look_ahead(jobs, Properties(checked(**by_hand(environment={"A": "b"}))), {}) is None


def test_another_run_has_a_name_that_nobody_had(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """However well the others would serve; but one that is on its way is the one that was wanted already."""
    declared = Properties(checked())
    create(jobs, said)
    jobs.becomes(NAME, "Completed")
    assert name_of_another_run(jobs, declared, NAME) == f"{NAME}-2"
    create(jobs, said, training_job_name=None)
    again = Properties({**declared.bag, "training_job_name": f"{NAME}-2"})
    start_or_adopt(jobs, again, {}, said)
    assert name_of_another_run(jobs, declared, NAME) == f"{NAME}-2"
    jobs.becomes(f"{NAME}-2", "Completed")
    assert name_of_another_run(jobs, declared, NAME) == f"{NAME}-3"
    assert name_of_another_run(jobs, declared, f"{NAME}-2") == f"{NAME}-3"


def test_another_run_that_a_killed_update_has_started_is_found_whatever_its_tags(
    jobs: FakeTrainingJobs, said: Sentences
) -> None:
    """It is not started a second time."""
    declared = Properties(checked())
    create(jobs, said)
    jobs.becomes(NAME, "Failed")
    create(jobs, said)
    jobs.becomes(NAME, "Completed")
    jobs.tagged[f"{NAME}-2"] |= {f"k{number}": "v" for number in range(TAGS_AT_MOST)}
    assert name_of_another_run(jobs, declared, NAME) == f"{NAME}-2"


def test_what_the_caller_may_not_do_is_not_waited_for(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """IAM says it in the same words as of a role."""
    words = (
        "not authorized to perform: sagemaker:CreateTrainingJob because no identity-based policy allows the x action"
    )
    jobs.fail("create", "AccessDeniedException", words)
    with pytest.raises(ServiceError, match="Grant the caller this action"):
        create(jobs, said)
    assert said == []
