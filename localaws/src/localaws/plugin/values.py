"""Converts protobuf structs to plain Python values, and back."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

from google.protobuf.struct_pb2 import NULL_VALUE, ListValue, Struct, Value

Properties: TypeAlias = dict[str, Any]

UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""A value that a preview cannot know: the engine writes it as this string."""
SECRET: Final = ("4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270")
"""The member that makes a struct a secret; its value is the member `value`."""


def decoded(struct: Struct) -> Properties:
    """The struct as a dictionary; whole numbers are ints, null members are left out.

    A secret is its value: the engine wraps those of an explicit provider's inputs.
    """
    return {key: _decoded(value) for key, value in struct.fields.items() if value.WhichOneof("kind") != "null_value"}


def encoded(properties: Mapping[str, Any]) -> Struct:
    """The properties as a struct; members that are None are left out."""
    return Struct(fields={key: _encoded(value) for key, value in properties.items() if value is not None})


def is_secret(value: Any) -> bool:
    """Whether a value is the struct that the engine makes of a secret, encrypted or not."""
    return isinstance(value, dict) and SECRET in value.items()


def contains_unknown(value: Any) -> bool:
    """Whether any part of the value is not known yet."""
    match value:
        case dict():
            return any(map(contains_unknown, value.values()))
        case list():
            return any(map(contains_unknown, value))
        case _:
            return value == UNKNOWN


def _decoded(value: Value) -> Any:
    match value.WhichOneof("kind"):
        case "struct_value":
            members = decoded(value.struct_value)
            return members.get("value") if is_secret(members) else members
        case "list_value":
            return [_decoded(item) for item in value.list_value.values]
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "bool_value":
            return value.bool_value
        case "string_value":
            return value.string_value
        case _:
            return None


def _encoded(value: Any) -> Value:
    match value:
        case None:
            return Value(null_value=NULL_VALUE)
        case bool():
            return Value(bool_value=value)
        case int() | float():
            return Value(number_value=value)
        case str():
            return Value(string_value=value)
        case Mapping():
            return Value(struct_value=encoded(value))
        case Sequence():
            return Value(list_value=ListValue(values=[_encoded(item) for item in value]))
        case _:
            raise TypeError(f"a {type(value).__name__} cannot be sent to the engine: {value!r}")
