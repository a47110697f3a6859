"""Lists the members of a shape, with their types, limits and documentation.

Input: a shape class. Output: `Member`s, which the fluent builder, the reference and the tests read.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, cast, get_args, get_origin

from pydantic import BaseModel

from sagemaker_constructs.api.constraints import Items, Pairs, Text, Whole
from sagemaker_constructs.api.shape import Shape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Limits = Text | Whole | Items | Pairs


@dataclass(frozen=True, slots=True)
class Kind:
    """The type of a value, in the service model's terms."""

    type: Literal["structure", "list", "map", "string", "integer", "boolean"]
    limits: Limits | None = None
    choices: tuple[str, ...] = ()
    """The values of an enumeration."""
    shape: type[Shape] | None = None
    """The class of a structure."""
    key: Kind | None = None
    """The type of a map's keys."""
    item: Kind | None = None
    """The type of a list's items or of a map's values."""


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a shape."""

    name: str
    wire_name: str
    required: bool
    kind: Kind
    documentation: str


def _members_of(shape: type[Shape]) -> tuple[Member, ...]:
    documented = documentation(shape)
    return tuple(
        Member(
            name=name,
            wire_name=field.alias or name,
            required=field.is_required(),
            kind=kind_of(field.rebuild_annotation()),
            documentation=documented.get(name, ""),
        )
        for name, field in shape.model_fields.items()
    )


members_of: Callable[[type[Shape]], tuple[Member, ...]] = cache(_members_of)  # pyright: ignore[reportAssignmentType]
"""The members of a shape in the order of the API. They are found once, for their documentation is in the source."""


def documentation(model: type[BaseModel]) -> dict[str, str]:
    """The docstrings below the fields, read from the source only when they are asked for, because that is slow."""
    found: dict[str, str] = {}
    for owner in reversed(model.mro()):
        if not issubclass(owner, BaseModel) or owner in {BaseModel, Shape}:
            continue
        statements = ast.parse(inspect.getsource(owner)).body[0]
        for member, below in pairwise(cast("ast.ClassDef", statements).body):
            match member, below:
                case ast.AnnAssign(target=ast.Name(name)), ast.Expr(value=ast.Constant(value=str(text))):
                    found[name] = inspect.cleandoc(text)
                case _:
                    pass
    return found


def all_members(shape: type[Shape], path: str = "") -> Iterator[tuple[str, Member]]:
    """Every member at every depth with its path, for example `input_data_config[].data_source.s3_data_source`."""
    for member in members_of(shape):
        here = f"{path}{member.name}"
        yield here, member
        nested, suffix = (member.kind.item, "[]") if member.kind.type == "list" else (member.kind, "")
        if nested and nested.shape:
            yield from all_members(nested.shape, f"{here}{suffix}.")


def kind_of(annotation: Any) -> Kind:
    """The type in a member's annotation, whether or not the value may be deferred or absent."""
    base, limits = annotation, None
    if get_origin(annotation) is Annotated:
        base, *marks = get_args(annotation)
        limits = next((mark for mark in marks if isinstance(mark, Limits)), None)
    match limits:
        case Text():
            return Kind("string", limits)
        case Whole():
            return Kind("integer", limits)
        case Items():
            return Kind("list", limits, item=kind_of(_arguments(base, Sequence)[0]))
        case Pairs():
            key, value = _arguments(base, Mapping)
            return Kind("map", limits, key=kind_of(key), item=kind_of(value))
        case None:
            return _unlimited(base)


def _arguments(base: Any, collection: type) -> tuple[Any, ...]:
    forms = get_args(base) if get_origin(base) in {Union, UnionType} else (base,)
    return next(get_args(form) for form in forms if get_origin(form) is collection)


def _unlimited(base: Any) -> Kind:
    if get_origin(base) in {Union, UnionType}:
        return kind_of(next(form for form in get_args(base) if form is not NoneType))
    if get_origin(base) is Literal:
        return Kind("string", choices=get_args(base))
    if base is bool:
        return Kind("boolean")
    if isinstance(base, type) and issubclass(base, Shape):
        return Kind("structure", shape=base)
    raise TypeError(f"{base!r} is not a type of the API: it requires Text, Whole, Items or Pairs")
