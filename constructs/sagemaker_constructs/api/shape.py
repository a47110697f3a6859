"""Builds, validates and serializes the shapes of the API.

Input: the members of a shape. Output: the shape, and its members as mappings, under either kind of name.

A nested shape is not validated when it is built; the root validates the whole tree, so that one error lists every
mistake. Absent, empty and false are three different values: only members that were set are sent. `None` means absent,
as everywhere in Pulumi.
"""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, dataclass_transform

from pulumi.output import Output
from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import override

from sagemaker_constructs.api.credentials import without_credentials
from sagemaker_constructs.api.tree import SCALARS, mapped
from sagemaker_constructs.api.wire import wire_form, wire_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    from pydantic._internal._model_construction import ModelMetaclass  # mypy accepts no computed base class
else:
    ModelMetaclass = type(BaseModel)

WIRE = {"wire": True}
"""Validation context for the wire form, in which shorthands are not accepted."""


@dataclass_transform(kw_only_default=True, field_specifiers=(Field,))
class _Recorded(ModelMetaclass):
    """Builds a nested shape without validating it; the root validates the whole tree."""

    if not TYPE_CHECKING:

        def __call__(cls, /, **members: Any) -> Any:  # noqa: N805  of a metaclass
            if cls.checks_when_built:
                return cls.built(members)
            shape = cls.__new__(cls)
            object.__setattr__(shape, "__dict__", {**_absent_members(cls), **members})
            object.__setattr__(shape, "__pydantic_fields_set__", set(members))
            object.__setattr__(shape, "__pydantic_extra__", None)
            object.__setattr__(shape, "__pydantic_private__", None)
            return shape


@cache
def _absent_members(shape: type[BaseModel]) -> dict[str, Any]:
    """The optional members of a shape, with their defaults."""
    return {name: field.default for name, field in shape.model_fields.items() if not field.is_required()}


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

    @override
    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """The same with other members, by their snake_case names; None removes one.

        It is built as by the constructor: a request is validated as a whole, any other shape by the request that it
        becomes part of.

        Args:
            update: the members that are other.
            deep: whether to copy mutable values too; what is validated is a copy anyway.

        Raises:
            InvalidRequest: a ValueError that lists every mistake of a request, unknown names among them.
        """
        return type(self)(**{**(deepcopy(self._given) if deep else self._given), **(update or {})})

    if not TYPE_CHECKING:
        copy = model_copy  # pydantic's older name of it, which would validate nothing

    @property
    def _given(self) -> dict[str, Any]:
        """The members that were set, as they were set."""
        return {name: value for name, value in self.__dict__.items() if value is not None}

    def __repr_args__(self) -> list[tuple[str, Any]]:
        """The members that were set; a value that contains a credential is masked."""
        return list(without_credentials(self._given).items())


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
