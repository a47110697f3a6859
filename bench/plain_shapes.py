"""The shapes of the API as plain pydantic models: the same members, types and limits.

Input: a shape, or a spec. Output: models that forbid unknown members, as ours do, and what builds the spec of them.
They accept no Outputs, no numbers as text and no `timedelta`, do not know the API's names, and check nothing between
members. Each is validated when it is built.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from sagemaker_constructs.api.constraints import Items, Pairs, Text, Whole
from sagemaker_constructs.api.members import Kind, members_of
from sagemaker_constructs.api.shape import Shape

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def plain_shapes(shape: type[Shape]) -> dict[type[Shape], type[BaseModel]]:
    """The plain model of a shape and of each below it."""
    made: dict[type[Shape], type[BaseModel]] = {}
    _make(shape, made)
    return made


def construction(spec: Shape, models: Mapping[type[Shape], type[BaseModel]] | None = None) -> Callable[[], Any]:
    """What builds the spec of its shapes, as a program writes it; of the models that stand for them, if given."""
    names: dict[str, Any] = {}
    expression = _expression(spec, names, models or {})
    return eval(f"lambda: {expression}", names)


def _make(shape: type[Shape], made: dict[type[Shape], type[BaseModel]]) -> type[BaseModel]:
    if shape not in made:
        members: dict[str, Any] = {
            member.name: (_type(member.kind, made), ...) if member.required else (_type(member.kind, made) | None, None)
            for member in members_of(shape)
        }
        config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())
        made[shape] = create_model(shape.__name__, __config__=config, **members)
    return made[shape]


def _type(kind: Kind, made: dict[type[Shape], type[BaseModel]]) -> Any:
    match kind:
        case Kind(choices=(_, *_) as choices):
            found: Any = Literal[tuple(choices)]
        case Kind(shape=shape) if shape:
            found = _make(shape, made)
        case Kind(limits=Text() as limits):
            found = Annotated[str, replace(limits, scalars=False)]
        case Kind(limits=Whole(minimum, maximum)):
            found = Annotated[int, Field(ge=minimum, le=maximum)]
        case Kind(limits=Items(minimum, maximum), item=item) if item:
            found = Annotated[list[_type(item, made)], Field(min_length=minimum, max_length=maximum)]
        case Kind(limits=Pairs(minimum, maximum), key=key, item=item) if key and item:
            pairs = dict[_type(key, made), _type(item, made)]
            found = Annotated[pairs, Field(min_length=minimum, max_length=maximum)]
        case _:
            found = bool
    return found


def _expression(value: Any, names: dict[str, Any], models: Mapping[type[Shape], type[BaseModel]]) -> str:
    if isinstance(value, Shape):
        kind = type(value)
        names[kind.__name__] = models.get(kind, kind)
        given = {name: each for name, each in vars(value).items() if each is not None}
        return f"{kind.__name__}({', '.join(f'{name}={_expression(given[name], names, models)}' for name in given)})"
    if isinstance(value, list):
        return f"[{', '.join(_expression(each, names, models) for each in value)}]"
    return repr(value)
