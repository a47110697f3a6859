"""What every shape of the API has in common: how it is built, checked, read from and written to the wire form.

A nested shape is only recorded when it is built; the shape at the root checks the whole tree, so that one error
lists every mistake. Absent, empty and false are three different things: the wire form has the members that were set.
`None` means absent, as everywhere in Pulumi.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Self

from pulumi.output import Output
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_pascal
from pydantic_core import ValidationError

from sagemaker_constructs.api.mistakes import InvalidRequest, missing, mistakes_of

WIRE = {"wire": True}
"""Validation context while the wire form is read, where people's shorthands have no place."""

_WIRE_NAMES = {"volume_size_in_gb": "VolumeSizeInGB"}
"""The names that the general rule (snake_case to PascalCase) gets wrong."""


def wire_name(name: str) -> str:
    """The API's name of a member: `max_runtime_in_seconds` is `MaxRuntimeInSeconds`."""
    return _WIRE_NAMES.get(name) or to_pascal(name)


class _Recorded(type(BaseModel)):
    """Builds a nested shape without checking it; the root's check goes through the whole tree."""

    if not TYPE_CHECKING:

        def __call__(cls, /, **members: Any) -> Any:
            if cls.checks_when_built:
                return cls.from_members(members)
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
        use_attribute_docstrings=True,
        validate_by_alias=False,
        validate_by_name=True,
    )
    checks_when_built: ClassVar[bool] = False
    """Whether building this shape checks the tree below it. True for a shape that stands at the root."""

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Self:
        """Read the wire form (PascalCase names). Raises `InvalidRequest`, a ValueError, with every mistake."""
        return cls._read(wire, wire=True)

    @classmethod
    def from_members(cls, members: Mapping[str, Any]) -> Self:
        """Read snake_case members. Raises `InvalidRequest`, a ValueError, with every mistake."""
        return cls._read(members, wire=False)

    @classmethod
    def _read(cls, members: Mapping[str, Any], *, wire: bool, required: tuple[str, ...] = ()) -> Self:
        mistakes = [missing((name,)) for name in required if members.get(name) is None]
        try:
            shape = cls.model_validate(members, by_alias=wire, by_name=not wire, context=WIRE if wire else None)
        except ValidationError as error:
            raise InvalidRequest(cls.__name__, mistakes + mistakes_of(error)) from None
        if mistakes:
            raise InvalidRequest(cls.__name__, mistakes)
        return shape

    def to_wire(self) -> dict[str, Any]:
        """The members that were set, under the API's names, at every depth."""
        fields = type(self).model_fields
        return {fields[name].alias or name: _plain(value, wire=True) for name, value in self._present()}

    def to_members(self) -> dict[str, Any]:
        """The members that were set, under their snake_case names, at every depth: the properties of a resource."""
        return {name: _plain(value, wire=False) for name, value in self._present()}

    def _present(self) -> list[tuple[str, Any]]:
        members = self.__dict__
        return [
            (name, members[name])
            for name in type(self).model_fields
            if name in self.model_fields_set and members[name] is not None
        ]


def _plain(value: Any, *, wire: bool) -> Any:
    if isinstance(value, Shape):
        return value.to_wire() if wire else value.to_members()
    if isinstance(value, list | tuple):
        return [_plain(item, wire=wire) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item, wire=wire) for key, item in value.items()}
    if isinstance(value, Output):
        return value.apply(partial(_plain, wire=wire))
    return value
