"""Validates a value by the first of two schemas that accepts it, and reports the errors of one of them.

Input: schemas, or pydantic's error. Output: a schema that is evaluated without a call into Python, or the errors to
report, each once and at the location of its value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic_core import core_schema

if TYPE_CHECKING:
    from pydantic_core import CoreSchema, ErrorDetails, ValidationError

_REPORTED, _SILENT = "[reported]", "[silent]"
"""Parts that the alternatives add to the locations of their errors."""


def reported_first(first: CoreSchema, otherwise: CoreSchema) -> CoreSchema:
    """A value that `first` accepts, or else `otherwise`, whose errors are silent."""
    return core_schema.union_schema([(first, _REPORTED), (otherwise, _SILENT)], mode="left_to_right")


def silent_first(first: CoreSchema, otherwise: CoreSchema) -> CoreSchema:
    """A value that `first` accepts, whose errors are silent, or else `otherwise`."""
    return core_schema.union_schema([(first, _SILENT), (otherwise, _REPORTED)], mode="left_to_right")


def reported_errors(error: ValidationError) -> list[ErrorDetails]:
    """The errors without those of silent alternatives, each of which is that a single value is refused."""
    return [
        {**details, "loc": tuple([part for part in details["loc"] if part != _REPORTED])}
        for details in error.errors(include_url=False)
        if details["loc"][-1:] != (_SILENT,)
    ]
