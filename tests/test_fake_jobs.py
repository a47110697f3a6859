"""The fake that users test their stacks with keeps to what AWS does."""

from __future__ import annotations

import gc
import sys
import textwrap
from typing import TYPE_CHECKING

import pytest

from sagemaker_constructs import testing
from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.api.tag_keys import OWNER_TAG
from sagemaker_constructs.aws.errors import ServiceError
from sagemaker_constructs.providers import TrainingJobProvider
from sagemaker_constructs.testing import OPERATIONS, FakeTrainingJobs
from tests.samples import OWNER, SMALL

if TYPE_CHECKING:
    from sagemaker_constructs.aws.protocols import TrainingJobs

    _: TrainingJobs = FakeTrainingJobs()  # the type checker holds the fake against the whole protocol

REQUEST = {
    **TrainingJobSpec.from_members({**SMALL, "training_job_name": "a"}).to_wire(),
    "Tags": [{"Key": OWNER_TAG, "Value": OWNER}],
}


@pytest.fixture
def jobs() -> FakeTrainingJobs:
    """An account with one job."""
    fake = FakeTrainingJobs()
    fake.create(REQUEST)
    return fake


def test_a_name_is_used_once(jobs: FakeTrainingJobs) -> None:
    """Until the job is deleted."""
    with pytest.raises(ServiceError) as caught:
        jobs.create(REQUEST)
    assert caught.value.name_taken
    jobs.delete("a")
    assert jobs.create(REQUEST) == f"{jobs.arn_prefix}a"


def test_a_stop_takes_a_moment(jobs: FakeTrainingJobs) -> None:
    """And nothing that has ended is stopped."""
    jobs.stop("a")
    seen = [jobs.describe("a") for _ in range(2)]
    assert [job.status for job in seen if job] == ["Stopping", "Stopped"]
    jobs.stop("a")
    assert jobs.jobs["a"].status == "Stopped"


def test_only_search_has_tags(jobs: FakeTrainingJobs) -> None:
    """And finds nobody else's jobs."""
    described, ((found,), following) = jobs.describe("a"), jobs.search(OWNER, None)
    assert described
    assert following is None
    assert (described.tags, found.tags) == (None, {OWNER_TAG: OWNER})
    assert jobs.search("organization/project/other", None) == ([], None)


def test_calls_are_kept_in_order(jobs: FakeTrainingJobs) -> None:
    """With their arguments."""
    jobs.describe("a")
    jobs.stop("b")
    assert jobs.calls == [("create", REQUEST), ("describe", "a"), ("stop", "b")]
    assert jobs.named("stop") == [("b",)]


def test_a_call_fails_as_often_as_asked_for(jobs: FakeTrainingJobs) -> None:
    """Before it takes effect, or after."""
    jobs.fail("delete", "ThrottlingException", "Rate exceeded", times=2)
    for _ in range(2):
        with pytest.raises(ServiceError, match="Rate exceeded"):
            jobs.delete("a")
    assert "a" in jobs.jobs
    jobs.fail("delete", "Unreachable", "no answer", done=True)
    with pytest.raises(ServiceError, match="no answer"):
        jobs.delete("a")
    assert "a" not in jobs.jobs
    jobs.delete("a")


def test_a_call_fails_until_the_fake_recovers(jobs: FakeTrainingJobs) -> None:
    """As while a session has expired. What the service is not asked cannot fail."""
    jobs.fail("describe", "ExpiredTokenException", "no", times=None)
    for _ in range(9):
        with pytest.raises(ServiceError, match=r"^DescribeTrainingJob for .*ExpiredTokenException"):
            jobs.describe("a")
    jobs.recover()
    assert jobs.describe("a")
    with pytest.raises(KeyError):
        jobs.fail("described", "ExpiredTokenException", "no")


def test_every_method_is_noted_under_an_operation() -> None:
    """So that each can be counted, and can fail."""
    methods = {name for name in vars(FakeTrainingJobs) if not name.startswith("_")}
    assert methods - set(OPERATIONS) == {
        *("add", "becomes", "connect", "fail", "log", "named", "pause", "provider", "recover")
    }


def test_a_job_that_completes_has_trained(jobs: FakeTrainingJobs) -> None:
    """With times, transitions, metrics and a model."""
    jobs.becomes("a", "Completed", metrics={"loss": 0.5}, after=90)
    job = jobs.jobs["a"]
    assert [each["Status"] for each in job.transitions] == ["Starting", "Training", "Completed"]
    assert job.transitions[0]["EndTime"] == job.transitions[1]["StartTime"] == job.started
    assert (job.training_seconds, job.billable_seconds, job.metrics) == (90, 90, {"loss": 0.5})
    assert job.model_artifacts == "s3://bucket/models/a/output/model.tar.gz"


def test_a_job_that_never_started_has_no_times(jobs: FakeTrainingJobs) -> None:
    """Nor a model."""
    jobs.becomes("a", "Failed", failure_reason="CapacityError: none")
    job = jobs.jobs["a"]
    assert (job.started, job.training_seconds, job.model_artifacts) == (None, None, None)
    assert job.failure_reason == "CapacityError: none"


def test_search_has_pages_with_the_newest_job_first(jobs: FakeTrainingJobs) -> None:
    """The token of the next page comes with each but the last."""
    for name in ("b", "c"):
        jobs.create({**REQUEST, "TrainingJobName": name})
    jobs.page_size = 2
    first, following = jobs.search(OWNER, None)
    last, none = jobs.search(OWNER, following)
    assert [[job.name for job in page] for page in (first, last)] == [["c", "b"], ["a"]]
    assert none is None


def test_a_log_is_read_by_time_and_to_its_last_lines(jobs: FakeTrainingJobs) -> None:
    """Of each job its own."""
    jobs.log("a", "one", "two")
    jobs.log("a", "three", after=1000)
    events, following = jobs.log_events("a", 0, None)
    assert ([event.line for event in events], following) == (["one", "two", "three"], None)
    assert [event.line for event in jobs.log_events("a", events[-1].time, None)[0]] == ["three"]
    assert [event.line for event in jobs.last_log_events("a", 2)] == ["two", "three"]
    assert jobs.last_log_events("b", 2) == []


def test_a_provider_leaves_the_process_as_it_is(jobs: FakeTrainingJobs) -> None:
    """That of the engine is its own: there it cuts tracebacks, and has garbage collected less often."""
    before = gc.get_threshold()
    jobs.provider(TrainingJobProvider)
    assert not hasattr(sys, "tracebacklimit")
    assert gc.get_threshold() == before


def test_the_example_works() -> None:
    """The one in the module's documentation: a job, its result, a fallback, a failure."""
    _, _, example = (testing.__doc__ or "").partition("\n\n    ")
    exec(textwrap.dedent(f"    {example}"), {})
