"""Translates between the names of members in Python and in the API: `max_runtime_in_seconds`, `MaxRuntimeInSeconds`.

Input: a name, a path, or a tree of members. Output: the same under the other names. Nothing is validated.
"""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from pulumi.output import Output
from pydantic.alias_generators import to_pascal, to_snake

from sagemaker_constructs.api.tree import FREE_KEYS, renamed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sagemaker_constructs.api.tree import Path

_IRREGULAR = {"volume_size_in_gb": "VolumeSizeInGB"}
"""The names that the general rule (snake_case to PascalCase) gets wrong."""


@lru_cache(maxsize=1024)
def wire_name(name: str) -> str:
    """The API's name of a member: `max_runtime_in_seconds` is `MaxRuntimeInSeconds`."""
    return _IRREGULAR.get(name) or to_pascal(name)


@lru_cache(maxsize=1024)
def member_name(name: str) -> str:
    """The Python name of a member of the API: `MaxRuntimeInSeconds` is `max_runtime_in_seconds`."""
    return to_snake(name)


def wire_path(path: Path) -> Path:
    """A path of member names and positions under the API's names."""
    return tuple(
        part if isinstance(part, int) or (position > 0 and path[position - 1] in FREE_KEYS) else wire_name(part)
        for position, part in enumerate(path)
    )


def wire_form(members: Mapping[str, Any]) -> dict[str, Any]:
    """Members that were validated under the API's names, as CreateTrainingJob and UpdateTrainingJob take them."""
    return _renamed_in_outputs(members, wire_name)


def members_form(wire: Mapping[str, Any]) -> dict[str, Any]:
    """A request, or an answer, under the Python names."""
    return _renamed_in_outputs(wire, member_name)


def _renamed_in_outputs(tree: Any, name_of: Callable[[str], str]) -> Any:
    def within(leaf: Any) -> Any:
        return leaf.apply(partial(_renamed_in_outputs, name_of=name_of)) if isinstance(leaf, Output) else leaf

    return renamed(tree, name_of, within)
