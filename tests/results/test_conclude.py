"""From an ended job to a result, or to the reason why there is none."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi import UNKNOWN

from sagemaker_constructs.api.tag_keys import SETTLED_TAG
from sagemaker_constructs.reconcile.bag import Properties
from sagemaker_constructs.reconcile.job_tags import new_claim
from sagemaker_constructs.results.conclude import (
    NoResultError,
    ResultProperties,
    as_before,
    conclude,
    continues,
    reconsider,
)
from sagemaker_constructs.results.job_name import wrong_name
from sagemaker_constructs.testing import FakeTrainingJobs
from tests.results.result_support import BEGIN, account, described
from tests.samples import OWNER, Sentences

SECRET_TAG = {"Key": "phrase", "Value": "swordfish"}


def properties(**bag: Any) -> ResultProperties:
    """What a result declares."""
    return ResultProperties({"training_job_name": "penguins", "region": "eu-west-1", "owner": OWNER, **bag})


def test_a_completed_job_is_a_result() -> None:
    """One call, and nothing is touched."""
    jobs = account(described(phases=("Training", "Completed")))
    assert conclude(jobs, properties(), Sentences())["ended_by"] == "completed"
    assert jobs.calls == [("describe", "penguins")]


def test_what_the_status_message_of_an_ended_job_adds_is_said_with_its_result() -> None:
    """It stays in the report of the update; the progress line does not."""
    message = "Training job completed. Training was simulated: no such image"
    transitions = [{"Status": "Completed", "StartTime": BEGIN, "StatusMessage": message}]
    jobs = account(described(phases=("Training", "Completed"), SecondaryStatusTransitions=transitions))
    said = Sentences()
    conclude(jobs, properties(), said)
    assert said == [f"job penguins: {message}"]


def test_a_failed_job_fails_with_the_end_of_its_log() -> None:
    """And says that nothing is lost."""
    jobs = account(described(phases=("Training", "Failed"), FailureReason="AlgorithmError: exit code 1"))
    jobs.log("penguins", "loss is nan")
    with pytest.raises(NoResultError, match=r"failed \(algorithm\)[\s\S]*loss is nan[\s\S]*stays in the state"):
        conclude(jobs, properties(), Sentences())


@pytest.mark.parametrize(("instances", "shown"), [(1, "    loss is nan\n"), (2, "    algo-2: loss is nan\n")])
def test_the_last_lines_of_several_instances_say_whose_they_are(instances: int, shown: str) -> None:
    """Those of one need no name."""
    resources = {"InstanceType": "ml.m5.large", "InstanceCount": instances}
    jobs = account(described(phases=("Training", "Failed"), ResourceConfig=resources))
    jobs.log("penguins", "loss is nan", host=f"algo-{instances}")
    with pytest.raises(NoResultError) as caught:
        conclude(jobs, properties(), Sentences())
    assert shown in str(caught.value)


def test_a_failure_is_told_where_the_log_may_not_be_read() -> None:
    """A missing permission hides its lines, not the reason."""
    jobs = account(described(phases=("Training", "Failed"), FailureReason="AlgorithmError: exit code 1"))
    for method in ("last_log_events", "tags"):
        jobs.fail(method, "AccessDeniedException", "no", times=None)
    with pytest.raises(NoResultError, match=r"exit code 1[\s\S]*the log cannot be read"):
        conclude(jobs, properties(), Sentences())


def test_a_secret_of_the_tags_is_masked_where_they_may_be_read() -> None:
    """Describe does not repeat them; without the permission the reason is told all the same."""
    job = described(phases=("Training", "Failed"), FailureReason="AlgorithmError: swordfish", Tags=[SECRET_TAG])
    jobs, declared = account(job), properties(secret_members=["tags.value"])
    with pytest.raises(NoResultError, match="AlgorithmError: ") as caught:
        conclude(jobs, declared, Sentences())
    assert "swordfish" not in str(caught.value)
    jobs.fail("tags", "AccessDeniedException", "no", times=None)
    with pytest.raises(NoResultError, match="AlgorithmError: "):
        conclude(jobs, declared, Sentences())


@pytest.mark.parametrize(
    ("phase", "option"),
    [
        ("Stopped", "on_stopped"),
        ("MaxRuntimeExceeded", "on_max_runtime_exceeded"),
        ("MaxWaitTimeExceeded", "on_max_wait_time_exceeded"),
    ],
)
def test_an_accepted_stop_is_settled(phase: str, option: str) -> None:
    """The job is tagged, so that the next up starts no run for it; without the policy it fails and names the option."""
    jobs, said = account(described(phases=("Training", phase))), Sentences()
    with pytest.raises(NoResultError, match=f"{option}='accept'"):
        conclude(jobs, properties(), said)
    assert conclude(jobs, properties(**{option: "accept"}), said)["training_job_status"] == "Stopped"
    assert jobs.tagged["penguins"][SETTLED_TAG] == "accepted"
    assert f"accepted because of {option}='accept'" in said[0]


def test_the_jobs_of_others_are_not_tagged() -> None:
    """A result by name of a job that another stack owns changes nothing on it."""
    jobs = account(described(phases=("Training", "Stopped")), owned=[])
    conclude(jobs, properties(on_stopped="accept"), Sentences())
    assert jobs.tagged == {"penguins": {}}


def test_an_acceptance_that_is_taken_back_unsettles_the_job() -> None:
    """The update fails, and the next up does what on_failure says."""
    jobs = account(described(phases=("Training", "Stopped")))
    found = conclude(jobs, properties(on_stopped="accept"), Sentences())
    with pytest.raises(NoResultError, match="on_stopped is 'fail' now"):
        reconsider(jobs, found, properties(on_stopped="fail"), Sentences())
    assert SETTLED_TAG not in jobs.tagged["penguins"]


def test_a_deleted_job_is_said() -> None:
    """It is neither waited for nor taken for a failure of the job."""
    with pytest.raises(NoResultError, match="does not exist: it was deleted"):
        conclude(account(), properties(), Sentences())


def test_a_new_job_that_is_not_found_yet_is_looked_for_again() -> None:
    """Its claim says that it was started a moment ago; one of an earlier version says nothing, and is as before."""
    jobs = FakeTrainingJobs()
    jobs.lag = 2
    jobs.create({"TrainingJobName": "penguins", "OutputDataConfig": {"S3OutputPath": "s3://bucket/models"}})
    jobs.becomes("penguins", "Completed")
    with pytest.raises(NoResultError, match="does not exist"):
        conclude(jobs, properties(claim="0a1b2c3d:0123456789ab"), Sentences())
    assert conclude(jobs, properties(claim=new_claim("job::model")), Sentences())["ended_by"] == "completed"


def test_a_job_by_name_is_none_of_the_stacks() -> None:
    """Nobody deleted what never was, and no `up` starts another run for it."""
    with pytest.raises(NoResultError, match="training job penguins does not exist in eu-west-1: check the name"):
        conclude(account(), properties(by_name=True), Sentences())
    failed = account(described(phases=("Training", "Failed"), FailureReason="AlgorithmError: exit code 1"))
    with pytest.raises(NoResultError) as caught:
        conclude(failed, properties(by_name=True), Sentences())
    assert "recorded" not in str(caught.value)
    with pytest.raises(NoResultError, match=r"It keeps running; the next"):
        conclude(account(described()), properties(by_name=True, cut_short="timeout", timeout=1.0), Sentences())


def test_a_failure_tells_what_was_tried_before() -> None:
    """Of fallbacks the last one fails the update; the others are not in any output then."""
    runs = ["penguins", "penguins-2"]
    tried = [described(name, phases=("Starting", "Failed"), FailureReason=f"CapacityError: {name}") for name in runs]
    with pytest.raises(NoResultError) as caught:
        conclude(account(*tried), properties(training_job_name="penguins-2", runs=runs), Sentences())
    assert "  Earlier run: penguins on 1 x ml.m5.large: CapacityError: penguins\n" in str(caught.value)
    assert str(caught.value).count("CapacityError: penguins-2") == 1


@pytest.mark.parametrize("name", ["", "a b", "-a", "a" * 64, 5.0, None, "arn:aws:sagemaker:eu-west-1:1:training-job/x"])
def test_what_is_no_jobs_name_is_told(name: object) -> None:
    """Nobody waits for it. Of an ARN the end is the name."""
    (sentence,) = wrong_name(name)
    assert sentence.startswith(f"job: got {name!r}, expected a job's name")
    assert ("such as 'x'" in sentence) == str(name).startswith("arn:")
    assert wrong_name("a-1") == []


@pytest.mark.parametrize(
    ("olds", "news", "name"),
    [
        ({"first": "a", "training_job_name": "a"}, {"first": "a"}, "a"),
        ({"first": "a", "training_job_name": "b"}, {"first": "a"}, UNKNOWN),
        ({"first": "a", "training_job_name": "a"}, {"first": "a-2"}, UNKNOWN),
        ({"first": "a", "training_job_name": "a"}, {"first": UNKNOWN}, UNKNOWN),
        ({"training_job_name": "a"}, {}, UNKNOWN),
    ],
)
def test_a_preview_knows_which_run_counts_while_the_first_one_does(
    olds: dict[str, Any], news: dict[str, Any], name: Any
) -> None:
    """A fallback that stands by may change as it likes."""
    found = as_before({**olds, "runs": ["a", "b"]}, {**news, "training_job_name": UNKNOWN, "runs": UNKNOWN})
    assert found["training_job_name"] == name or found["training_job_name"] is name
    assert found["runs"] is UNKNOWN if name is UNKNOWN else found["runs"] == ["a", "b"]


def test_a_timeout_fails_the_wait_and_not_the_job() -> None:
    """The job runs on, unless it is to be stopped."""
    jobs = account(described())
    with pytest.raises(
        NoResultError, match=r"after the timeout of 90 seconds\. It keeps running and stays in the state"
    ):
        conclude(jobs, properties(cut_short="timeout", timeout=90.0), Sentences())
    assert jobs.named("stop") == []
    with pytest.raises(NoResultError, match="It was stopped because of stop_on_timeout"):
        conclude(jobs, properties(cut_short="timeout", timeout=90.0, stop_on_timeout=True), Sentences())
    assert jobs.named("stop") == [("penguins",)]


def test_the_jobs_of_others_are_not_stopped() -> None:
    """Whatever stop_on_timeout says: they are not ours."""
    jobs = account(described(), owned=[])
    with pytest.raises(NoResultError, match="It was not stopped, because this stack did not start it"):
        conclude(jobs, properties(cut_short="timeout", timeout=90.0, stop_on_timeout=True), Sentences())
    assert jobs.named("stop") == []


def test_a_wait_that_was_given_up_stops_nothing() -> None:
    """Only its own timeout stops a job."""
    jobs = account(described())
    with pytest.raises(NoResultError, match=r"AWS did not answer\. It keeps running"):
        conclude(jobs, properties(cut_short="AWS did not answer.", stop_on_timeout=True), Sentences())
    assert jobs.named("stop") == []


def test_attempts_are_listed_in_their_order() -> None:
    """The failed ones with their reasons; the one that counts is the last."""
    first = described("first", phases=("Starting", "Failed"), FailureReason="CapacityError: none")
    jobs = account(first, described("second", phases=("Training", "Completed")))
    found = conclude(jobs, properties(training_job_name="second", runs=["first", "second"]), Sentences())
    assert [(each["training_job_name"], each["training_job_status"]) for each in found["attempts"]] == [
        ("first", "Failed"),
        ("second", "Completed"),
    ]


def test_another_run_is_due_after_a_lack_of_capacity_only() -> None:
    """The job that found none rests: a tag keeps the next up from starting it again, until all attempts failed."""
    first = described("first", phases=("Starting", "Failed"), FailureReason="CapacityError: none")
    broken = described("broken", phases=("Training", "Failed"), FailureReason="AlgorithmError: exit code 1")
    jobs, said = account(first, broken), Sentences()
    fallback = Properties({"owner": OWNER})
    assert continues(jobs, fallback, "first", said)
    assert jobs.tagged["first"][SETTLED_TAG] == "continued"
    assert not continues(jobs, fallback, "broken", said)
    assert not continues(jobs, fallback, "gone", said)
    with pytest.raises(NoResultError):
        conclude(jobs, properties(training_job_name="broken", runs=["first", "broken"]), said)
    assert SETTLED_TAG not in jobs.tagged["first"]
