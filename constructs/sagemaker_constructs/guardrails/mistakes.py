"""Describes the mistakes in a file of guardrails, in the words of the file.

Input: pydantic's or YAML's error. Output: a sentence each: where in the file, what stands there, and what is expected.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import yaml

from sagemaker_constructs.api.mistakes import path_text, shown
from sagemaker_constructs.api.similar_names import closest

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

_EXPECTED: Mapping[str, str] = {
    "bool": "true or false",
    "date": "a day, such as 2026-12-31",
    "decimal": "an amount in US dollars, such as 25.50",
    "dict": "a mapping",
    "finite": "an amount in US dollars, such as 25.50",
    "greater_than": "more than {gt}",
    "greater_than_equal": "at least {ge}",
    "int": "a whole number",
    "invalid_key": "a name, which is a text",
    "list": "a list",
    "mapping": "a mapping",
    "model": "a mapping",
    "string": "a text",
    "string_too_short": "a text that is not empty",
    "too_short": "at least one item",
    "tuple": "a list",
}
"""What must stand there, by pydantic's type of error, or by the first word of it."""


def sentence(details: ErrorDetails, rules: Collection[str], members: Mapping[str, Collection[str]]) -> str:
    """One mistake.

    Args:
        details: pydantic's.
        rules: the names of the rules.
        members: the names that may stand in the file, and in a waiver.
    """
    kind, path = details["type"], tuple(part for part in details["loc"] if part != "[key]")
    place = path_text(path)
    if kind == "missing":
        return f"{place} is required"
    if kind == "extra_forbidden":
        if path[0] in {"rules", "environments"}:
            return f"{place}: there is no rule {path[-1]!r}, expected {_name(path[-1], rules)}"
        names = members["waiver" if path[0] == "waivers" else "file"]
        return f"{place}: there is no {path[-1]!r}, expected {_name(path[-1], names)}"
    if kind == "value_error":
        return f"{place}: got {_shown(details['input'])}, expected {_name(details['input'], rules)}"
    expected = _EXPECTED.get(kind) or _EXPECTED.get(kind.partition("_")[0]) or details["msg"]
    return f"{place}: got {_shown(details['input'])}, expected {expected.format(**details.get('ctx', {}))}"


def sentences(
    error: ValidationError, rules: Collection[str], members: Mapping[str, Collection[str]]
) -> tuple[str, ...]:
    """All mistakes, in the order of the file's parts."""
    return tuple(sentence(details, rules, members) for details in error.errors(include_url=False))


def no_yaml(error: yaml.YAMLError) -> str:
    """Where the text of a file is no YAML, and why."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        mark = error.problem_mark
        why = ", ".join(filter(None, [error.context, error.problem]))
        return f"line {mark.line + 1}, column {mark.column + 1} is no YAML: {why}"
    return f"is no YAML: {' '.join(str(error).split())}"


def _name(given: object, names: Collection[str]) -> str:
    """The name that was probably meant, or all."""
    probably = closest(given, names) if isinstance(given, str) else None
    return probably or f"one of {', '.join(names)}"


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, date):
        return str(value)
    return "a mapping" if isinstance(value, dict) else shown(value, ())
