"""Whose a job is: of a state, not of a name; and what becomes of a copy of a state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sagemaker_constructs import provider_steps
from sagemaker_constructs.api.tag_keys import CLAIM_TAG, CROWD_TAG, OWNER_TAG, RETAIN_TAG, STATE_TAG
from sagemaker_constructs.aws.errors import ReconcileError
from sagemaker_constructs.providers import StateIdentityProvider
from sagemaker_constructs.reconcile import identity
from sagemaker_constructs.reconcile.access import Access
from sagemaker_constructs.reconcile.bag import Properties
from sagemaker_constructs.reconcile.identity import Identity
from sagemaker_constructs.reconcile.job_tags import claims, sharers
from sagemaker_constructs.reconcile.observing import observed
from sagemaker_constructs.reconcile.planning import recorded, request
from sagemaker_constructs.reconcile.presence import LOOKS, stop_command
from sagemaker_constructs.reconcile.removal import remove
from sagemaker_constructs.reconcile.starting import start_or_adopt
from sagemaker_constructs.reconcile.unrecorded import end_unrecorded
from sagemaker_constructs.testing import FakeTrainingJobs
from tests.samples import OWNER, REGION, Sentences, checked

if TYPE_CHECKING:
    from sagemaker_constructs.aws.answers import ExistingJob
    from sagemaker_constructs.reconcile.taking import Run

NAME = checked()["training_job_name"]
SAME_NAME = {"state_identity": "another state@file:///other"}
"""A stack of the same organization, project and name, in another backend."""


@pytest.fixture
def jobs() -> FakeTrainingJobs:
    """No jobs yet."""
    return FakeTrainingJobs()


@pytest.fixture
def said() -> Sentences:
    """What the user is told."""
    return Sentences()


def create(jobs: FakeTrainingJobs, **others: Any) -> Run:
    """What `create` does for the small job."""
    return start_or_adopt(jobs, Properties(checked(**others)), {}, Sentences())


@pytest.mark.parametrize("status", ["InProgress", "Completed"])
def test_a_stack_of_the_same_name_in_another_backend_adopts(status: str) -> None:
    """It takes nothing: neither the claim nor the tag of the state."""
    jobs = FakeTrainingJobs()
    create(jobs)
    jobs.becomes(NAME, status)
    before = dict(jobs.tagged[NAME])
    assert create(jobs, **SAME_NAME).adopted
    assert before.items() <= jobs.tagged[NAME].items()
    assert sharers(jobs.tagged[NAME]) == [OWNER]


def test_the_job_of_an_update_that_was_killed_is_taken_up() -> None:
    """No resource has recorded it, but it has the tag of the state."""
    jobs = FakeTrainingJobs()
    create(jobs)
    again = create(jobs)
    assert not again.adopted
    assert claims(jobs.tagged[NAME]) == [again.claim]


def test_a_renamed_stack_keeps_the_jobs_that_it_had_before() -> None:
    """The state is the same."""
    jobs = FakeTrainingJobs()
    create(jobs)
    renamed = {"owner": "organization/project/renamed", "state_identity": checked()["state_identity"]}
    assert not create(jobs, **renamed).adopted
    assert jobs.tagged[NAME][OWNER_TAG] == "organization/project/renamed"


@pytest.mark.parametrize(("status", "adopted"), [("InProgress", True), ("Completed", False)])
def test_of_the_jobs_of_an_earlier_version_only_those_that_ended_are_taken_up(status: str, adopted: bool) -> None:
    """They have claims for ever, and no tag of a state; one that runs may be another state's."""
    jobs = FakeTrainingJobs()
    create(jobs)
    del jobs.tagged[NAME][STATE_TAG]
    jobs.becomes(NAME, status)
    assert create(jobs).adopted is adopted


def test_a_job_is_adopted_by_any_number_of_stacks() -> None:
    """AWS takes fifty tags; beyond those that are named, one stands for all, and the job is never stopped."""
    jobs = FakeTrainingJobs()
    create(jobs)
    for number in range(80):
        assert create(jobs, owner=f"organization/project/stack-{number}").adopted
    assert len(jobs.tagged[NAME]) < 50
    assert CROWD_TAG in jobs.tagged[NAME]


def test_a_job_is_shared_by_any_number_of_resources_of_a_stack() -> None:
    """Those beyond the named ones have it without a claim."""
    jobs = FakeTrainingJobs()
    runs = [create(jobs, declared_as=f"TrainingJob::model-{number}") for number in range(80)]
    assert len(jobs.tagged[NAME]) < 50
    assert {run.job.name for run in runs} == {NAME}
    assert (runs[0].adopted, runs[-1].adopted, runs[-1].claim) == (False, True, None)


