"""Defines tags: a list of keys and values in the API, which a program may also write as a mapping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, cast

from pydantic_core import core_schema

from sagemaker_constructs.api.constraints import Items, Text
from sagemaker_constructs.api.deferred import Input
from sagemaker_constructs.api.shape import WIRE, Shape

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema

TagKey: TypeAlias = Annotated[str, Text(1, 128, r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)")]
TagValue: TypeAlias = Annotated[str, Text(0, 256, r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)")]


class Tag(Shape):
    """A key and a value, for cost allocation, access control and search."""

    key: Input[TagKey]
    """Unique on the job. The prefix `aws:` is reserved."""
    value: Input[TagValue]
    """May be empty."""


@dataclass(frozen=True, slots=True)
class _FromMapping(Items):
    """A list of tags, which a program may also write as a mapping."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """The list's schema after the conversion of a mapping, which is not accepted in the wire form."""
        tags = Items.__get_pydantic_core_schema__(self, Sequence[Input[Tag]], handler)
        return core_schema.with_info_before_validator_function(_tag_list, tags)


def _tag_list(value: object, info: core_schema.ValidationInfo[Any]) -> object:
    if isinstance(value, Mapping) and info.context is not WIRE:
        return tag_list(cast("Mapping[str, Any]", value))
    return value


def tag_list(tags: Mapping[str, Input[str]]) -> list[Tag]:
    """A mapping of tags, as Pulumi programs write it, converted to the API's list."""
    return [Tag(key=key, value=text) for key, text in tags.items()]


Tags: TypeAlias = Annotated[Sequence[Input[Tag]] | Mapping[str, Input[str]], _FromMapping(0, 50)]
