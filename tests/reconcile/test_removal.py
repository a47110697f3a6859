"""What becomes of a job when its resource goes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from sagemaker_constructs.api.tag_keys import CLAIM_TAG, RETAIN_TAG, STATE_TAG
from sagemaker_constructs.aws.errors import ReconcileError, ServiceError
from sagemaker_constructs.reconcile import removal
from sagemaker_constructs.reconcile.bag import Properties
from sagemaker_constructs.reconcile.job_tags import claim_tag, claims, own_share_tags
from sagemaker_constructs.reconcile.planning import recorded
from sagemaker_constructs.reconcile.presence import LOOKS, stop_command
from sagemaker_constructs.reconcile.removal import remove
from sagemaker_constructs.reconcile.starting import start_or_adopt
from sagemaker_constructs.testing import FakeTrainingJobs
from tests.samples import OWNER, REGION, Sentences, checked

if TYPE_CHECKING:
    from collections.abc import Iterable

NETWORK: dict[str, Any] = {"vpc_config": {"security_group_ids": ["sg-1"], "subnets": ["subnet-1"]}}

NAME = checked()["training_job_name"]


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> FakeTrainingJobs:
    """Jobs that are looked at without a pause."""
    monkeypatch.setattr(removal, "PAUSE", 0)
    return FakeTrainingJobs()


@pytest.fixture
def said() -> Sentences:
    """What the user is told."""
    return Sentences()


def resource(jobs: FakeTrainingJobs, **others: Any) -> Properties:
    """A resource of the small job, as the state has it."""
    declared = Properties(checked(**others))
    run = start_or_adopt(jobs, declared, {}, Sentences())
    jobs.calls.clear()
    return Properties(recorded(declared, run.job, adopted=run.adopted, claim=run.claim, contents={}))


def test_stop_stops_a_running_job_and_keeps_its_record(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """This is what happens by default."""
    remove(jobs, NAME, resource(jobs), said)
    assert jobs.named("stop") == [(NAME,)]
    assert jobs.named("delete") == []
    assert list(jobs.jobs) == [NAME]


@pytest.mark.parametrize("on_delete", ["stop", "delete"])
def test_a_stop_that_did_not_arrive_is_noticed(
    said: Sentences, monkeypatch: pytest.MonkeyPatch, on_delete: str
) -> None:
    """Its answer has no members, so that anybody may have sent it."""
    monkeypatch.setattr(removal, "PAUSE", 0)

    class Deaf(FakeTrainingJobs):
        hears = False

        def stop(self, name: str) -> None:
            if self.hears:
                super().stop(name)
            self.hears = on_delete == "delete"

    jobs = Deaf()
    bag = resource(jobs, on_delete=on_delete)
    if on_delete == "delete":  # it is told again
        remove(jobs, NAME, bag, said)
        assert jobs.jobs == {}
    else:
        with pytest.raises(ReconcileError, match="still InProgress: run the command again, or aws sagemaker stop-"):
            remove(jobs, NAME, bag, said)


@pytest.mark.parametrize("status", ["Completed", "Failed", "Stopped", "Stopping", "Deleting"])
def test_a_job_that_does_not_run_is_not_stopped(jobs: FakeTrainingJobs, said: Sentences, status: str) -> None:
    """Stopping is on its way already."""
    bag = resource(jobs)
    jobs.becomes(NAME, status)
    remove(jobs, NAME, bag, said)
    assert jobs.named("stop") == []


def test_delete_stops_waits_and_deletes_the_record(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """DeleteTrainingJob refuses a job that has not ended."""
    remove(jobs, NAME, resource(jobs, on_delete="delete"), said)
    assert [method for method, *_ in jobs.calls if method in ("stop", "delete")] == ["stop", "delete"]
    assert jobs.jobs == {}
    assert f"job {NAME} is Stopping" in said


def test_delete_ends_a_warm_pool_first(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """DeleteTrainingJob refuses a job that has one."""
    bag = resource(jobs, on_delete="delete")
    jobs.becomes(NAME, "Completed", warm_pool_status="Available")
    remove(jobs, NAME, bag, said)
    assert jobs.named("update") == [(NAME, {"ResourceConfig": {"KeepAlivePeriodInSeconds": 0}})]
    assert jobs.jobs == {}


def test_retain_leaves_the_job_as_it_is(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """Only the tag goes that says that a resource has it; the stack may have it again."""
    recorded = resource(jobs, on_delete="retain", **NETWORK)
    before = dict(jobs.tagged[NAME])
    remove(jobs, NAME, recorded, said)
    assert jobs.jobs[NAME].status == "InProgress"
    assert jobs.tagged[NAME] == {key: value for key, value in before.items() if not key.startswith(CLAIM_TAG)}
    assert before[RETAIN_TAG] == "retain"
    assert not resource(jobs, on_delete="retain").adopted


def test_retain_ends_where_the_job_cannot_be_reached(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """Nothing has to be done in AWS."""
    recorded = resource(jobs, on_delete="retain")
    jobs.fail("describe", "AccessDeniedException", "no")
    remove(jobs, NAME, recorded, said)
    assert "keeps the tag that says that this stack has it" in said[0]


def test_a_job_is_free_for_the_next_stack_of_its_name_when_its_resource_has_gone(
    jobs: FakeTrainingJobs, said: Sentences
) -> None:
    """Its state has gone, too, and with it the identity; while a resource has it, it is adopted."""
    recorded = resource(jobs)
    other = {"state_identity": "another state@file:///elsewhere"}
    assert resource(jobs, **other).adopted
    jobs.tagged[NAME].pop(next(iter(own_share_tags(OWNER, "another state") & jobs.tagged[NAME].keys())))
    remove(jobs, NAME, recorded, said)
    assert claims(jobs.tagged[NAME]) == []
    jobs.becomes(NAME, "Completed")
    assert not resource(jobs, **other).adopted
    assert jobs.tagged[NAME][STATE_TAG] == "another state"


@pytest.mark.parametrize("on_delete", ["stop", "delete"])
def test_a_job_that_another_state_has_taken_over_is_left(
    jobs: FakeTrainingJobs, said: Sentences, on_delete: str
) -> None:
    """It runs on, and the user is told how to stop it."""
    recorded = resource(jobs, on_delete=on_delete)
    jobs.tagged[NAME][STATE_TAG] = "another state"
    remove(jobs, NAME, recorded, said)
    assert jobs.jobs[NAME].status == "InProgress"
    assert "belongs to another state" in said[0]
    assert stop_command(NAME, REGION) in said[0]


@pytest.mark.parametrize("on_delete", ["stop", "delete"])
def test_another_stacks_job_is_left_as_it_is(jobs: FakeTrainingJobs, said: Sentences, on_delete: str) -> None:
    """Two stacks share a job; the one that adopted it goes, and it stays."""
    resource(jobs, owner="organization/project/other")
    adopted = resource(jobs, on_delete=on_delete, **NETWORK)
    assert adopted.adopted
    remove(jobs, NAME, adopted, said)
    assert {call[0] for call in jobs.calls} <= {"describe", "tags", "delete_tags"}
    assert said == [f"job {NAME} is of another owner and is not stopped or deleted"]


@pytest.mark.parametrize("on_delete", ["stop", "delete"])
def test_a_job_that_another_stack_adopted_is_left_to_it(
    jobs: FakeTrainingJobs, said: Sentences, on_delete: str
) -> None:
    """The owner goes first, and it stays; once the adopter has gone too, the owner ends it."""
    owned = resource(jobs, owner="organization/project/other", on_delete=on_delete)
    adopted = resource(jobs)
    remove(jobs, NAME, owned, said)
    assert jobs.jobs[NAME].status == "InProgress"
    left = f"job {NAME} is also used by organization/project/stack and is not stopped or deleted"
    end = stop_command(NAME, REGION)
    assert said == [f"{left}; it keeps running, and no stack will stop it. To stop it: {end}"]
    remove(jobs, NAME, adopted, said)
    jobs.calls.clear()
    remove(jobs, NAME, owned, said)
    assert "stop" in {call[0] for call in jobs.calls}


def test_who_may_not_untag_a_job_of_others_leaves_it_all_the_same(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """The resource goes, and it is said what that means for the job's own stack."""
    resource(jobs, owner="organization/project/other")
    adopted = resource(jobs)
    jobs.fail("delete_tags", "AccessDeniedException", "no")
    remove(jobs, NAME, adopted, said)
    assert "its own stack will not stop it" in said[-1]
    jobs.fail("delete_tags", "ThrottlingException", "no")
    with pytest.raises(ServiceError):
        remove(jobs, NAME, adopted, said)


