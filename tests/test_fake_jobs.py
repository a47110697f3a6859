"""The fake that users test their stacks with keeps to what AWS does."""

from __future__ import annotations

import pytest

from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.api.tag_keys import OWNER_TAG
from sagemaker_constructs.aws.errors import ServiceError
from sagemaker_constructs.testing import FakeTrainingJobs
from tests.samples import OWNER, SMALL

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
