"""The jobs of a stack, found with a few Search calls."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.api.tag_keys import OWNER_TAG
from sagemaker_constructs.aws import inventory
from sagemaker_constructs.aws.errors import ServiceError
from sagemaker_constructs.aws.inventory import Inventory
from sagemaker_constructs.testing import FakeTrainingJobs
from tests.samples import OWNER, SMALL


def start(jobs: FakeTrainingJobs, name: str, owner: str = OWNER) -> None:
    """Start a job of a stack."""
    wire = TrainingJobSpec.from_members({**SMALL, "training_job_name": name}).to_wire()
    jobs.create({**wire, "Tags": [{"Key": OWNER_TAG, "Value": owner}]})


@pytest.fixture
def jobs() -> FakeTrainingJobs:
    """Five hundred jobs of the stack and one of another."""
    fake = FakeTrainingJobs()
    for number in range(500):
        start(fake, f"job-{number}")
    start(fake, "theirs", owner="organization/project/other")
    fake.calls.clear()
    return fake


def test_hundreds_of_jobs_are_asked_for_once(jobs: FakeTrainingJobs) -> None:
    """Also by several threads at the same time; and their tags are there already."""
    stock = Inventory(jobs)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(stock.find, [f"job-{number}" for number in range(500)], [OWNER] * 500))
    assert [job.name for job in found if job] == [f"job-{number}" for number in range(500)]
    assert all(job.tags == {OWNER_TAG: OWNER} for job in found if job)
    assert jobs.calls == [("search", OWNER, page) for page in (None, "100", "200", "300", "400")]


def test_a_job_that_is_not_among_them_is_asked_for_alone(jobs: FakeTrainingJobs) -> None:
    """An adopted one belongs to another stack, and one may be gone."""
    stock = Inventory(jobs)
    found = stock.find("theirs", OWNER)
    assert found
    assert found.tags is None
    assert stock.find("gone", OWNER) is None
    assert jobs.named("describe") == [("theirs",), ("gone",)]


def test_an_answer_is_not_kept_for_long(jobs: FakeTrainingJobs) -> None:
    """A job that a long `up` has changed is looked at again."""
    now = [0.0]
    stock = Inventory(jobs, clock=lambda: now[0])
    stock.find("job-1", OWNER)
    jobs.becomes("job-1", "Failed")
    before = stock.find("job-1", OWNER)
    now[0] += inventory.FRESH + 1
    after = stock.find("job-1", OWNER)
    assert before
    assert after
    assert (before.status, after.status) == ("InProgress", "Failed")


def test_a_long_history_is_not_searched_to_its_end(jobs: FakeTrainingJobs) -> None:
    """A stack keeps the jobs that it ever had: an old one is described, after one more page."""
    jobs.page_size = 10
    stock = Inventory(jobs)
    assert stock.find("job-400", OWNER)
    assert (len(jobs.named("search")), jobs.named("describe")) == (inventory.PAGES, [])
    assert stock.find("job-3", OWNER)
    assert (len(jobs.named("search")), jobs.named("describe")) == (inventory.PAGES + 1, [("job-3",)])
    assert stock.owned("job-5", OWNER) is None
    assert len(jobs.named("search")) == inventory.PAGES + 1


def test_thousands_of_present_jobs_are_found_by_search(jobs: FakeTrainingJobs) -> None:
    """Each page has the next ones that are looked for, so none is described."""
    jobs.page_size = 10
    stock = Inventory(jobs)
    assert all(stock.find(f"job-{number}", OWNER) for number in reversed(range(500)))
    assert (len(jobs.named("search")), jobs.named("describe")) == (50, [])


@pytest.mark.parametrize("code", ["AccessDeniedException", "ValidationException"])
def test_who_may_not_search_may_still_describe(jobs: FakeTrainingJobs, code: str) -> None:
    """One refused Search, then job by job."""
    jobs.fail("search", code, "no Search by this filter", times=None)
    stock = Inventory(jobs)
    assert stock.find("job-1", OWNER)
    assert stock.find("job-2", OWNER)
    assert len(jobs.named("search")) == 1


def test_other_refusals_are_not_swallowed(jobs: FakeTrainingJobs) -> None:
    """A throttled Search is no empty one."""
    jobs.fail("search", "ThrottlingException", "Rate exceeded")
    with pytest.raises(ServiceError, match="ThrottlingException"):
        Inventory(jobs).find("job-1", OWNER)


def test_a_resource_without_an_owner_is_described(jobs: FakeTrainingJobs) -> None:
    """Such as one that was read by its name."""
    assert Inventory(jobs).find("job-1", "")
    assert jobs.named("search") == []
