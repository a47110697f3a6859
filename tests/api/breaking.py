"""Breaks a request in every way that botocore's model rules out, one at a time.

Input: a right request. Output: broken copies of it, each with the path of what is broken.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from service_model import READ_ONLY, Path, Request, changed, request_shape

if TYPE_CHECKING:
    from collections.abc import Iterator

PEOPLE_WRITE_SCALARS = frozenset({"HyperParameterValue", "TrainingEnvironmentValue", "ConfigValue"})
"""Strings for which numbers and booleans are accepted too."""
OPEN_ENUMERATIONS = frozenset({"TrainingInstanceType", "ProcessingInstanceType"})
"""Enumerations of which any well-formed value is accepted."""

SET_BY_THE_RESOURCE = frozenset({("TrainingJobName",), ("RoleArn",)})
"""Members that the API requires and that a spec may leave out."""


class Broken(NamedTuple):
    """One broken request."""

    what: str
    path: Path
    request: Request


def breakages(request: Request) -> Iterator[Broken]:
    """Broken copies of the request."""
    for path, what, value in _structure(request_shape(), request, ()):
        yield Broken(what, path, changed(request, path, value) if path else value)


Break = tuple[Path, str, Any]


def _any(shape: Any, value: Any, path: Path) -> Iterator[Break]:
    yield from _BY_TYPE[shape.type_name](shape, value, path)


def _structure(shape: Any, value: Request, path: Path) -> Iterator[Break]:
    if path:
        yield path, "type", "no structure"
    yield (*path, "NoSuchMember"), "unknown member", "value"
    for name in shape.required_members:
        if (*path, name) not in SET_BY_THE_RESOURCE:
            yield (*path, name), "required", ...
    for name, member in value.items():
        if (*path, name) not in READ_ONLY:
            yield from _any(shape.members[name], member, (*path, name))


def _list(shape: Any, value: list[Any], path: Path) -> Iterator[Break]:
    yield path, "type", "no list"
    yield path, "type", {"no": "list"}
    if shape.metadata.get("min"):
        yield path, "minimum", []
    if "max" in shape.metadata and value:
        yield path, "maximum", value[:1] * (shape.metadata["max"] + 1)
    for position, item in enumerate(value):
        yield from _any(shape.member, item, (*path, position))


def _map(shape: Any, value: dict[str, Any], path: Path) -> Iterator[Break]:
    yield path, "type", ["no mapping"]
    yield path, "maximum", {f"k{number}": "v" for number in range(shape.metadata["max"] + 1)}
    for key in _wrong_texts(shape.key):
        yield (*path, key), "key", "value"
    for key, item in value.items():
        yield from _any(shape.value, item, (*path, key))


def _string(shape: Any, _value: str, path: Path) -> Iterator[Break]:
    yield path, "type", ["no text"]
    yield path, "type", {"no": "text"}
    if shape.name not in PEOPLE_WRITE_SCALARS:
        yield path, "type", 7
        yield path, "type", True
    if shape.name in OPEN_ENUMERATIONS:
        yield path, "enumeration", "t3.large"
        yield path, "enumeration", ""
    elif shape.enum:
        yield path, "enumeration", "NoSuchValue"
        yield path, "enumeration", shape.enum[0].swapcase()
    for text in _wrong_texts(shape):
        yield path, "text", text


def _wrong_texts(shape: Any) -> Iterator[str]:
    minimum, maximum = shape.metadata.get("min", 0), shape.metadata.get("max")
    if minimum:
        yield "a" * (minimum - 1)
    if maximum is not None:
        yield "a" * (maximum + 1)
    pattern = shape.metadata.get("pattern")
    if pattern is None:
        return
    python_pattern = re.compile(pattern.replace(r"\p{Alnum}", "a-zA-Z0-9").replace(r"\p{L}\p{Z}\p{N}", r"\w\s"))
    for text in ("!", "a\nb", "\n", "é!", "arn:aws:nothing"):
        fits = minimum <= len(text) and (maximum is None or len(text) <= maximum)
        if fits and not python_pattern.fullmatch(text):
            yield text


def _number(shape: Any, _value: int, path: Path) -> Iterator[Break]:
    for wrong in ("7", 7.5, True, [7]):
        yield path, "type", wrong
    if "min" in shape.metadata:
        yield path, "minimum", shape.metadata["min"] - 1
    if "max" in shape.metadata:
        yield path, "maximum", shape.metadata["max"] + 1


def _boolean(_shape: Any, _value: bool, path: Path) -> Iterator[Break]:
    for wrong in ("true", 1, 0, []):
        yield path, "type", wrong


_BY_TYPE = {
    "structure": _structure,
    "list": _list,
    "map": _map,
    "string": _string,
    "integer": _number,
    "long": _number,
    "boolean": _boolean,
}
