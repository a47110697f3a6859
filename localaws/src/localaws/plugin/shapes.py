"""Converts between the camelCase of properties and the PascalCase of AWS's requests and answers."""

from collections.abc import Callable
from typing import Any

from .values import Properties


def pascal(value: Any) -> Any:
    """Properties, at any depth, with the names that requests use."""
    return _renamed(value, member)


def camel(value: Any) -> Any:
    """An answer, at any depth, with the names that properties use."""
    return _renamed(value, _name)


def member(name: str) -> str:
    """A property's name as a member of a request."""
    return name[:1].upper() + name[1:]


def request(properties: Properties, *names: str) -> Properties:
    """The named properties that are given, as members of a request."""
    return {
        key: value for key, value in pascal({name: properties.get(name) for name in names}).items() if value is not None
    }


def attributes(answer: Properties, *names: str) -> Properties:
    """The named properties, taken from members of an answer; None where the answer has none."""
    return {name: camel(answer.get(member(name))) for name in names}


def _name(key: str) -> str:
    return key[:1].lower() + key[1:]


def _renamed(value: Any, rename: Callable[[str], str]) -> Any:
    match value:
        case dict():
            return {rename(key): _renamed(item, rename) for key, item in value.items()}
        case list():
            return [_renamed(item, rename) for item in value]
        case _:
            return value
