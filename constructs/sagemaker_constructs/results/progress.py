"""Formats the progress of a job as one line.

Input: a job as the last poll saw it, and the time. Output: the progress line of its result, and its milestone: what
changes when the line is printed in a log that keeps all lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sagemaker_constructs.results.status_message import status_remark

if TYPE_CHECKING:
    from datetime import datetime

    from sagemaker_constructs.aws.answers import ExistingJob

_MOST_METRICS = 3
_MINUTE = 60
_HOUR = 3600


def progress_line(job: ExistingJob, now: datetime) -> str:
    """Secondary status, time from the job's creation on, newest metrics, interruptions, status message."""
    parts = [job.secondary_status, duration(((job.finished or now) - job.created).total_seconds())]
    parts += [f"{name} {value:.4g}" for name, value in list(job.metrics.items())[:_MOST_METRICS]]
    if interrupted := job.times_in("Interrupted"):
        parts.append(f"spot interruptions: {interrupted}")
    if restarted := job.times_in("Restarting") - interrupted:
        parts += [f"retries: {restarted}"] if restarted > 0 else []
    return ", ".join([*parts, *filter(None, [status_remark(job)])])


def milestone(job: ExistingJob) -> tuple[str, int]:
    """What changes when a line is to be printed: the secondary status, and how many there have been."""
    return job.secondary_status, len(job.transitions)


def duration(seconds: float) -> str:
    """`9s`, `12m 03s`, `3h 07m`."""
    whole = max(0, int(seconds))
    if whole < _MINUTE:
        return f"{whole}s"
    if whole < _HOUR:
        return f"{whole // _MINUTE}m {whole % _MINUTE:02}s"
    return f"{whole // _HOUR}h {whole % _HOUR // _MINUTE:02}m"
