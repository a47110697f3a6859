"""Lines of logs: each once, in turn, masked, and not a flood."""

from __future__ import annotations

from sagemaker_constructs.reconcile.logs import MOST_LINES, LogReader
from sagemaker_constructs.reconcile.masking import MASK
from tests.reconcile.result_support import Jobs


def test_every_line_is_shown_once() -> None:
    """The next read repeats the last moment; what was known is not shown again."""
    jobs, reader = Jobs(), LogReader()
    jobs.lines["a"] = ["one", "two"]
    reader.read(jobs, "a")
    assert reader.take("a", "all", ()) == ["one", "two"]
    jobs.lines["a"] += ["three"]
    reader.read(jobs, "a")
    reader.read(jobs, "a")
    assert reader.take("a", "all", ()) == ["three"]


def test_a_flood_is_cut_and_counted() -> None:
    """The last lines are the ones that matter."""
    jobs, reader = Jobs(), LogReader()
    jobs.lines["a"] = [f"line {number}" for number in range(20)]
    reader.read(jobs, "a")
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
    jobs, reader = Jobs(), LogReader()
    jobs.refusals["FilterLogEvents"] = "AccessDeniedException"
    reader.read(jobs, "a")
    (line,) = reader.take("a", "all", ())
    assert line.startswith("the log cannot be read: FilterLogEvents")
    assert reader.next_of(["a"]) is None
    assert reader.take("a", "all", ()) == []


def test_lines_are_masked() -> None:
    """Credentials, and the job's own secrets."""
    jobs, reader = Jobs(), LogReader()
    jobs.lines["a"] = ["token=abcdefgh of swordfish"]
    reader.read(jobs, "a")
    assert reader.take("a", "all", ["swordfish"]) == [f"token={MASK} of {MASK}"]


def test_nobody_who_did_not_ask_gets_lines() -> None:
    """Two results may wait for one job, one of them without its log."""
    jobs, reader = Jobs(), LogReader()
    jobs.lines["a"] = ["one"]
    reader.read(jobs, "a")
    assert reader.take("a", None, ()) == []
    assert reader.take("a", "tail", ()) == ["one"]
