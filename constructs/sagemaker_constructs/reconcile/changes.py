"""Compares two declarations of a job.

Input: two trees of members (snake_case, as in the resource's properties). Output: a tuple of `Change`s.
Lists whose items have names are compared by name, lists that AWS treats as sets without order, others in order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sagemaker_constructs.api.deferred import is_deferred
from sagemaker_constructs.reconcile.effects import Effect, effect_of

ITEM_NAMES: Mapping[str, str] = {
    "input_data_config": "channel_name",
    "tags": "key",
    "algorithm_specification.metric_definitions": "name",
    "resource_config.instance_groups": "instance_group_name",
    "debug_hook_config.collection_configurations": "collection_name",
    "debug_rule_configurations": "rule_configuration_name",
    "profiler_rule_configurations": "rule_configuration_name",
}
"""Lists whose items are told apart by a member of theirs; their order means nothing to SageMaker."""

UNORDERED = frozenset({"vpc_config.security_group_ids", "vpc_config.subnets"})
"""Lists of identifiers whose order means nothing."""


@dataclass(frozen=True, slots=True)
class Change:
    """One member that differs."""

    path: str
    """Where, from the root: `hyper_parameters.max_depth`, `input_data_config[train].content_type`."""
    plain: str
    """The same without the positions and names of items, as the tables have it: `input_data_config.content_type`."""
    old: Any
    """The value before; None where it was absent."""
    new: Any
    """The value after; None where it is absent, deferred where it is not known yet."""

    @property
    def member(self) -> str:
        """The top-level member, which is a property of the resource."""
        return self.plain.split(".", 1)[0]

    @property
    def effect(self) -> Effect:
        """What this change means, by the table of effects."""
        return effect_of(self.plain)


def changes_between(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Change, ...]:
    """Every difference of the members, sorted by path; absent, None, an empty list and an empty mapping are one."""
    return tuple(sorted(_differences("", "", old, new), key=lambda change: change.path))


def _differences(path: str, plain: str, old: Any, new: Any) -> Iterator[Change]:
    """Walk both sides at once. `path` is what people read; `plain` what the tables have.

    What is equal as a whole is not walked: nothing that is recorded is not known yet.
    """
    if old == new:
        return
    old, new = _absent_if_empty(old), _absent_if_empty(new)
    if is_deferred(new) or is_deferred(old):
        yield Change(path, plain, old, new)
    elif isinstance(old, Mapping) or isinstance(new, Mapping):
        yield from _mapping_differences(path, plain, old, new)
    elif isinstance(old, list) or isinstance(new, list):
        yield from _list_differences(path, plain, old, new)
    elif old != new:
        yield Change(path, plain, old, new)


def _mapping_differences(path: str, plain: str, old: Any, new: Any) -> Iterator[Change]:
    if not all(side is None or isinstance(side, Mapping) for side in (old, new)):
        yield Change(path, plain, old, new)
        return
    before, after = old or {}, new or {}
    for key in sorted({*before, *after}):
        yield from _differences(
            f"{path}.{key}" if path else key, f"{plain}.{key}" if plain else key, before.get(key), after.get(key)
        )


def _list_differences(path: str, plain: str, old: Any, new: Any) -> Iterator[Change]:
    if not all(side is None or isinstance(side, list) for side in (old, new)):
        yield Change(path, plain, old, new)
        return
    old, new, name = old or [], new or [], ITEM_NAMES.get(plain)
    if name and _named(old, name) and _named(new, name):
        before, after = ({item[name]: item for item in items} for items in (old, new))
        for key in sorted({*before, *after}):
            yield from _differences(f"{path}[{key}]", plain, before.get(key), after.get(key))
    elif plain in UNORDERED and not any(map(is_deferred, [*old, *new])):
        if sorted(old) != sorted(new):
            yield Change(path, plain, old or None, new or None)
    elif len(old) != len(new):
        yield Change(path, plain, old or None, new or None)
    else:
        for position, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from _differences(f"{path}[{position}]", plain, before, after)


def _named(items: list[Any], name: str) -> bool:
    """Whether every item has a name that is known and its own."""
    names = [item.get(name) if isinstance(item, Mapping) else None for item in items]
    return all(isinstance(each, str) for each in names) and len(set(names)) == len(names)


def _absent_if_empty(value: Any) -> Any:
    return None if isinstance(value, Mapping | list) and not value else value
