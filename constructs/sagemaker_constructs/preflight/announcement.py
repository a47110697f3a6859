"""Announces a run in a preview: its name, its machines, and how long it may take.

Input: the members of a job as far as they are known, or the number of jobs. Output: one line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sagemaker_constructs.api.defaults import DEFAULTS
from sagemaker_constructs.api.instances import candidates
from sagemaker_constructs.api.tree import values_at
from sagemaker_constructs.aws.pace import CREATES_A_SECOND

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_HOUR, _MINUTE = 3600, 60
_MAX_RUNTIME = "stopping_condition.max_runtime_in_seconds"


def run_of(job: Mapping[str, Any], name: str | None, unknown: Collection[str] = ()) -> str:
    """`fraud-fee2: 1 x ml.m5.large, at most 24 h`.

    Args:
        job: the members that are known.
        name: the run's name; None while it is not known.
        unknown: the members that are not known yet. What is absent otherwise has the service's default.
    """
    limits = "for a time that is not known yet" if "stopping_condition" in unknown else _limits(job)
    return f"{name or 'a job whose name is not known yet'}: {_machines(job)}, {limits}"


def span_of_starts(regions: Collection[int]) -> str | None:
    """`300 jobs start over about 5 min: ...`; None where it takes less than a minute.

    Args:
        regions: how many jobs start in each Region.
    """
    seconds = int(max(regions, default=0) / CREATES_A_SECOND)
    if seconds < _MINUTE:
        return None
    span = _span(round(seconds / _MINUTE) * _MINUTE)
    return f"{sum(regions)} jobs start over about {span}: an account starts about one a second in a Region"


def _machines(job: Mapping[str, Any]) -> str:
    alternatives = [
        " + ".join(f"{count} x {kind}" for kind, count in instances.items() if kind) for instances in candidates(job)
    ]
    known = " or ".join(filter(None, alternatives))
    spot = " (spot)" if any(values_at(job, "enable_managed_spot_training")) else ""
    serverless = "serverless" if job.get("serverless_job_config") else "machines that are not known yet"
    return f"{known or serverless}{spot}"


def _limits(job: Mapping[str, Any]) -> str:
    """Each limit that costs money, or time."""
    longest = _seconds(job, _MAX_RUNTIME) or DEFAULTS[_MAX_RUNTIME].value
    waiting = _seconds(job, "stopping_condition.max_wait_time_in_seconds")
    warm = _seconds(job, "resource_config.keep_alive_period_in_seconds")
    return ", ".join(
        [
            f"at most {_span(longest)}",
            *([f"{_span(waiting)} with the wait for capacity"] if waiting else []),
            *([f"then kept warm for at most {_span(warm)}"] if warm else []),
        ]
    )


def _seconds(job: Mapping[str, Any], path: str) -> int:
    return int(next((value for value in values_at(job, path) if isinstance(value, int | float)), 0))


def _span(seconds: int) -> str:
    """`24 h`, `1 h 30 min`, `90 s`."""
    hours, minutes = divmod(seconds // _MINUTE, _HOUR // _MINUTE)
    if seconds % _MINUTE:
        return f"{seconds} s"
    return " ".join([*([f"{hours} h"] if hours else []), *([f"{minutes} min"] if minutes else [])])
