"""The machines that a job may run on, as its request says.

Input: a job's members, in which values may be deferred. Output: machines by their type. A deferred count is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

Machines = Mapping[str, int]


def candidates(job: Mapping[str, Any]) -> list[Machines]:
    """What the job may run on: one candidate, or one for each of its preferences; none without machines of its own."""
    config = job.get("resource_config")
    if not isinstance(config, Mapping):
        return []
    members = cast("Mapping[str, Any]", config)
    preferences = list(_each(members.get("instance_preferences")))
    if preferences:
        shared = members.get("instance_count")  # once for the job, or on every preference
        return [_together({"instance_count": shared, **each}) for each in preferences]
    return [_together(*(_each(members.get("instance_groups")) or [members]))]


def most(job: Mapping[str, Any]) -> int:
    """How many machines the job has at most; at least one, as far as that is known."""
    return max((sum(each.values()) for each in candidates(job)), default=1)


def _each(listed: Any) -> list[Mapping[str, Any]]:
    return [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []


def _together(*groups: Mapping[str, Any]) -> Machines:
    found: dict[str, int] = {}
    for kind, count in _counted(*groups):
        found[kind] = found.get(kind, 0) + count
    return found


def _counted(*groups: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for each in groups:
        kind, count = each.get("instance_type"), each.get("instance_count")
        yield kind if isinstance(kind, str) else "", int(count) if isinstance(count, int | float) else 1
