"""Converts properties to the string maps in which SQS and SNS keep their settings, and back."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from localaws.plugin.values import Properties

Table: TypeAlias = Mapping[str, tuple[str, Callable[[str], Any]]]
"""For each property, the name of its attribute and the function that parses the string."""


def flag(text: str) -> bool:
    """The value of a switch."""
    return text == "true"


def texts(properties: Properties, table: Table) -> dict[str, str]:
    """The attributes of the properties that are given."""
    return {name: _text(properties[key]) for key, (name, _) in table.items() if key in properties}


def parsed(attributes: Mapping[str, str], table: Table) -> Properties:
    """The properties of the attributes that are there; None for the others."""
    return {key: read(attributes[name]) if attributes.get(name) else None for key, (name, read) in table.items()}


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
