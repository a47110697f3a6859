"""What a preview says of jobs that start: which they are, what they have in common, and what was not looked at."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING, Any, cast

import pulumi
import pytest
from account_stub import OWNER, Account, plan
from graphs import graph
from policy_cases import CASES, SMALLEST, channel
from pulumi import UNKNOWN, Output

from sagemaker_constructs.api.masking import MASK
from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.api.tree import values_at
from sagemaker_constructs.aws.errors import ServiceError
from sagemaker_constructs.preflight import announcement, looks, readers
from sagemaker_constructs.preflight import preview as preflight
from sagemaker_constructs.preflight.free_names import ONE_BY_ONE
from sagemaker_constructs.reconcile.bag import Properties
from sagemaker_constructs.reconcile.starting import start_or_adopt
from tests.api.real_requests import real_requests
from tests.samples import Sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sagemaker_constructs.aws.answers import ExistingJob

STATE = {"state_identity": f"{OWNER}@file:///states"}
OTHERS = "organization/project/other"
IMAGE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1"
JOB = {**SMALLEST, "input_data_config": [channel("train", s3_uri="s3://data/train/")]}
JOB_ROLE = "arn:aws:iam::123456789012:role/trainer"
QUOTA = "ml.m5.large for training job usage"


@dataclass
class Asked(Account):
    """An account that counts what it is asked."""

    policy: str = '{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'
    asked: Counter[tuple[Any, ...]] = field(default_factory=Counter[tuple[Any, ...]])
    answers: Mapping[str, Callable[[], Any]] = field(default_factory=dict[str, "Callable[[], Any]"])
    """What some questions are answered with instead."""

    def connect(self, *_: object) -> Any:
        """In place of `AwsAccountReader`."""
        account = self

        class Reader:
            def __getattr__(self, question: str) -> Any:
                def ask(*arguments: Any) -> Any:
                    account.asked[question, *map(str, arguments[:1])] += 1
                    answer = account.answers.get(question)
                    return answer() if answer else getattr(account, question)(*arguments)

                return ask

        return Reader()

    def calls(self, question: str) -> list[int]:
        """How often each subject of a question was asked about."""
        return [count for (name, *_), count in self.asked.items() if name == question]


def properties(number: int, **members: Any) -> dict[str, Any]:
    """The properties of the job `job-<number>`."""
    return plan(
        {"owner": OWNER, "name_prefix": f"job-{number}", "declared_as": f"job::{number}", **STATE, **JOB, **members}
    )


def previewed(
    monkeypatch: pytest.MonkeyPatch,
    account: Asked,
    jobs: Sequence[Mapping[str, Any]],
    *,
    id_: Any = UNKNOWN,
    secret_paths: Sequence[str] = (),
    own_role: bool = False,
    look: bool = True,
) -> list[str]:
    """What a preview of jobs says, in an account."""

    def build() -> None:
        for number, declared in enumerate(jobs):
            job = pulumi.ComponentResource("test:test:Job", f"job-{number}")
            vars(job)["secret_paths"] = list(secret_paths)
            known = {name: Output.from_input(value) if value is UNKNOWN else value for name, value in declared.items()}
            preflight.announce_job(job, Output.from_input(id_), known, own_role=own_role, look=look)

    monkeypatch.setattr(readers, "AwsAccountReader", account.connect)
    pulumi.runtime.set_all_config({})
    return graph(build, preview=True).logged


def starts(declared: Mapping[str, Any]) -> str:
    """The line of a job that starts."""
    return f"starts {declared['training_job_name']}: 1 x ml.m5.large, at most 24 h"


def exists(account: Account, declared: Mapping[str, Any], owner: str = OTHERS) -> str:
    """The name of a job that a stack has started for a declaration."""
    bag = {**declared, "owner": owner, "state_identity": f"{owner}@file:///states"}
    return start_or_adopt(account.jobs, Properties(bag), {}, Sentences()).job.name


def test_each_job_that_starts_is_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line each, in the order of the program."""
    jobs = [properties(0), properties(1)]

    assert previewed(monkeypatch, Asked(), jobs) == [starts(each) for each in jobs]


def test_they_are_announced_in_that_order_whichever_look_takes_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    """The look for the first job ends after that for the last."""
    jobs = [properties(0), properties(1), properties(2)]
    last_looked, first = Event(), jobs[0]["training_job_name"]

    class Slow(Asked):
        def describe(self, name: str) -> ExistingJob | None:
            if name == first:
                assert last_looked.wait(60)
            elif name == jobs[-1]["training_job_name"]:
                last_looked.set()
            return super().describe(name)

    assert previewed(monkeypatch, Slow(), jobs) == [starts(each) for each in jobs]