ELSEWHERE = "s3://team/states"
HERE = "file:///home/me/states"
OF_STATE = {"identity": f"1234@{ELSEWHERE}", "backend": ELSEWHERE}


@pytest.mark.parametrize("backend", [ELSEWHERE, "", "=shared"])
def test_a_state_is_used_where_it_was_written(backend: str) -> None:
    """Or where nobody knows better, or under a name that the user has given."""
    assert not identity.is_taken_over(OF_STATE, {"backend": backend})


def test_a_state_with_a_named_backend_is_used_anywhere() -> None:
    """The user has said that its addresses are one backend."""
    assert not identity.is_taken_over({"identity": "1234@=shared"}, {"backend": HERE})


def test_a_copy_of_a_state_is_refused() -> None:
    """With both backends, and the two commands of which one is right."""
    with pytest.raises(ReconcileError) as caught:
        identity.is_taken_over(OF_STATE, {"backend": HERE})
    assert f"written in {ELSEWHERE} and is used in {HERE} now" in str(caught.value)
    assert "pulumi config set sagemaker-constructs:takeOver 1234" in str(caught.value)
    assert "pulumi config set sagemaker-constructs:backend" in str(caught.value)


def test_a_moved_state_gets_a_new_identity() -> None:
    """So that the one that it was moved from owns nothing any more, should it be used again."""
    declared = {"backend": HERE, "take_over": "1234"}
    assert identity.is_taken_over(OF_STATE, declared)
    moved = Identity.parse(identity.recorded(declared, None)["identity"])
    assert moved.backend == HERE
    assert moved.state != "1234"
    with pytest.raises(ReconcileError):
        identity.is_taken_over({"identity": moved.text}, {"backend": ELSEWHERE, "take_over": "1234"})


def test_a_take_over_of_another_state_is_told() -> None:
    """So that a slip is seen."""
    with pytest.raises(ReconcileError, match="takeOver is 5678, which this state is not"):
        identity.is_taken_over(OF_STATE, {"backend": HERE, "take_over": "5678"})


def test_a_lost_state_is_taken_up(jobs: FakeTrainingJobs) -> None:
    """By a new one with its identity, which the tags of its jobs have: a job that runs is its own."""
    create(jobs)
    identities = jobs.provider(StateIdentityProvider)
    lost = jobs.tagged[NAME][STATE_TAG]
    made = identities.create(identities.check({}, {"take_over": lost}).inputs).outs
    fresh = identities.create(identities.check({}, {}).inputs).outs
    assert made
    assert fresh
    assert create(jobs, state_identity=fresh["identity"]).adopted
    assert not create(jobs, state_identity=made["identity"]).adopted


@pytest.mark.parametrize(("variable", "warned"), [("true", 1), ("1", 1), ("false", 0), ("", 0)])
def test_a_new_identity_that_is_not_recorded_before_the_end_is_warned_of(
    jobs: FakeTrainingJobs, said: Sentences, monkeypatch: pytest.MonkeyPatch, variable: str, warned: int
) -> None:
    """What a killed update has started would be nobody's; an identity that is recorded already stays."""
    monkeypatch.setenv("PULUMI_SKIP_CHECKPOINTS", variable)
    monkeypatch.setattr(provider_steps, "report", said)
    for olds in ({"region": REGION}, {}):
        jobs.provider(StateIdentityProvider).check(olds, {"region": REGION})
    assert ["Make the first `up` of a stack without the variable" in each for each in said] == [True] * warned


@pytest.mark.parametrize(("lost", "stopped"), [("region", [(NAME,)]), ("identity", [])])
def test_a_damaged_identity_can_be_destroyed(
    jobs: FakeTrainingJobs, monkeypatch: pytest.MonkeyPatch, lost: str, stopped: list[tuple[str]]
) -> None:
    """By the stack's own Region; without the identity nothing is known to be its own."""
    monkeypatch.setenv("PULUMI_BACKEND_URL", "file:///states")
    create(jobs)
    props = {"identity": checked()["state_identity"], "region": REGION}
    del props[lost]
    jobs.provider(StateIdentityProvider, region=REGION).delete("state-identity", props)
    assert jobs.named("stop") == stopped


