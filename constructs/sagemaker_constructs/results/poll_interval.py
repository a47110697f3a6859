"""Computes the time until the next poll.

Input: the jobs as the last poll saw them, and the time. Output: seconds. A poll costs at most two API calls for any
number of jobs, so only the delay counts with which an end is noticed: a twentieth of the time that the present phase
has taken, at least one second.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sagemaker_constructs.aws.answers import ExistingJob

SHORTEST = 1.0
"""Minimum seconds between polls."""
LONGEST = 30.0
"""Maximum seconds between polls."""
DOUBLINGS = 3
"""How often the interval is doubled at most while polls fail: it stays under half of the time that the present phase
has taken, or at eight seconds."""
_SHARE = 0.05
_JITTER = 0.1


def seconds_to_next_poll(jobs: Iterable[ExistingJob], now: datetime, *, failed: int = 0) -> float:
    """The shortest interval that one of the jobs requires, plus or minus a tenth.

    Args:
        jobs: the awaited jobs, as the last poll saw them.
        now: the time.
        failed: how many polls in a row have failed.
    """
    shortest = min((_interval(job, now) for job in jobs), default=SHORTEST)
    shortest = min(LONGEST, shortest * 2 ** min(failed, DOUBLINGS))
    return shortest * random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311  spreads calls, guards nothing


def _interval(job: ExistingJob, now: datetime) -> float:
    """A twentieth of the present phase so far; at most a quarter of the time left to the runtime limit."""
    seconds = _SHARE * (now - job.entered()).total_seconds()
    if job.started is not None and job.longest_seconds is not None:
        left = job.longest_seconds - (now - job.started).total_seconds()
        seconds = min(seconds, left / 4)
    return min(LONGEST, max(SHORTEST, seconds))
