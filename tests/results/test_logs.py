"""Lines of logs: each once, in turn, masked, and not a flood."""

from __future__ import annotations

import pytest

from sagemaker_constructs.api.masking import MASK
from sagemaker_constructs.results.logs import LAST_CALLS, LATE, MOST_LINES, LogReader
from tests.results.result_support import account, described

JOB = described("a")


def test_every_line_is_shown_once() -> None:
    """The next read repeats the last moments; what was known is not shown again."""
    jobs, reader = account(JOB), LogReader()
    jobs.log("a", "one", "two")
    reader.read(jobs, JOB)
    assert reader.take("a", "all", ()) == ["one", "two"]
    jobs.log("a", "three")
    reader.read(jobs, JOB)
    reader.read(jobs, JOB)
    assert reader.take("a", "all", ()) == ["three"]


@pytest.mark.parametrize("empty_pages", [False, True])
def test_a_flood_in_one_moment_is_read_whole(empty_pages: bool) -> None:
    """Page by page, a call each; a page may be empty though others follow."""
    jobs, reader = account(JOB), LogReader()
    jobs.empty_log_pages, jobs.log_page_size = empty_pages, 1000
    jobs.log("a", *(f"line {number}" for number in range(3000)))
    lines: list[str] = []
    for _ in range(6 if empty_pages else 3):
        jobs.calls.clear()
        reader.read(jobs, JOB)
        assert [method for method, *_ in jobs.calls] == ["log_events"]
        lines += reader.take("a", "all", ())
    shown = [f"line {number}" for page in (1000, 2000, 3000) for number in range(page - 200, page)]
    assert [line for line in lines if "more" not in line] == shown
    assert lines.count("[800 lines more]") == 3
    jobs.log("a", "after the flood", after=5)
    for _ in range(8 if empty_pages else 4):
        reader.read(jobs, JOB)
    assert reader.take("a", "all", ()) == ["after the flood"]


def test_a_line_that_comes_late_is_shown() -> None:
    """Each machine sends its lines when it likes: one may be older than what has been read."""
    jobs, reader = account(JOB), LogReader()
    jobs.log("a", "of the first machine", after=2 * LATE)
    reader.read(jobs, JOB)
    jobs.log("a", "of the second machine", after=LATE + 1)
    reader.read(jobs, JOB)
    assert reader.take("a", "all", ()) == ["of the first machine", "of the second machine"]


def test_the_lines_of_several_instances_say_whose_they_are() -> None:
    """They come in one stream here, in the order of their times."""
    job = described("a", ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 2})
    jobs, reader = account(job), LogReader()
    for host in ("algo-1", "algo-2"):
        jobs.log("a", "epoch 1", host=host)
    reader.read(jobs, job)
    assert reader.take("a", "all", ()) == ["algo-1: epoch 1", "algo-2: epoch 1"]


def test_the_lines_of_an_earlier_job_of_the_name_are_not_read() -> None:
    """A log begins with its job."""
    jobs, reader = account(JOB), LogReader()
    jobs.log("a", "of the earlier one", after=-1)
    jobs.log("a", "of this one", after=1)
    reader.read(jobs, JOB)
    assert reader.take("a", "all", ()) == ["of this one"]


def test_at_the_end_the_rest_is_read() -> None:
    """All that is left, in one go."""
    jobs, reader = account(JOB), LogReader()
    jobs.log_page_size = 1000
    jobs.log("a", *(f"line {number}" for number in range(3000)))
    reader.read(jobs, JOB)
    reader.read_to_end(jobs, JOB)
    assert len(jobs.calls) == 3
    assert reader.take("a", "all", ())[0] == "[2800 lines more]"


