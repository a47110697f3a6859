"""Counts the instances of a training job.

Input: a job's members, in which values may be deferred. Output: instances by type.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sagemaker_constructs.api.deferred import is_deferred

Instances = Mapping[str, int]
DeclaredInstances = Mapping[str, int | None]
"""The type is empty, and the count None, while it is not known yet."""

_NOT_KNOWN: DeclaredInstances = {"": None}


def candidates(job: Mapping[str, Any]) -> list[Instances]:
    """The instances that the job may run on: one item for each of its preferences, otherwise one item.

    Empty for a job without instances of its own, such as a serverless one. A count that is not known yet is one.
    """
    return [_counted(each) for each in _alternatives(job)]


def declared_instances(job: Mapping[str, Any]) -> list[DeclaredInstances]:
    """The same, with what is not known yet as such."""
    config = job.get("resource_config")
    lists = [config.get(name) for name in _LISTS] if isinstance(config, Mapping) else [config]
    if any(is_deferred(each) or (isinstance(each, list) and any(map(is_deferred, each))) for each in lists):
        return [_NOT_KNOWN]
    return [
        {kind: None if _has_unknown_count(kind, groups) else count for kind, count in _counted(groups).items()}
        for groups in _alternatives(job)
    ]


def most_instances(job: Mapping[str, Any]) -> int:
    """The largest number of instances that the job may run on, at least one."""
    return max((sum(each.values()) for each in candidates(job)), default=1)


_LISTS = ("instance_preferences", "instance_groups")
_Groups = Sequence[Mapping[str, Any]]


def _alternatives(job: Mapping[str, Any]) -> list[_Groups]:
    """The groups of instances that stand together, for each alternative."""
    config = job.get("resource_config")
    if not isinstance(config, Mapping):
        return []
    members = cast("Mapping[str, Any]", config)
    preferences = list(_each(members.get("instance_preferences")))
    if preferences:
        shared = members.get("instance_count")  # once for the job, or on every preference
        return [[{"instance_count": shared, **each}] for each in preferences]
    return [_each(members.get("instance_groups")) or [members]]


def _each(listed: Any) -> list[Mapping[str, Any]]:
    return [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []


def _kind(group: Mapping[str, Any]) -> str:
    kind = group.get("instance_type")
    return kind if isinstance(kind, str) else ""


def _counted(groups: _Groups) -> Instances:
    found: dict[str, int] = {}
    for each in groups:
        kind, count = _kind(each), each.get("instance_count")
        found[kind] = found.get(kind, 0) + (int(count) if isinstance(count, int | float) else 1)
    return found


def _has_unknown_count(kind: str, groups: _Groups) -> bool:
    return any(_kind(each) == kind and is_deferred(each.get("instance_count")) for each in groups)
