"""Validates values against the limits of botocore's service model, which are annotations of their types.

Input: an annotated type. Output: its pydantic schema. Each class has the limits exactly as the service model states
them, so that a test can compare the two. A value must match a pattern as a whole: AWS anchors patterns at both ends.
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
"""Character classes that Java, which AWS uses, writes differently or limits to ASCII."""

_EXACT = 2**53
"""Whole numbers below this are exact as floats."""

_BEYOND_LINEAR_TIME = ("(?<!", "{1,2048}")
"""Parts of patterns that pydantic's regex engine does not support; such patterns are compiled by Python."""


def scalar_text(value: object) -> object:
    """The string that the API takes for a number or a boolean: `3` for 3 and 3.0, `0.1`, `true`; others unchanged.

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
    """A sequence as a list. A set, which has no order, and an iterator, which is read only once, are not accepted."""
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
    """Whether numbers and booleans are accepted too, and converted to strings."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """A strict string schema; with `scalars` a second one, which converts other scalars first."""
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
    """A whole number from `minimum` to `maximum`; a `timedelta` is converted to seconds."""

    minimum: int | None = None
    maximum: int | None = None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """A strict integer schema, and one that converts whole floats first, which is what the engine sends."""
        schema = core_schema.int_schema(strict=True, ge=self.minimum, le=self.maximum)
        return silent_first(schema, core_schema.no_info_before_validator_function(_whole_number, schema))


@dataclass(frozen=True, slots=True)
class Items:
    """A list of `minimum` to `maximum` items; any sequence is accepted."""

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
