"""One poll: at most two calls, and every job seen in the end."""

from __future__ import annotations

import pytest

from sagemaker_constructs.aws.errors import ServiceError
from sagemaker_constructs.results.poller import CALLS, Poller
from tests.results.result_support import account, described
from tests.samples import OWNER


def many(number: int) -> list[str]:
    """Names of jobs."""
    return [f"job-{each:03}" for each in range(number)]


def test_one_job_is_described() -> None:
    """A single wait needs no permission to search."""
    jobs = account(described("a"))
    assert set(Poller(jobs, OWNER).poll(["a"])) == {"a"}
    assert jobs.calls == [("describe", "a")]


def test_a_hundred_jobs_are_one_search() -> None:
    """And one description, of the one that was described longest ago."""
    jobs = account(*map(described, many(100)))
    seen = Poller(jobs, OWNER).poll(many(100))
    assert len(seen) == 100
    assert sorted(method for method, *_ in jobs.calls) == ["describe", "search"]


def test_hundreds_are_seen_page_by_page() -> None:
    """No poll makes more than two calls, and after a sweep all were seen."""
    names = many(350)
    jobs = account(*map(described, names))
    poller = Poller(jobs, OWNER)
    seen: set[str] = set()
    for _ in range(4):
        jobs.calls.clear()
        seen |= set(poller.poll(names))
        assert len(jobs.calls) <= CALLS
    assert seen == set(names)


def test_the_pages_of_older_jobs_are_left_alone() -> None:
    """A sweep ends with the last job that is waited for: those of years ago come after it."""
    names = many(1000)
    jobs = account(*map(described, names))
    poller = Poller(jobs, OWNER)
    for _ in range(3):
        assert len(poller.poll(names[:50])) == 50
    assert len(jobs.named("search")) == 3


def test_jobs_of_others_are_described_first() -> None:
    """What Search does not find takes the second call of each poll in turn."""
    names = many(10)
    jobs = account(*map(described, names), owned=names[:7])
    poller = Poller(jobs, OWNER)
    seen: set[str] = set()
    for _ in range(4):
        seen |= set(poller.poll(names))
    assert seen == set(names)


@pytest.mark.parametrize("code", ["AccessDeniedException", "ValidationException"])
def test_who_may_not_search_describes(code: str) -> None:
    """It works, two jobs a poll; that it is slower can be told."""
    names = many(10)
    jobs = account(*map(described, names))
    jobs.fail("search", code, "no", times=None)
    poller = Poller(jobs, OWNER)
    seen: set[str] = set()
    for _ in range(6):
        jobs.calls.clear()
        seen |= set(poller.poll(names))
        assert len(jobs.calls) <= CALLS
    assert seen == set(names)
    assert not poller.may_search


def test_a_lost_session_is_not_taken_for_a_missing_permission() -> None:
    """Expired credentials are the caller's business; Search is tried again."""
    jobs = account(*map(described, many(10)))
    jobs.fail("search", "ExpiredTokenException", "no")
    poller = Poller(jobs, OWNER)
    with pytest.raises(ServiceError):
        poller.poll(many(10))
    assert poller.may_search


def test_what_was_seen_before_a_throttled_call_counts() -> None:
    """Another code is raised: it may last, and nobody may wait for ever."""
    names = many(10)
    jobs = account(*map(described, names), owned=names[:9])
    jobs.fail("describe", "ThrottlingException", "no")
    poller = Poller(jobs, OWNER)
    assert set(poller.poll(names)) == set(names[:9])
    jobs.fail("describe", "AccessDeniedException", "no")
    with pytest.raises(ServiceError):
        poller.poll(names)


def test_a_job_that_is_not_there_is_none() -> None:
    """Gone is an answer, too."""
    assert Poller(account(), OWNER).poll(["a"]) == {"a": None}


def test_one_call_is_enough_for_all_in_turns() -> None:
    """Where the other call reads a log, searches and descriptions take turns."""
    names = many(5)
    jobs = account(*map(described, names), owned=names[:4])
    poller = Poller(jobs, OWNER)
    seen: set[str] = set()
    for _ in range(4):
        jobs.calls.clear()
        seen |= set(poller.poll(names, calls=1))
        assert len(jobs.calls) == 1
    assert seen == set(names)
