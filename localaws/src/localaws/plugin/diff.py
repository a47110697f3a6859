"""Compares inputs: declared with recorded ones for a diff, declared with live ones for a refresh."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from .resource import Resource
from .values import Properties, contains_unknown

Kind: TypeAlias = Literal["ADD", "DELETE", "UPDATE"]


@dataclass(frozen=True)
class Change:
    """One input that changes.

    Attributes:
        property: The input's name.
        path: Where in the input the change is, in the engine's notation.
        kind: Whether it is added, deleted or updated.
        replaces: Whether the change replaces the resource.
    """

    property: str
    path: str
    kind: Kind
    replaces: bool


def changes(row: Resource, olds: Properties, news: Properties) -> list[Change]:
    """Every difference between two sets of inputs."""
    keys = sorted(key for key in {*olds, *news} if not key.startswith("__"))
    return [
        Change(key, path, kind, key in row.replacing or (key in row.alternatives and kind != "UPDATE"))
        for key in keys
        if not same(row, key, olds.get(key), news.get(key))
        for path, kind in _paths(key, olds.get(key), news.get(key))
    ]


def same(row: Resource, key: str, old: Any, new: Any) -> bool:
    """Whether two values of an input are equivalent; an undeclared input is left as AWS has chosen it."""
    if new is None and key in row.outputs:
        return True
    return not contains_unknown(new) and _canonical(row, key, old) == _canonical(row, key, new)


def refreshed(row: Resource, inputs: Properties, live: Properties) -> Properties:
    """The live inputs, as recorded where they are equivalent, so that only drift is a change."""
    result = {key: _current(row, key, value, live) for key, value in inputs.items()}
    if live.get("tags") and "tags" not in inputs:
        result["tags"] = live["tags"]
    return {key: value for key, value in result.items() if value is not None}


def _current(row: Resource, key: str, recorded: Any, live: Properties) -> Any:
    if key not in live:
        return recorded
    covers = _canonical(row, key, recorded) == _canonical(row, key, live[key]) or (
        key != "tags" and _covers(recorded, live[key])
    )
    return recorded if covers else live[key]


def _covers(declared: Any, live: Any) -> bool:
    """Whether the live value has everything declared; it may have more."""
    match declared, live:
        case dict(), dict():
            return all(_covers(value, live.get(key)) for key, value in declared.items())
        case list(), list():
            return len(declared) == len(live) and all(map(_covers, declared, live))
        case _:
            return declared == live


def _canonical(row: Resource, key: str, value: Any) -> Any:
    if not value:  # to Terraform's providers, empty, zero and false are as good as not declared
        return None
    if key in row.documents and isinstance(value, str):
        return policy(value)
    if key in row.sets and isinstance(value, list):
        return sorted(value, key=_text)
    return value


def policy(document: str) -> Any:
    """A policy document in one form: a list of one is its element, and the order of a list means nothing."""
    try:
        return _policy(json.loads(document))
    except ValueError:
        return document


def _policy(value: Any) -> Any:
    match value:
        case dict():
            return {key: _policy(item) for key, item in value.items()}
        case [single]:
            return _policy(single)
        case list():
            return sorted(map(_policy, value), key=_text)
        case _:
            return value


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _paths(path: str, old: Any, new: Any) -> Iterator[tuple[str, Kind]]:
    match old, new:
        case dict(), dict():
            for key in sorted({*old, *new}):
                if old.get(key) != new.get(key):
                    yield from _paths(_member(path, key), old.get(key), new.get(key))
        case None, _:
            yield path, "ADD"
        case _, None:
            yield path, "DELETE"
        case _:
            yield path, "UPDATE"


def _member(path: str, key: str) -> str:
    return f"{path}.{key}" if key.replace("_", "").isalnum() else f"{path}[{json.dumps(key)}]"
