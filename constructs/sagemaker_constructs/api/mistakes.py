"""What is wrong with a request: where, what was got, what is expected.

Input: pydantic's error. Output: `Mistake`s, and `InvalidRequest`, which lists them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi import RunError

from sagemaker_constructs.api.tree import FREE_KEYS
from sagemaker_constructs.api.wire import wire_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pydantic_core import ErrorDetails, ValidationError

    from sagemaker_constructs.api.tree import Path

_CONFIDENTIAL = FREE_KEYS | {"container_arguments", "container_entrypoint"}
CONFIDENTIAL = _CONFIDENTIAL | {wire_name(name) for name in _CONFIDENTIAL}
"""Members whose values are never shown, for people put credentials there."""

_LONGEST_TEXT = 60

_EXPECTED: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "missing": lambda _: "a value: the member is required",
    "extra_forbidden": lambda _: "no member of this name here: the API has none",
    "invalid_key": lambda _: "names of members, which are strings",
    "string_type": lambda _: "a string",
    "string_too_short": lambda c: f"at least {c['min_length']} character(s)",
    "string_too_long": lambda c: f"at most {c['max_length']} character(s)",
    "string_pattern_mismatch": lambda c: f"a value that matches {_bare(c['pattern'])}",
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


def _bare(pattern: str) -> str:
    return pattern.removeprefix("^").removeprefix(r"\A").removesuffix("$").removesuffix(r"\Z")[len("(?:") : -1]


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing wrong with a request."""

    path: Path
    """Where: member names and list positions from the root."""
    got: str
    """The value as it was written, or what stands in its place where it must not be shown."""
    expected: str
    """What would have been right."""

    def __str__(self) -> str:
        return f"{path_text(self.path)}: got {self.got}, expected {self.expected}"


class InvalidRequest(ValueError, RunError):  # noqa: N818  named after what it is: AWS calls it so
    """A request that SageMaker would refuse. `mistakes` has all of them, not only the first.

    Also a `pulumi.RunError`: a program that builds such a request ends with this text instead of a traceback.
    """

    def __init__(self, shape: str, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        count = f"{len(self.mistakes)} mistake{'s' if len(self.mistakes) != 1 else ''}"
        super().__init__("\n".join([f"{shape}: {count}", *(f"  - {mistake}" for mistake in self.mistakes)]))


class DeclarationError(ValueError, RunError):
    """A resource was declared in a way that cannot be meant. The program ends with this text, without a traceback."""


def missing(path: Path) -> Mistake:
    """The mistake of leaving a required member out."""
    return Mistake(path, "nothing", _EXPECTED["missing"]({}))


def mistakes_of(error: ValidationError) -> list[Mistake]:
    """The mistakes in pydantic's error, in the order of the members."""
    return [_mistake(details) for details in error.errors(include_url=False)]


def path_text(path: Path) -> str:
    """`input_data_config[0].data_source` for its path; a key of a mapping stands in quotes if it must."""
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
    """A value as a message may show it: never a confidential one, and of collections only what they are."""
    if CONFIDENTIAL.intersection(path):
        return "a value that is not shown"
    if value is None or isinstance(value, str | int | float):
        return _short(repr(value))
    return f"a {type(value).__name__}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}… ({len(text)} characters)"


def _mistake(details: ErrorDetails) -> Mistake:
    kind = details["type"]
    path = tuple(part for part in details["loc"] if part != "[key]")
    if kind == "missing":
        return missing(path)
    expected = _EXPECTED.get(kind)
    return Mistake(
        path=path,
        got="a value" if kind == "extra_forbidden" else shown(details["input"], path),
        expected=expected(details.get("ctx", {})) if expected else details["msg"],
    )