def test_of_many_jobs_only_those_that_exist_are_described(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which they are is asked once in each place."""
    account, jobs = Asked(), [properties(number) for number in range(2 * ONE_BY_ONE + 5)]
    taken = exists(account, jobs[3])
    jobs[-1] = properties(len(jobs), region="eu-west-2")

    said = previewed(monkeypatch, account, jobs)
    assert (account.calls("in_use"), account.calls("describe")) == ([1], [1, 1])
    assert said[3].startswith(f"job {taken} of {OTHERS} already has this configuration")
    assert {starts(each) for each in jobs} - {*said} == {starts(jobs[3])}


@pytest.mark.parametrize(
    "answer", [ServiceError("Search", "the names", "AccessDeniedException", "not authorized to Search"), TimeoutError()]
)
def test_where_search_does_not_answer_each_of_many_jobs_is_described(
    monkeypatch: pytest.MonkeyPatch, answer: Exception
) -> None:
    """With the same result."""

    def refused() -> Any:
        raise answer

    account, jobs = Asked(answers={"in_use": refused}), [properties(number) for number in range(ONE_BY_ONE + 1)]
    assert previewed(monkeypatch, account, jobs) == [starts(each) for each in jobs]
    assert account.calls("describe") == [1] * len(jobs)


def test_jobs_that_start_over_minutes_are_announced_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """So nobody takes the time for a fault. Those that exist take none."""
    monkeypatch.setattr(announcement, "CREATES_A_SECOND", 2 / 120)
    account, jobs = Asked(), [properties(0), properties(1), properties(2)]
    exists(account, jobs[2])

    span = "preflight: 2 jobs start over about {}: an account starts about one a second in a Region"
    assert span.format("2 min") in previewed(monkeypatch, account, jobs)
    jobs[1] = properties(1, region="eu-west-2")
    assert span.format("1 min") in previewed(monkeypatch, account, jobs)


def test_a_job_that_stays_is_neither_announced_nor_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its id is known: it is unchanged, or is changed in place."""
    account = Asked()

    assert previewed(monkeypatch, account, [properties(0)], id_="job-0-fee2") == []
    assert not account.asked


def test_a_job_of_another_stack_is_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing starts, so nothing else is looked at; nor is the stack's own job, of which the provider tells."""
    account, declared = Asked(objects=False), properties(0)
    name = exists(account, declared)
    ours = Asked(objects=False)
    exists(ours, declared, OWNER)

    (sentence,) = previewed(monkeypatch, account, [declared])
    fits = f"job {name} of {OTHERS} already has this configuration (status InProgress)"
    assert sentence == f"{fits}: it is adopted, this stack never stops or deletes it, and no job starts"
    assert previewed(monkeypatch, ours, [declared]) == []
    assert {question for question, *_ in {**account.asked, **ours.asked}} == {"describe", "tags"}


def test_a_job_whose_contents_are_compared_in_the_update_is_adopted_with_a_proviso(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A preview does not list the objects of a job that it does not have yet."""
    account, declared = Asked(), properties(0, retrain_on_new_data=True)
    exists(account, declared)

    (sentence,) = previewed(monkeypatch, account, [declared])
    assert sentence.endswith("and no job starts, unless its data or its image was another")


def test_a_failed_job_of_another_stack_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next name is free."""
    account, declared = Asked(), properties(0)
    account.jobs.becomes(exists(account, declared), "Failed")

    assert previewed(monkeypatch, account, [declared]) == [
        starts({"training_job_name": f"{declared['training_job_name']}-2"})
    ]


def test_a_name_given_by_hand_that_another_job_has_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the differences; where the job fits it is adopted."""
    account = Asked()
    by_hand = {"name_prefix": None, "training_job_name": "mine"}
    exists(account, properties(0, **by_hand))

    (sentence,) = previewed(monkeypatch, account, [properties(0, **by_hand, hyper_parameters={"depth": "5"})])
    assert "training_job_name 'mine' is taken" in sentence
    assert "hyper_parameters.depth: declared 5, existing nothing" in sentence
    (sentence,) = previewed(monkeypatch, account, [properties(0, **by_hand)])
    assert "it is adopted" in sentence


@pytest.mark.parametrize("case", ["file systems", "private registry"])
def test_jobs_whose_network_is_not_known_yet_are_announced_too(monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    """A file system and a private registry require one, and this update may make it."""
    declared = properties(0, **CASES[case].members)
    adopted, taken = Asked(), Asked()
    exists(adopted, declared)
    by_hand = properties(0, **{**CASES[case].members, "name_prefix": None, "training_job_name": "mine"})
    exists(taken, {**by_hand, "hyper_parameters": {"depth": "5"}})
    unknown = {"vpc_config": UNKNOWN, "role_arn": UNKNOWN}

    (sentence,) = previewed(monkeypatch, adopted, [{**declared, **unknown}])
    assert "it is adopted, " in sentence
    (sentence,) = previewed(monkeypatch, taken, [{**by_hand, **unknown}])
    assert "training_job_name 'mine' is taken" in sentence


def test_a_name_that_is_not_known_yet_is_not_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest is announced and looked at."""
    account = Asked(images=False)
    declared = {**properties(0), **dict.fromkeys(("hyper_parameters", "training_job_name", "fingerprint"), UNKNOWN)}

    assert previewed(monkeypatch, account, [declared]) == [
        "starts a job whose name is not known yet: 1 x ml.m5.large, at most 24 h",
        f"image {IMAGE} is not in its repository",
    ]


def test_without_a_look_it_is_said_that_the_job_may_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    """`preflight=False` asks AWS nothing."""
    account, declared = Asked(), properties(0)

    assert previewed(monkeypatch, account, [declared], look=False) == [
        f"{starts(declared)} (unless that job exists already)"
    ]
    assert not account.asked


def test_a_finding_of_many_jobs_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """On the row of the first one, with the names of the others."""
    account = Asked(objects=False, images=False, quota={}, trust=None)
    jobs = [properties(number) for number in range(13)]
    others = " (also for job-1, job-2, job-3, job-4, job-5, 7 more)"

    said = previewed(monkeypatch, account, jobs)

    assert sorted(said[len(jobs) :]) == [
        f"image {IMAGE} is not in its repository{others}",
        f"ml.m5.large is not offered for training in eu-west-1: Service Quotas has no {QUOTA!r}{others}",
        f"no object is at s3://data/train/: the job fails unless this update or somebody else puts one there{others}",
        f"role arn:aws:iam::123456789012:role/trainer does not exist: check its name and its path{others}",
    ]


def test_what_a_role_lacks_for_several_jobs_is_one_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the resources of all of them, and one question to IAM."""
    account = Asked(policy='{"Statement": []}')

    said = previewed(monkeypatch, account, [properties(0), properties(1)])

    (logs,) = [each for each in said if "logs:CreateLogStream" in each]
    names = [properties(number)["training_job_name"] for number in (0, 1)]
    assert all(f"log-stream:{name}/*" in logs for name in names)
    assert logs.endswith("which the job needs (also for job-1)")
    assert account.calls("denied") == [1]


def test_a_role_of_this_stack_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may change in the same update: one given as a resource, and one whose ARN is an output of a resource."""

    class Role(pulumi.CustomResource):
        arn: Output[str]

        def __init__(self) -> None:
            super().__init__("aws:iam/role:Role", "role", {"arn": JOB_ROLE})

    account = Asked(trust=None, policy='{"Statement": []}')
    said = previewed(monkeypatch, account, [properties(0)], own_role=True)

    def build() -> None:
        job = pulumi.ComponentResource("test:test:Job", "job-0")
        declared, unknown = {**properties(0), "role_arn": Role().arn}, cast("Output[str]", Output.from_input(UNKNOWN))
        preflight.announce_job(job, unknown, declared, own_role=False)

    assert said == graph(build, preview=True).logged == [starts(properties(0))]
    assert account.calls("trust_policy") == account.calls("denied") == []


def test_a_secret_in_a_channel_is_in_no_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor in what AWS says of it."""
    path = "input_data_config.data_source.s3_data_source.s3_uri"

    def refuse() -> Any:
        raise ServiceError("ListObjectsV2", "bucket data", "AccessDenied", "not authorized for s3://data/train/")

    jobs = [properties(0)]
    found = previewed(monkeypatch, Asked(objects=False), jobs, secret_paths=[path])
    refused = previewed(monkeypatch, Asked(answers={"holds_objects": refuse}), jobs, secret_paths=[path])

    assert any(each.startswith(f"no object is at {MASK}: the job fails") for each in found)
    assert any(f"not authorized for {MASK}" in each for each in refused)
    assert "s3://data/train" not in "".join([*found, *refused])


@pytest.mark.parametrize(
    "refusal",
    [
        ServiceError("GetCallerIdentity", "the stack", "ForbiddenAccount", "aws:forbiddenAccountIds has 1"),
        ServiceError("GetRole", "role 'trainer'", "InvalidClientTokenId", "The security token is invalid"),
        ServiceError("AssumeRole", "arn:aws:iam::1:role/deploy", "AccessDenied", "not authorized"),
    ],
)
def test_a_cause_that_all_looks_have_in_common_is_said_once(
    monkeypatch: pytest.MonkeyPatch, refusal: ServiceError
) -> None:
    """Not once for each job or check, and nothing else is asked."""

    def refuse() -> Any:
        raise refusal

    jobs = [properties(0), properties(1)]
    account = Asked(answers={"describe": refuse})

    assert sorted(previewed(monkeypatch, account, jobs)) == [
        f"preflight: cannot look: {refusal}",
        *(f"{starts(each)} (unless that job exists already)" for each in jobs),
    ]
    assert {question for question, *_ in account.asked} == {"describe"}


def test_what_one_check_may_not_look_at_is_said_with_the_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The others go on."""

    def refuse() -> Any:
        raise ServiceError("ListServiceQuotas", "SageMaker", "AccessDeniedException", "no")

    said = previewed(monkeypatch, Asked(images=False, answers={"quotas": refuse}), [properties(0), properties(1)])

    (quotas,) = [each for each in said if each.startswith("preflight: ")]
    assert quotas.startswith("preflight: quotas cannot be looked at for job-0, job-1: ListServiceQuotas")
    assert any("is not in its repository" in each for each in said)


def test_jobs_that_were_not_examined_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where AWS does not answer in time."""

    async def no_answer(self: object, kind: tuple[Any, str], find: Callable[[], Any]) -> Any:
        if kind[1] == "existing jobs":
            raise TimeoutError
        return await original(self, kind, find)  # pyright: ignore[reportArgumentType]

    original = looks.Looks.look
    monkeypatch.setattr(looks.Looks, "look", no_answer)
    jobs = [properties(0), properties(1)]

    assert sorted(previewed(monkeypatch, Asked(), jobs)) == [
        "preflight: whether the job exists cannot be looked at for job-0, job-1: no answer in 30 seconds",
        *(f"{starts(each)} (unless that job exists already)" for each in jobs),
    ]


def test_every_run_of_a_program_says_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several may be in one process."""
    once = previewed(monkeypatch, Asked(images=False), [properties(0)])
    again = previewed(monkeypatch, Asked(images=False), [properties(0)])

    assert once == again
    assert len(once) == 2


@pytest.mark.parametrize("requests", [[real_requests()]])
def test_a_preview_of_78_real_requests_announces_everything(
    monkeypatch: pytest.MonkeyPatch, requests: list[list[Any]]
) -> None:
    """Every adoption and name conflict, with one call at most for each role, image, prefix and bucket."""
    (parameters,) = requests
    if parameters[0].marks:
        pytest.skip(parameters[0].marks[0].kwargs["reason"])
    account = Asked()
    jobs: list[dict[str, Any]] = []
    expected: Counter[str] = Counter()
    for number in range(78):
        members = TrainingJobSpec.from_request(parameters[number % len(parameters)].values[0]).to_members()
        if "serverless_job_config" not in members:
            members["hyper_parameters"] = {**members.get("hyper_parameters", {}), "number": str(number)}
        what = ("adopted", "taken", "starts")[number % 3]
        name = f"name-{number}" if what == "taken" else None
        named = {"training_job_name": name, "name_prefix": None if name else f"job-{number}"}
        declared = plan({"owner": OWNER, "declared_as": f"job::{number}", **members, **named})
        jobs.append(declared)
        expected[what] += 1
        if what == "adopted":
            exists(account, declared)
        elif what == "taken":
            exists(account, {**declared, "output_data_config": {"s3_output_path": "s3://elsewhere/models"}})

    said = previewed(monkeypatch, account, jobs)

    found = {"adopted": "it is adopted", "taken": "is taken by a job that cannot be reused", "starts": "starts "}
    assert {what: sum(text in each for each in said) for what, text in found.items()} == expected
    starting = jobs[2::3]
    prefixes = set(values_at(starting, "input_data_config.data_source.s3_data_source.s3_uri"))
    for question, subjects in {
        "denied": {each["role_arn"] for each in starting},
        "trust_policy": {each["role_arn"] for each in starting},
        "has_image": set(values_at(starting, "algorithm_specification.training_image")),
        "holds_objects": prefixes,
        "quotas": {""},
    }.items():
        calls = account.calls(question)
        assert calls, question
        assert max(calls) == 1, question
        assert len(calls) <= len(subjects), question
    assert max(account.calls("bucket_region")) == max(account.calls("describe")) == 1
