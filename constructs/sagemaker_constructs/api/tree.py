"""Walks a tree of members, which consists of nested mappings and lists and the values at its leaves.

Input: members, under either kind of name. Output: leaves with their paths, or a tree of the same form. Everything that
is neither a mapping nor a list is a leaf.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Path: TypeAlias = tuple[str | int, ...]
"""Member names, keys and list positions, from the root."""

FREE_KEYS = frozenset(
    {"hyper_parameters", "environment", "rule_parameters", "hook_parameters", "collection_parameters"}
    | {"profiling_parameters"}
)
"""Members whose keys are the user's, not the API's."""

SCALARS = frozenset({str, int, float, bool, type(None)})
"""The types of most leaves."""
_MAPPINGS = (dict, Mapping)
_LISTS = (list, tuple)
"""The common type comes first: a test against an abstract class takes longer than a step of the walk."""


class Leaf(NamedTuple):
    """One value of a tree."""

    path: Path
    value: Any

    @property
    def plain(self) -> str:
        """The path without list positions, as the tables of members have it."""
        return plain_path(self.path)


def plain_path(path: Path) -> str:
    """A path without list positions: `input_data_config.channel_name` for the name of any channel."""
    return ".".join([part for part in path if isinstance(part, str)])


@cache
def parts_of(plain: str) -> tuple[str, ...]:
    """The parts of a path without list positions. Below a member with free keys the rest is one key, dots and all."""
    parts = plain.split(".")
    for position, part in enumerate(parts[:-1], start=1):
        if part in FREE_KEYS:
            return (*parts[:position], ".".join(parts[position:]))
    return tuple(parts)


def leaves(tree: Any) -> list[Leaf]:
    """Every leaf, in the order of the tree."""
    found: list[Leaf] = []
    _collect(tree, (), found)
    return found


def _collect(tree: Any, path: Path, found: list[Leaf]) -> None:
    if type(tree) in SCALARS:
        found.append(Leaf(path, tree))
    elif isinstance(tree, _MAPPINGS):
        for key, item in tree.items():
            _collect(item, (*path, key), found)
    elif isinstance(tree, _LISTS):
        for position, item in enumerate(tree):
            _collect(item, (*path, position), found)
    else:
        found.append(Leaf(path, tree))


def leaf_values(tree: Any) -> Iterator[Any]:
    """Every leaf without its path, in no order."""
    rest = [tree]
    while rest:
        value = rest.pop()
        if type(value) in SCALARS:
            yield value
        elif isinstance(value, _MAPPINGS):
            rest.extend(value.values())
        elif isinstance(value, _LISTS):
            rest.extend(value)
        else:
            yield value


def _unchanged(leaf: Any) -> Any:
    return leaf


def mapped(tree: Any, change: Callable[[Any], Any] = _unchanged) -> Any:
    """The same tree in mappings and lists of its own, with what `change` makes of each leaf that is no scalar."""
    if type(tree) in SCALARS:
        return tree
    if isinstance(tree, _MAPPINGS):
        return {key: item if type(item) in SCALARS else mapped(item, change) for key, item in tree.items()}
    if isinstance(tree, _LISTS):
        return [mapped(item, change) for item in tree]
    return change(tree)


def renamed(tree: Any, name_of: Callable[[str], str], change: Callable[[Any], Any] = _unchanged) -> Any:
    """The same under other names of its members, with the leaves changed that are no scalars; a user's keys stay."""
    if type(tree) in SCALARS:
        return tree
    if isinstance(tree, _MAPPINGS):
        new: dict[str, Any] = {}
        for name, item in tree.items():
            other = name_of(name)
            if name in FREE_KEYS or other in FREE_KEYS:
                new[other] = dict(item) if isinstance(item, _MAPPINGS) else item
            else:
                new[other] = renamed(item, name_of, change)
        return new
    if isinstance(tree, _LISTS):
        return [renamed(item, name_of, change) for item in tree]
    return change(tree)


def pruned(tree: Any, dropped: Callable[[str, Any], bool], plain: str = "") -> Any:
    """The tree without the values for whose plain path `dropped` is true; None where nothing is left.

    A mapping or a list that is empty, or becomes so, is dropped too. An item of a list is never dropped alone, for
    that would change the positions of the others: it is replaced by None.
    """
    if plain and dropped(plain, tree):
        return None
    if type(tree) in SCALARS:
        return tree
    if isinstance(tree, _MAPPINGS):
        below = f"{plain}." if plain else ""
        kept = {key: pruned(item, dropped, f"{below}{key}") for key, item in tree.items()}
        return {key: item for key, item in kept.items() if item is not None} or None
    if isinstance(tree, _LISTS):
        return [pruned(item, dropped, plain) for item in tree] or None
    return tree


def values_at(tree: Any, plain: str) -> Iterator[Any]:
    """The values at a path without list positions, in every item of the lists on the way; absent ones are left out.

    Where the path goes on below a value that has no members, that value: it is deferred as a whole.
    """
    return _values_at(tree, parts_of(plain))


def _values_at(tree: Any, parts: tuple[str, ...]) -> Iterator[Any]:
    if isinstance(tree, _LISTS):
        for item in tree:
            yield from _values_at(item, parts)
    elif parts and isinstance(tree, _MAPPINGS):
        yield from _values_at(tree.get(parts[0]), parts[1:])
    elif tree is not None:
        yield tree


def value_at(tree: Any, path: Path) -> Any:
    """The value at a path with list positions; None where there is none."""
    for part in path:
        if isinstance(tree, _MAPPINGS):
            tree = tree.get(part)
        elif isinstance(part, int) and isinstance(tree, _LISTS):
            tree = tree[part] if part < len(tree) else None
        else:
            return None
    return tree
