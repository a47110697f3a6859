"""Validates a JSON request against botocore's model of the service, and returns its known members."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

import botocore.session
import regex
from botocore.model import ListShape, MapShape, Shape, StructureShape

from localaws.server.errors import ServiceError, unknown_operation, validation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from botocore.model import ServiceModel

JAVA_SPELLINGS: Mapping[str, str] = {
    r"\p{Alnum}": "A-Za-z0-9",
    r"\uD800\uDC00-\uDBFF\uDFFF": r"\U00010000-\U0010FFFF",
    "${": "{",
}
"""What the models write as Java reads it, and as Python does: a class that is ASCII there, the pairs of surrogates that
are one character here, and a `$` that is repeated, which says nothing before the end of a whole match."""

JSON_TYPES: Mapping[str, tuple[type, ...]] = {
    "structure": (dict,),
    "map": (dict,),
    "list": (list,),
    "string": (str,),
    "blob": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "timestamp": (int, float),
}
JSON_NAMES: Mapping[type, str] = {
    bool: "TRUE_VALUE",
    int: "NUMBER_VALUE",
    float: "DECIMAL_VALUE",
    str: "STRING_VALUE",
    list: "START_ARRAY",
    dict: "START_OBJECT",
}


@lru_cache(maxsize=1)
def model() -> ServiceModel:
    """SageMaker, as botocore models it."""
    return botocore.session.get_session().get_service_model("sagemaker")


@lru_cache(maxsize=512)
def pattern(java: str) -> regex.Pattern[str]:
    """A pattern of the model, compiled for Python."""
    for there, here in JAVA_SPELLINGS.items():
        java = java.replace(there, here)
    return regex.compile(java)


def parse(operation: str, body: bytes) -> dict[str, Any]:
    """The checked request of a SageMaker operation; members that the model does not know are dropped, as AWS does.

    Raises:
        ServiceError: UnknownOperationException, SerializationException (not JSON, or a wrong type),
            or ValidationException that counts and lists every constraint that is broken.
    """
    if operation not in model().operation_names:
        raise unknown_operation(f"SageMaker.{operation}")
    try:
        request: Any = json.loads(body or b"{}")
    except ValueError as error:
        raise ServiceError("SerializationException", "The request body is not valid JSON.") from error
    shape = cast("Shape", model().operation_model(operation).input_shape)
    violations: list[str] = []
    known = read(shape, request, "", violations)
    if violations:
        noun = "error" if len(violations) == 1 else "errors"
        raise validation(f"{len(violations)} validation {noun} detected: {'; '.join(violations)}")
    return known


def read(shape: Shape, value: Any, path: str, violations: list[str]) -> Any:
    """A value converted to its shape; broken constraints are added to the violations."""
    if type(value) not in JSON_TYPES[shape.type_name]:
        got = JSON_NAMES.get(type(value), "VALUE")
        raise ServiceError("SerializationException", f"{got} can not be converted to {shape.type_name}")
    violations.extend(
        f"Value {java(value)} at '{path}' failed to satisfy constraint: {text}" for text in broken(shape, value)
    )
    if isinstance(shape, StructureShape):
        return structure(shape, value, path, violations)
    if isinstance(shape, ListShape):
        return [read(shape.member, item, f"{path}.{i}.member", violations) for i, item in enumerate(value, 1)]
    if isinstance(shape, MapShape):
        return mapping(shape, value, path, violations)
    return value


def structure(shape: StructureShape, value: dict[str, Any], path: str, violations: list[str]) -> dict[str, Any]:
    """The known members of a structure; a null counts as absent."""
    prefix = f"{path}." if path else ""
    present = {name: item for name, item in value.items() if name in shape.members and item is not None}
    violations.extend(
        f"Value null at '{prefix}{camel(name)}' failed to satisfy constraint: Member must not be null"
        for name in shape.required_members
        if name not in present
    )
    return {
        name: read(shape.members[name], item, f"{prefix}{camel(name)}", violations) for name, item in present.items()
    }


def mapping(shape: MapShape, value: dict[str, Any], path: str, violations: list[str]) -> dict[str, Any]:
    """A map, whose keys and values AWS reports together, naming every constraint of the side that breaks one."""
    for side, member, items in (("keys", shape.key, list(value)), ("value", shape.value, list(value.values()))):
        ignored: list[str] = []
        checked = [read(member, item, path, ignored) for item in items]
        if any(True for item in checked for _ in broken(member, item)):
            constraints = ", ".join(text for text, _ in constraints_of(member))
            violations.append(
                f"Value {java(value)} at '{path}' failed to satisfy constraint: "
                f"Map {side} must satisfy constraint: [{constraints}]"
            )
    return value


def broken(shape: Shape, value: Any) -> Iterator[str]:
    """The texts of the constraints that a value breaks."""
    return (text for text, holds in constraints_of(shape) if not holds(value))


def constraints_of(shape: Shape) -> Iterator[tuple[str, Callable[[Any], bool]]]:
    """Each constraint of a shape: AWS's text for it, and its test."""
    limits = shape.metadata
    sized = shape.type_name in {"string", "list", "map"}
    noun = "length" if sized else "value"

    def size(value: Any) -> float:
        return len(value) if sized else value

    if "max" in limits:
        yield f"Member must have {noun} less than or equal to {limits['max']}", lambda v: size(v) <= limits["max"]
    if "min" in limits:
        yield f"Member must have {noun} greater than or equal to {limits['min']}", lambda v: size(v) >= limits["min"]
    if "pattern" in limits:
        expression = str(limits["pattern"])
        yield (
            f"Member must satisfy regular expression pattern: {expression}",
            lambda v: pattern(expression).fullmatch(v) is not None,
        )
    if "enum" in limits:
        names = limits["enum"]
        yield f"Member must satisfy enum value set: [{', '.join(names)}]", lambda v: v in names


def camel(name: str) -> str:
    """A member's name as AWS's messages write it: `S3OutputPath` becomes `s3OutputPath`."""
    return name[:1].lower() + name[1:]


def java(value: Any) -> str:
    """A value as AWS's messages write it, secrets included: AWS repeats what it was sent."""
    return f"'{bare(value)}'"


def bare(value: Any) -> str:
    """A value as Java's toString would give it."""
    if isinstance(value, dict):
        items = cast("dict[str, Any]", value).items()
        return "{" + ", ".join(f"{name}={bare(item)}" for name, item in items) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(bare(item) for item in cast("list[Any]", value)) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)