def test_the_last_stack_that_has_a_job_tells_that_it_runs_on(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """Its own stack has gone before, and nobody else will stop it."""
    own, adopted = (
        Properties(recorded(Properties(checked(**other)), run.job, adopted=run.adopted, claim=run.claim, contents={}))
        for other in (dict[str, Any](), SAME_NAME)
        if (run := create(jobs, **other))
    )
    remove(jobs, NAME, own, said)
    assert stop_command(NAME, REGION) in said[-1]
    remove(jobs, NAME, adopted, said)
    assert said[-1].startswith(f"job {NAME} still runs, and no stack has it any more. To stop it: ")
    assert jobs.named("stop") == []


def test_a_job_that_another_state_has_taken_over_is_said_to_be(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """By the preview of the state that had it before."""
    run = create(jobs)
    had = Properties(recorded(Properties(checked()), run.job, adopted=False, claim=run.claim, contents={}))
    jobs.tagged[NAME][STATE_TAG] = "another state"

    def connect(_region: str, _stored: str | None) -> FakeTrainingJobs:
        return jobs

    observed(Access(connect, said), NAME, had, Properties(checked()), said)
    assert said == [f"job {NAME} belongs to another state of a stack now, and this one leaves it alone"]


def test_the_backend_stays_as_it_was_where_it_is_not_known() -> None:
    """Nothing differs then."""
    assert identity.checked({"backend": HERE}, {}, "")["backend"] == HERE
    assert identity.checked({"backend": HERE}, {}, ELSEWHERE)["backend"] == ELSEWHERE
    assert identity.checked({}, {"backend_name": "shared"}, HERE)["backend"] == "=shared"


def test_what_no_resource_has_recorded_is_stopped_with_the_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    """But for what is to be retained, what has ended, and what is another state's in spite of Search."""
    jobs, said = FakeTrainingJobs(), Sentences()
    state = Properties(checked()).state
    names = [create(jobs, hyper_parameters={"depth": str(depth)}).job.name for depth in range(4)]
    jobs.becomes(names[1], "Completed")
    jobs.tagged[names[2]][RETAIN_TAG] = "retain"
    found = jobs.unfinished(state)

    def search(_: str) -> list[ExistingJob]:
        return found

    monkeypatch.setattr(jobs, "unfinished", search)
    jobs.tagged[names[3]][STATE_TAG] = "another state"
    end_unrecorded(jobs, state, REGION, said)
    assert jobs.named("stop") == [(names[0],)]
    assert f"job {names[0]} was started by this stack, but no resource had recorded it" in said[0]
    assert said[1:] == [
        (
            f"job {names[2]} of this stack keeps running because it is to be retained; to stop it: "
            f"{stop_command(names[2], REGION)}"
        )
    ]


def test_what_another_stack_uses_runs_on_when_its_own_goes() -> None:
    """And is named, for no stack will stop it."""
    jobs, said = FakeTrainingJobs(), Sentences()
    create(jobs)
    create(jobs, **SAME_NAME)
    end_unrecorded(jobs, Properties(checked()).state, REGION, said)
    assert jobs.named("stop") == []
    assert said == [f"job {NAME} keeps running because {OWNER} also uses it; to stop it: {stop_command(NAME, REGION)}"]


@pytest.mark.parametrize("lag", [1, LOOKS - 1])
def test_what_is_not_found_at_once_is_stopped_all_the_same(lag: int) -> None:
    """Search was quicker than Describe and ListTags."""
    jobs = FakeTrainingJobs()
    jobs.lag = lag
    jobs.create(request(Properties(checked()), NAME, claim="a:b", contents={}))
    end_unrecorded(jobs, Properties(checked()).state, REGION, Sentences())
    assert jobs.named("stop") == [(NAME,)]


def test_what_is_never_found_is_named() -> None:
    """With the command that stops it."""
    jobs, said = FakeTrainingJobs(), Sentences()
    jobs.lag = LOOKS
    jobs.create(request(Properties(checked()), NAME, claim="a:b", contents={}))
    end_unrecorded(jobs, Properties(checked()).state, REGION, said)
    assert said == [f"job {NAME} of this stack may run, but is not found yet; to stop it: {stop_command(NAME, REGION)}"]


def test_a_stack_goes_although_nobody_may_search() -> None:
    """What is not known is said."""
    jobs, said = FakeTrainingJobs(), Sentences()
    jobs.fail("unfinished", "AccessDeniedException", "no")
    end_unrecorded(jobs, "1234", REGION, said)
    assert "has left a job running is not known" in said[0]


def test_claims_of_earlier_versions_are_read() -> None:
    """Their keys have not changed."""
    assert claims({f"{CLAIM_TAG}1f2e3d4c": "65f00000-abc"}) == ["1f2e3d4c:65f00000-abc"]