def test_where_the_end_is_far_it_is_said_where_the_rest_is() -> None:
    """After so many calls the wait is over all the same."""
    jobs, reader = account(JOB), LogReader()
    jobs.log_page_size = 1
    jobs.log("a", *(f"line {number}" for number in range(LAST_CALLS + 1)))
    reader.read_to_end(jobs, JOB)
    *lines, last = reader.take("a", "all", ())
    assert len(jobs.calls) == len(lines) == LAST_CALLS
    assert last.startswith("[the rest of the log was not read: https://eu-west-1.console.aws.amazon.com/cloudwatch/")


def test_a_flood_is_cut_and_counted() -> None:
    """The last lines are the ones that matter."""
    jobs, reader = account(JOB), LogReader()
    jobs.log("a", *(f"line {number}" for number in range(20)))
    reader.read(jobs, JOB)
    lines = reader.take("a", "tail", ())
    assert lines == ["[15 lines more]", *(f"line {number}" for number in range(15, 20))]
    assert MOST_LINES["all"] > MOST_LINES["tail"]


def test_logs_are_read_in_turn() -> None:
    """One a look: the one that was read longest ago; those who come later are heard, too."""
    reader = LogReader()
    assert [reader.next_of(["a", "b"]) for _ in range(3)] == ["a", "b", "a"]
    assert [reader.next_of(["a", "b", "c"]) for _ in range(3)] == ["b", "a", "c"]
    assert reader.next_of([]) is None


def test_a_log_that_may_not_be_read_is_said_once() -> None:
    """The wait goes on; the log is not asked for again."""
    jobs, reader = account(JOB), LogReader()
    jobs.fail("log_events", "AccessDeniedException", "no", times=None)
    reader.read(jobs, JOB)
    (line,) = reader.take("a", "all", ())
    assert line.startswith("the log cannot be read: FilterLogEvents")
    assert reader.next_of(["a"]) is None
    reader.read_to_end(jobs, JOB)
    assert reader.take("a", "all", ()) == []


def test_what_is_refused_for_a_moment_is_read_later() -> None:
    """Nothing is lost by it, and nothing said; unless it lasts to the end."""
    jobs, reader = account(JOB), LogReader()
    jobs.log("a", "one")
    jobs.fail("log_events", "ThrottlingException", "no", times=None)
    reader.read(jobs, JOB)
    assert reader.next_of(["a"]) == "a"
    jobs.recover()
    reader.read(jobs, JOB)
    assert reader.take("a", "all", ()) == ["one"]
    jobs.fail("log_events", "ThrottlingException", "no", times=None)
    reader.read_to_end(jobs, JOB)
    (line,) = reader.take("a", "all", ())
    assert line.startswith("[the rest of the log was not read (ThrottlingException: no): https://")


def test_a_page_that_has_become_too_old_is_read_anew() -> None:
    """As after a laptop's sleep: what was shown is not shown again."""
    jobs, reader = account(JOB), LogReader()
    jobs.log_page_size = 2
    jobs.log("a", "one", "two", "three")
    reader.read(jobs, JOB)
    jobs.fail("log_events", "InvalidParameterException", "no", times=None)
    reader.read(jobs, JOB)
    jobs.recover()
    for _ in range(2):
        reader.read(jobs, JOB)
    assert reader.take("a", "all", ()) == ["one", "two", "three"]


def test_lines_are_masked() -> None:
    """Credentials, and the job's own secrets; those of several lines, too."""
    jobs, reader = account(JOB), LogReader()
    jobs.log(
        "a", "token=a1b2c3d4 of swordfish", "-----BEGIN PRIVATE KEY-----", "MIIEpAIBAAKC", "-----END PRIVATE KEY-----"
    )
    reader.read(jobs, JOB)
    assert reader.take("a", "all", ["swordfish"]) == [f"token={MASK} of {MASK}", MASK]


def test_nobody_who_did_not_ask_gets_lines() -> None:
    """Two results may wait for one job, one of them without its log."""
    jobs, reader = account(JOB), LogReader()
    jobs.log("a", "one")
    reader.read(jobs, JOB)
    assert reader.take("a", None, ()) == []
    assert reader.take("a", "tail", ()) == ["one"]
