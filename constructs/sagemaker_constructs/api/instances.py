"""Counts the instances of a training job.

Input: a job's members, in which values may be deferred. Output: instances by type. A deferred count is taken for one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

Instances = Mapping[str, int]


def candidates(job: Mapping[str, Any]) -> list[Instances]:
    """The instances that the job may run on: one item for each of its preferences, otherwise one item.

    Empty for a job without instances of its own, such as a serverless one.
    """
    config = job.get("resource_config")
    if not isinstance(config, Mapping):
        return []
    members = cast("Mapping[str, Any]", config)
    preferences = list(_each(members.get("instance_preferences")))
    if preferences:
        shared = members.get("instance_count")  # once for the job, or on every preference
        return [_together({"instance_count": shared, **each}) for each in preferences]
    return [_together(*(_each(members.get("instance_groups")) or [members]))]


def most_instances(job: Mapping[str, Any]) -> int:
    """The largest number of instances that the job may run on, at least one."""
    return max((sum(each.values()) for each in candidates(job)), default=1)


def _each(listed: Any) -> list[Mapping[str, Any]]:
    return [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []


def _together(*groups: Mapping[str, Any]) -> Instances:
    found: dict[str, int] = {}
    for kind, count in _counted(*groups):
        found[kind] = found.get(kind, 0) + count
    return found


def _counted(*groups: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for each in groups:
        kind, count = each.get("instance_type"), each.get("instance_count")
        yield kind if isinstance(kind, str) else "", int(count) if isinstance(count, int | float) else 1
