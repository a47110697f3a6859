"""The progress line, and when the next poll is due."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sagemaker_constructs.results.poll_interval import LONGEST, SHORTEST, seconds_to_next_poll
from sagemaker_constructs.results.progress import duration, progress_line
from tests.results.result_support import BEGIN, described

LEAST, MOST = 0.89, 1.11
"""The jitter, and a little more."""


def after(seconds: float) -> datetime:
    """So long after the job's creation."""
    return BEGIN + timedelta(seconds=seconds)


def test_a_line_has_status_time_and_newest_metrics() -> None:
    """The newest three metrics, the newest first."""
    metrics = [
        {"MetricName": name, "Value": value, "Timestamp": after(number)}
        for number, (name, value) in enumerate({"oldest": 9, "loss": 0.51234567, "auc": 0.9, "f1": 0.5}.items())
    ]
    line = progress_line(described(FinalMetricDataList=metrics), after(723))
    assert line == "Training, 12m 03s, f1 0.5, auc 0.9, loss 0.5123"


def test_a_line_has_interruptions_and_retries() -> None:
    """A restart after an interruption is not a retry."""
    phases = ("Training", "Interrupted", "Restarting", "Training", "Restarting", "Training")
    line = progress_line(described(phases=phases), after(600))
    assert line.endswith("spot interruptions: 1, retries: 1")


def test_a_job_that_gets_no_machines_says_so() -> None:
    """The service's message is shown where it tells of trying again."""
    message = "Insufficient capacity error from EC2 while launching instances, retrying!"
    transitions = [{"Status": "Starting", "StartTime": BEGIN, "StatusMessage": message}]
    line = progress_line(described(phases=("Starting",), SecondaryStatusTransitions=transitions), after(5))
    assert line == f"Starting, 5s, {message}"


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("", ""),
        ("Training image download completed. Training in progress.", ""),
        ("Training is simulated: no such image", ", Training is simulated: no such image"),
    ],
)
def test_a_status_message_is_shown_where_it_says_more_than_the_status(message: str, shown: str) -> None:
    """Those that every job has only repeat it."""
    transitions = [{"Status": "Training", "StartTime": BEGIN, "StatusMessage": message}]
    line = progress_line(described(phases=("Training",), SecondaryStatusTransitions=transitions), after(5))
    assert line == f"Training, 5s{shown}"


@pytest.mark.parametrize(("seconds", "text"), [(0.4, "0s"), (59, "59s"), (60, "1m 00s"), (11220, "3h 07m"), (-3, "0s")])
def test_durations_are_short(seconds: float, text: str) -> None:
    """Seconds matter for minutes, minutes for hours; a clock that is behind AWS's shows nothing."""
    assert duration(seconds) == text


@given(st.floats(0, 30 * 86_400), st.integers(0, 20))
def test_the_next_poll_is_neither_too_early_nor_late(elapsed: float, failed: int) -> None:
    """A second at least, half a minute at most, while polls fail, too; always within the jitter."""
    seconds = seconds_to_next_poll([described(phases=("Training",))], after(elapsed), failed=failed)
    assert SHORTEST * LEAST <= seconds <= LONGEST * MOST


@given(st.floats(0, 30 * 86_400), st.integers(0, 20))
def test_after_failed_polls_an_end_is_noticed_soon(elapsed: float, failed: int) -> None:
    """Within eight seconds, or less than half of what the phase has taken."""
    seconds = seconds_to_next_poll([described(phases=("Training",))], after(elapsed), failed=failed)
    assert seconds <= max(8.0, elapsed / 2) * MOST


def test_a_short_job_is_polled_often_and_a_long_one_seldom() -> None:
    """The interval grows with the phase; the job with the shortest interval decides."""
    young, old = described(phases=("Training",)), described("old", phases=("Training",), seconds=1)
    assert seconds_to_next_poll([young], after(10)) <= SHORTEST * MOST
    assert seconds_to_next_poll([young], after(7200)) >= LONGEST * LEAST
    fresh = described("fresh", phases=("Starting", "Training"), seconds=7190)
    assert seconds_to_next_poll([old, fresh], after(7200)) <= SHORTEST * MOST


def test_polls_are_more_frequent_near_the_runtime_limit() -> None:
    """That is when the job will end."""
    limited = described(phases=("Training",), StoppingCondition={"MaxRuntimeInSeconds": 3600})
    assert seconds_to_next_poll([limited], after(3590)) <= 10 / 4 * MOST


def test_each_failed_poll_doubles_the_interval() -> None:
    """Up to eight seconds here."""
    job = described(phases=("Training",))
    assert seconds_to_next_poll([job], after(10), failed=3) >= 8 * LEAST
