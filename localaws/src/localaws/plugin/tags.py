"""Converts tags to the shapes that AWS's services use, and back."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

Tags: TypeAlias = dict[str, str]


def listed(tags: Mapping[str, str] | None, key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    """As a list of pairs, in the order of their keys."""
    return [{key: name, value: text} for name, text in sorted((tags or {}).items())]


def mapped(pairs: Iterable[Mapping[str, Any]] | None, key: str = "Key", value: str = "Value") -> Tags:
    """From a list of pairs, without AWS's own tags (`aws:…`)."""
    tags = {str(pair[key]): str(pair.get(value, "")) for pair in pairs or ()}
    return {name: text for name, text in tags.items() if not name.startswith("aws:")}
