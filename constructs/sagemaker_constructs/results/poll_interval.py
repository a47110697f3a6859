"""When to look at the jobs again.

Input: the jobs as they were last seen, and the time. Output: seconds. A look costs two service calls at most,
however many jobs there are, so what counts is only how late an end may be noticed: a twentieth of the time that the
present phase has taken, one second at least.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sagemaker_constructs.aws.answers import ExistingJob

SHORTEST = 1.0
"""Seconds between looks at least."""
LONGEST = 30.0
"""Seconds between looks at most."""
DOUBLINGS = 3
"""How often the pause is doubled at most while AWS refuses: it stays under half of what the present phase has taken,
or at eight seconds."""
_SHARE = 0.05
_JITTER = 0.1


def pause(jobs: Iterable[ExistingJob], now: datetime, *, refused: int = 0) -> float:
    """Seconds until the next look: what the most impatient job asks for, give or take a tenth.

    Args:
        jobs: the jobs that are waited for, as they were last seen.
        now: the time.
        refused: how many looks in a row AWS has not answered.
    """
    asked = min((_patience(job, now) for job in jobs), default=SHORTEST)
    asked = min(LONGEST, asked * 2 ** min(refused, DOUBLINGS))
    return asked * random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311  spreads calls, guards nothing


def _patience(job: ExistingJob, now: datetime) -> float:
    """A twentieth of the present phase so far; no more than a quarter of what is left to the runtime limit."""
    wanted = _SHARE * (now - job.entered()).total_seconds()
    if job.started is not None and job.longest_seconds is not None:
        left = job.longest_seconds - (now - job.started).total_seconds()
        wanted = min(wanted, left / 4)
    return min(LONGEST, max(SHORTEST, wanted))
