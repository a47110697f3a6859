"""The limits that botocore's service model puts on a value, as annotations of a type.

Each class holds the limits exactly as the model states them, so that a test can compare the two.
A value must match a pattern as a whole: AWS anchors patterns at both ends.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, get_args

from pydantic_core import core_schema

from sagemaker_constructs.api.alternatives import silent_first

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema

_JAVA_CLASSES = {r"\p{Alnum}": "a-zA-Z0-9", r"\d": "[0-9]", r"\w": "[a-zA-Z0-9_]"}
"""Classes that Java, which AWS matches with, spells differently or limits to ASCII."""

_EXACT = 2**53
"""Whole numbers below this are exact as floats."""

_BEYOND_LINEAR_TIME = ("(?<!", "{1,2048}")
"""What the linear-time engine lacks or refuses for its size; such patterns run on Python's."""


def scalar_text(value: object) -> object:
    """The text that the API wants for a number or a boolean: `3` for 3 and 3.0, `0.1`, `true`; others unchanged.

    The engine hands every number to a provider as a float, so a whole one is written without its fraction.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)
    return value


def _whole_number(value: object) -> object:
    if isinstance(value, timedelta):
        value = value.total_seconds()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _as_list(value: object) -> object:
    """Any sequence as a list. Not a set, for its order is chance; not an iterator, which can be read but once."""
    if isinstance(value, list) or not isinstance(value, Sequence) or isinstance(value, str | bytes):
        return value
    return list(value)


@dataclass(frozen=True, slots=True)
class Text:
    """A string of `minimum` to `maximum` characters that matches `pattern` as a whole."""

    minimum: int | None = None
    maximum: int | None = None
    pattern: str | None = None
    scalars: bool = False
    """Accept numbers and booleans, as people write them, and keep their text."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """A strict string schema; with `scalars` one more for what is no string, after the conversion."""
        pattern = self.pattern
        if pattern is not None:
            for java, other in _JAVA_CLASSES.items():
                pattern = pattern.replace(java, other)
        by_python = pattern is not None and any(part in pattern for part in _BEYOND_LINEAR_TIME)
        schema = core_schema.str_schema(
            strict=True,
            min_length=self.minimum or None,
            max_length=self.maximum,
            pattern=re.compile(rf"\A(?:{pattern})\Z", re.ASCII)
            if by_python
            else f"^(?:{pattern})$"
            if pattern
            else None,
        )
        if not self.scalars:
            return schema
        return silent_first(schema, core_schema.no_info_before_validator_function(scalar_text, schema))


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from `minimum` to `maximum`; a `timedelta` counts as its seconds."""

    minimum: int | None = None
    maximum: int | None = None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """A strict integer schema, and one after the conversion of whole floats, which is what the engine sends."""
        schema = core_schema.int_schema(strict=True, ge=self.minimum, le=self.maximum)
        return silent_first(schema, core_schema.no_info_before_validator_function(_whole_number, schema))


@dataclass(frozen=True, slots=True)
class Items:
    """A list of `minimum` to `maximum` items; any sequence is taken."""

    minimum: int | None = None
    maximum: int | None = None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """A list schema over the item type of the annotated `Sequence`."""
        return core_schema.no_info_before_validator_function(
            _as_list,
            core_schema.list_schema(
                handler.generate_schema(get_args(source)[0]),
                strict=True,
                min_length=self.minimum or None,
                max_length=self.maximum,
            ),
        )


@dataclass(frozen=True, slots=True)
class Pairs:
    """A mapping of at most `maximum` keys."""

    minimum: int | None = None
    maximum: int | None = None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """A dictionary schema over the key and value types of the annotated `Mapping`."""
        key, value = get_args(source)
        return core_schema.dict_schema(
            handler.generate_schema(key),
            handler.generate_schema(value),
            strict=False,
            min_length=self.minimum or None,
            max_length=self.maximum,
        )