@pytest.mark.parametrize("on_delete", ["stop", "delete"])
def test_a_job_that_its_replacement_took_over_is_left_as_it_is(
    jobs: FakeTrainingJobs, said: Sentences, on_delete: str
) -> None:
    """The engine creates before it deletes: the old resource must not stop what the new one has adopted or started.

    So after `--replace`, after on_missing='retrain' where the free name is used again, and after a kill in between.
    """
    old = resource(jobs, on_delete=on_delete)
    new = resource(jobs, on_delete=on_delete)
    remove(jobs, NAME, old, said)
    assert jobs.jobs[NAME].status == "InProgress"
    assert said == [f"job {NAME} is kept for the resource that replaces this one"]
    remove(jobs, NAME, new, said)
    assert len(jobs.named("stop")) == 1


def test_a_job_that_two_resources_of_the_stack_have_goes_with_the_last(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """In whichever order they go."""
    for first, last in ((0, 1), (1, 0)):
        jobs.jobs.clear()
        both = [resource(jobs, declared_as=name) for name in ("job::1", "job::2")]
        remove(jobs, NAME, both[first], said)
        assert jobs.jobs[NAME].status == "InProgress"
        assert said[-1] == f"job {NAME} is also used by another resource of this stack and is not stopped or deleted"
        assert claims(jobs.tagged[NAME]) == [both[last].claim]
        remove(jobs, NAME, both[last], said)
        assert jobs.named("stop") == [(NAME,)]
        jobs.calls.clear()


def test_of_two_resources_that_go_at_the_same_time_one_stops_the_job(said: Sentences) -> None:
    """Each has read the claim of the other before either withdraws its own."""
    gone: list[Properties] = []

    class Racing(FakeTrainingJobs):
        def delete_tags(self, arn: str, keys: Iterable[str]) -> None:
            if gone:
                remove(self, NAME, gone.pop(), said)
            super().delete_tags(arn, keys)

    jobs = Racing()
    first, second = (resource(jobs, declared_as=name) for name in ("job::1", "job::2"))
    gone.append(second)
    remove(jobs, NAME, first, said)
    assert jobs.named("stop") == [(NAME,)]


def test_a_job_without_a_claim_is_still_ours(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """Somebody may have removed the tag."""
    bag = resource(jobs)
    for key in claim_tag(str(bag.claim)):
        del jobs.tagged[NAME][key]
    remove(jobs, NAME, bag, said)
    assert len(jobs.named("stop")) == 1


@pytest.mark.parametrize("on_delete", ["stop", "delete"])
def test_a_job_that_is_gone_is_no_error(jobs: FakeTrainingJobs, said: Sentences, on_delete: str) -> None:
    """Nothing is stopped or deleted."""
    bag = resource(jobs, on_delete=on_delete)
    jobs.jobs.clear()
    remove(jobs, NAME, bag, said)
    assert {method for method, *_ in jobs.calls} == {"describe", "account"}


@pytest.mark.parametrize("on_delete", ["stop", "delete"])
def test_a_job_that_is_not_found_yet_is_stopped(said: Sentences, on_delete: str) -> None:
    """Created a moment ago, it is in Describe a moment later."""
    jobs = FakeTrainingJobs()
    jobs.lag = LOOKS - 1
    bag = resource(jobs, on_delete=on_delete)
    remove(jobs, NAME, bag, said)
    assert jobs.named("stop") == [(NAME,)]


def test_a_job_of_an_hour_ago_that_is_not_found_is_not_looked_for_again(
    jobs: FakeTrainingJobs, said: Sentences, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was deleted elsewhere."""
    bag = resource(jobs)
    jobs.jobs.clear()
    an_hour_later = time.time() + 3600
    monkeypatch.setattr(time, "time", lambda: an_hour_later)
    remove(jobs, NAME, bag, said)
    assert jobs.named("describe") == [(NAME,)]


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("on_delete", ["stop", "delete"])
def test_a_job_of_another_account_is_not_gone(said: Sentences, on_delete: str, there: bool) -> None:
    """Neither where that account has no such job, nor where it has one of that name: this one is nobody's to stop."""
    bag = resource(FakeTrainingJobs(), on_delete=on_delete)
    other = FakeTrainingJobs("arn:aws:sagemaker:eu-west-1:999999999999:training-job/")
    if there:
        resource(other)
    with pytest.raises(ReconcileError, match=f"job {NAME} is in account 123456789012, and .* of account 999999999999"):
        remove(other, NAME, bag, said)
    assert other.named("stop") == other.named("delete") == []
    assert other.named("describe") == [(NAME,)]  # nobody waits for it there


def test_the_account_is_not_asked_for_where_the_job_is_found(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """Its ARN has it."""
    remove(jobs, NAME, resource(jobs), said)
    assert jobs.named("account") == []


@pytest.mark.parametrize("on_delete", ["stop", "delete"])
@pytest.mark.parametrize(
    "lost", [["claim"], ["claim", "declared_as"], ["region"], ["fingerprint", "contents"], ["arn"]]
)
def test_the_job_of_a_damaged_state_is_stopped(
    jobs: FakeTrainingJobs, said: Sentences, lost: list[str], on_delete: str
) -> None:
    """It is still this resource's."""
    bag = resource(jobs, on_delete=on_delete)
    remove(jobs, NAME, Properties({name: value for name, value in bag.bag.items() if name not in lost}), said)
    assert jobs.named("stop") == [(NAME,)]


def test_a_damaged_state_leaves_a_job_that_another_resource_has(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """Its own claim is the one of its type and name."""
    bag = resource(jobs)
    resource(jobs, declared_as="job::2")
    remove(jobs, NAME, Properties({**bag.bag, "claim": ""}), said)
    assert jobs.named("stop") == []
    assert said[-1] == f"job {NAME} is also used by another resource of this stack and is not stopped or deleted"


def test_a_job_that_is_not_found_where_a_damaged_state_has_no_address_is_named(
    jobs: FakeTrainingJobs, said: Sentences
) -> None:
    """It may run in another Region or account."""
    bag = resource(jobs)
    jobs.jobs.clear()
    without = {name: value for name, value in bag.bag.items() if name not in ("arn", "region")}
    remove(jobs, NAME, Properties(without), said)
    (sentence,) = said
    assert sentence.startswith(f"job {NAME} is not found, and the state does not record its ARN")
    assert sentence.endswith(f"aws sagemaker stop-training-job --training-job-name {NAME} --region <region>")


@pytest.mark.parametrize("on_delete", ["stop", "delete"])
def test_network_interfaces_are_waited_for(jobs: FakeTrainingJobs, said: Sentences, on_delete: str) -> None:
    """So that the network can be destroyed next."""
    bag = resource(jobs, on_delete=on_delete, **NETWORK)
    jobs.interfaces[NAME] = ["eni-1", "eni-2"]
    remove(jobs, NAME, bag, said)
    assert jobs.named("network_interfaces") == [(["subnet-1"], NAME)] * 2
    assert f"job {NAME} still holds eni-1, eni-2" in said


def test_network_interfaces_are_waited_for_where_the_record_is_gone(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """As when the engine was killed between the two."""
    bag = resource(jobs, on_delete="delete", **NETWORK)
    jobs.jobs.clear()
    jobs.interfaces[NAME] = ["eni-1"]
    remove(jobs, NAME, bag, said)
    assert len(jobs.named("network_interfaces")) == 2


def test_network_interfaces_are_looked_for_where_the_job_runs(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """A network declared since then is for the next run."""
    bag = resource(jobs, **NETWORK)
    moved: dict[str, Any] = {"vpc_config": {"security_group_ids": ["sg-1"], "subnets": ["subnet-2"]}}
    remove(jobs, NAME, Properties({**bag.bag, **moved}), said)
    assert jobs.named("network_interfaces") == [(["subnet-1"], NAME)]


def test_a_job_without_a_network_holds_no_interfaces(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """Nobody asks EC2."""
    remove(jobs, NAME, resource(jobs), said)
    assert jobs.named("network_interfaces") == []


@pytest.mark.parametrize("on_delete", ["stop", "delete"])
def test_patience_ends_with_a_sentence(
    jobs: FakeTrainingJobs, said: Sentences, monkeypatch: pytest.MonkeyPatch, on_delete: str
) -> None:
    """What was waited for, for how long, and what to do."""
    monkeypatch.setattr(removal, "PATIENCE", -1)
    bag = resource(jobs, on_delete=on_delete, **NETWORK)
    jobs.interfaces[NAME] = ["eni-1"]
    expected = "still holds eni-1" if on_delete == "stop" else "is Stopping"
    with pytest.raises(ReconcileError, match=rf"{expected} after .* minutes; run the command again later"):
        remove(jobs, NAME, bag, said)
