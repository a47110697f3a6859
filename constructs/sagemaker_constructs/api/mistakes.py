"""Describes the mistakes in a request: where each is, what was got and what is expected, or what cannot be combined.

Input: pydantic's error. Output: `Mistake`s, and `InvalidRequest`, which lists them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi import RunError

from sagemaker_constructs.api.alternatives import reported_errors
from sagemaker_constructs.api.names import ROLE_ARN_MEMBERS, S3_URI_PATTERN
from sagemaker_constructs.api.tree import FREE_KEYS
from sagemaker_constructs.api.wire import wire_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pydantic_core import ErrorDetails, ValidationError

    from sagemaker_constructs.api.tree import Path

_OF_SCALARS = FREE_KEYS | {wire_name(name) for name in FREE_KEYS}
"""Members whose values may be numbers and booleans, too, under both names."""
_CONFIDENTIAL = FREE_KEYS | {"container_arguments", "container_entrypoint"}
CONFIDENTIAL = _CONFIDENTIAL | {wire_name(name) for name in _CONFIDENTIAL}
"""Members whose values are never shown, because people put credentials there: under both names."""

HIDDEN = "a value that is not shown"
"""In place of a confidential value."""

_LONGEST_TEXT = 60

NO_MEMBER = "is not a member of the API"
"""What is wrong with a name that the API does not have."""

_PROBLEMS: Mapping[str, str] = {
    "missing": "is required",
    "extra_forbidden": NO_MEMBER,
}
"""What is wrong with a member as such, by pydantic's type of error."""

_EXPECTED: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "invalid_key": lambda _: "member names, which are strings",
    "string_type": lambda _: "a string",
    "string_too_short": lambda c: f"at least {c['min_length']} character(s)",
    "string_too_long": lambda c: f"at most {c['max_length']} character(s)",
    "string_pattern_mismatch": lambda c: _matching(_bare(c["pattern"])),
    "int_type": lambda _: "a whole number",
    "int_from_float": lambda _: "a whole number",
    "bool_type": lambda _: "true or false",
    "list_type": lambda _: "a list",
    "dict_type": lambda _: "a mapping",
    "model_type": lambda c: f"a {c['class_name']} or a mapping of its members",
    "model_attributes_type": lambda _: "a mapping of members",
    "float_type": lambda _: "a number",
    "finite_number": lambda _: "a finite number",
    "greater_than": lambda c: f"more than {c['gt']:g}",
    "greater_than_equal": lambda c: f"at least {c['ge']}",
    "less_than_equal": lambda c: f"at most {c['le']}",
    "literal_error": lambda c: f"one of {c['expected']}",
    "too_short": lambda c: f"at least {c['min_length']} item(s)",
    "too_long": lambda c: f"at most {c['max_length']} item(s)",
}
"""What a value must be, by pydantic's type of error."""


_IN_WORDS = {S3_URI_PATTERN: "s3://bucket/prefix"}
"""Patterns that say less than an example."""


def _matching(pattern: str) -> str:
    if pattern in _IN_WORDS:
        return _IN_WORDS[pattern]
    return "a single line, without a line break" if pattern in {".*", ".+"} else f"a value that matches {pattern}"


def _bare(pattern: str) -> str:
    return pattern.removeprefix("^").removeprefix(r"\A").removesuffix("$").removesuffix(r"\Z")[len("(?:") : -1]


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in a request: a value that is wrong, or a member that is wrong in combination with others."""

    path: Path
    """Member names and list positions, from the root."""
    got: str = ""
    """Of a wrong value: the value as it was written, or a text in place of one that must not be shown."""
    expected: str = ""
    """Of a wrong value: what it must be."""
    problem: str = ""
    """Of a wrong combination: a clause that follows the path, such as `requires vpc_config`."""

    def __str__(self) -> str:
        path = path_text(self.path)
        return f"{path} {self.problem}" if self.problem else f"{path}: got {self.got}, expected {self.expected}"


class InvalidRequest(ValueError, RunError):  # noqa: N818  the name that AWS uses
    """A request that SageMaker would reject. `mistakes` lists all of them, not only the first.

    Also a `pulumi.RunError`: a program that builds such a request ends with this text instead of a traceback.
    """

    def __init__(self, shape: str, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        count = f"{len(self.mistakes)} mistake{'s' if len(self.mistakes) != 1 else ''}"
        super().__init__("\n".join([f"{shape}: {count}", *(f"  - {mistake}" for mistake in self.mistakes)]))


class DeclarationError(ValueError, RunError):
    """Invalid arguments of a resource. The program ends with this text, without a traceback."""


def missing(path: Path) -> Mistake:
    """The mistake of an absent member that is required."""
    return Mistake(path, problem=_PROBLEMS["missing"])


def mistakes_of(error: ValidationError) -> list[Mistake]:
    """The mistakes in pydantic's error, in the order of the members."""
    return [_mistake(details) for details in reported_errors(error)]


def path_text(path: Path) -> str:
    """A path as text, `input_data_config[0].data_source`; keys that are no identifiers are quoted."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif part.isidentifier() and len(part) <= _LONGEST_TEXT:
            text += f".{part}" if text else part
        else:
            text += f"[{_short(repr(part))}]"
    return text or "request"


def shown(value: object, path: Path) -> str:
    """A value as a message may show it: never a confidential one, and of a collection only its type."""
    if value is None:
        return "None"
    if isinstance(value, str | int | float):
        return HIDDEN if CONFIDENTIAL.intersection(path) else _short(repr(value))
    return f"{'an' if type(value).__name__[0] in 'aeiouAEIOU' else 'a'} {type(value).__name__}"


def _short(text: str) -> str:
    """A quoted text, cut where it is long; the quote is closed, so that the end of what is shown is seen."""
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}…{text[-1]} ({len(text)} characters)"


def _mistake(details: ErrorDetails) -> Mistake:
    kind = details["type"]
    path = tuple(part for part in details["loc"] if part != "[key]")
    if kind in _PROBLEMS:
        return Mistake(path, problem=_PROBLEMS[kind])
    if kind == "string_type" and details["loc"][-2:-1] and details["loc"][-2] in _OF_SCALARS:
        return Mistake(path, shown(details["input"], path), "a string, a number or a boolean")
    expected = _EXPECTED.get(kind)
    if path and path[-1] in ROLE_ARN_MEMBERS and kind.startswith("string_") and _is_no_arn(details["input"]):
        return Mistake(path, shown(details["input"], path), "the ARN of a role, not its name")
    return Mistake(
        path=path,
        got=shown(details["input"], path),
        expected=expected(details.get("ctx", {})) if expected else details["msg"],
    )


def _is_no_arn(value: object) -> bool:
    return isinstance(value, str) and bool(value) and not value.startswith("arn:")
