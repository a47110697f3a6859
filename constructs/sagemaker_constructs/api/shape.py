"""Builds, validates and serializes the shapes of the API.

Input: the members of a shape. Output: the shape, and its members as mappings, under either kind of name.

A nested shape is not validated when it is built; the root validates the whole tree, so that one error lists every
mistake. Absent, empty and false are three different values: only members that were set are sent. `None` means absent,
as everywhere in Pulumi.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, dataclass_transform

from pulumi.output import Output
from pydantic import BaseModel, ConfigDict, Field

from sagemaker_constructs.api.mistakes import CONFIDENTIAL
from sagemaker_constructs.api.tree import SCALARS, mapped
from sagemaker_constructs.api.wire import wire_form, wire_name

WIRE = {"wire": True}
"""Validation context for the wire form, in which shorthands are not accepted."""


@dataclass_transform(kw_only_default=True, field_specifiers=(Field,))
class _Recorded(type(BaseModel)):
    """Builds a nested shape without validating it; the root validates the whole tree."""

    if not TYPE_CHECKING:

        def __call__(cls, /, **members: Any) -> Any:
            if cls.checks_when_built:
                return cls.built(members)
            shape = cls.__new__(cls)
            absent = {name: field.default for name, field in cls.model_fields.items() if not field.is_required()}
            object.__setattr__(shape, "__dict__", {**absent, **members})
            object.__setattr__(shape, "__pydantic_fields_set__", set(members))
            object.__setattr__(shape, "__pydantic_extra__", None)
            object.__setattr__(shape, "__pydantic_private__", None)
            return shape


class Shape(BaseModel, metaclass=_Recorded):
    """A structure of the API: frozen, no unknown members, snake_case names with the API's names as aliases."""

    model_config = ConfigDict(
        alias_generator=wire_name,
        defer_build=True,
        extra="forbid",
        frozen=True,
        loc_by_alias=True,
        protected_namespaces=(),
        revalidate_instances="always",
        strict=True,
        validate_by_alias=False,
        validate_by_name=True,
    )
    checks_when_built: ClassVar[bool] = False
    """Whether building this shape validates the tree below it. True for a root."""

    def to_wire(self) -> dict[str, Any]:
        """The members that were set, under the API's names, at every depth."""
        return wire_form(self.to_members())

    def to_members(self) -> dict[str, Any]:
        """The members that were set, under their snake_case names, at every depth: the properties of a resource."""
        return {
            name: value if type(value) in SCALARS else plain(value)
            for name, value in self.__dict__.items()
            if value is not None
        }

    def __repr_args__(self) -> list[tuple[str, Any]]:
        """The members that were set; confidential values are left out."""
        return [
            (name, ... if name in CONFIDENTIAL else value) for name, value in self.__dict__.items() if value is not None
        ]


def plain(value: Any) -> Any:
    """A value with its shapes converted to mappings of their members, also within Outputs."""
    return value.to_members() if isinstance(type(value), _Recorded) else mapped(value, _plain_leaf)


def is_shape(value: object) -> bool:
    """Whether a value is a shape. Tests its metaclass, because pydantic's own `isinstance` is slow."""
    return isinstance(type(value), _Recorded)


def _plain_leaf(value: Any) -> Any:
    if is_shape(value):
        return value.to_members()
    if isinstance(value, Output):
        return value.apply(plain)
    if isinstance(value, timedelta):  # only within an Output, where nothing was validated yet
        return int(value.total_seconds())
    return value
