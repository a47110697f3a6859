"""The shapes against botocore's model of the service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from service_model import FULL_REQUESTS, READ_ONLY, request_shape, wire_members

from sagemaker_constructs.api.constraints import Items, Pairs, Text, Whole
from sagemaker_constructs.api.members import Kind, Member, members_of
from sagemaker_constructs.api.spec import TrainingJobSpec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sagemaker_constructs.api.shape import Shape

SUPPLIED_BY_THE_RESOURCE = {("TrainingJobName",), ("RoleArn",)}
"""Required in a request and optional in a spec: the resource sets them."""
OPEN_ENUMERATIONS = {"TrainingInstanceType", "ProcessingInstanceType"}
"""Types that AWS adds later must be accepted too."""
TYPES = {"long": "integer"}
"""The service model distinguishes the sizes of integers."""


def our_members(shape: type[Shape], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Member]]:
    """Every member of a shape at every depth, under the API's names."""
    for member in members_of(shape):
        here = (*path, member.wire_name)
        yield here, member
        if member.kind.shape:
            yield from our_members(member.kind.shape, here)
        if member.kind.item and member.kind.item.shape:
            yield from our_members(member.kind.item.shape, (*here, "[]"))


OURS = dict(our_members(TrainingJobSpec))
THEIRS = {path: (shape, required) for path, shape, required in wire_members(request_shape())}


def test_every_member_is_there() -> None:
    """The shapes have the members of the service model at every depth, and no others."""
    assert THEIRS.keys() == OURS.keys()


def test_size_of_the_model() -> None:
    """The walk reaches the 28 members on top and the 120 names in all, two of which only an answer has."""
    names = {part for path in THEIRS for part in path if part != "[]"}

    assert (len([path for path in THEIRS if len(path) == 1]), len(names)) == (28, 120)
    assert len(names | {path[-1] for path in READ_ONLY}) == 122


@pytest.mark.parametrize("path", sorted(THEIRS), ids=".".join)
def test_member_agrees(path: tuple[str, ...]) -> None:
    """Type, bounds, pattern, enumeration and requirement of a member are those of the service model."""
    shape, required = THEIRS[path]

    assert described_by_service(shape) == described_by_us(OURS[path].kind)
    assert (required and path not in SUPPLIED_BY_THE_RESOURCE) == OURS[path].required


def test_absence_is_the_only_default() -> None:
    """A member that was not set is None and is not sent: what it then means is up to the service."""
    kinds = [kind for member in OURS.values() for kind in (member.kind, member.kind.item) if kind]
    shapes = {TrainingJobSpec, *(kind.shape for kind in kinds if kind.shape)}
    defaults = [field.default for shape in shapes for field in shape.model_fields.values() if not field.is_required()]

    assert len(shapes) > 20
    assert set(defaults) == {None}


@pytest.mark.parametrize("path", sorted(OURS), ids=".".join)
def test_member_is_documented(path: tuple[str, ...]) -> None:
    """Every member says what it is."""
    assert len(OURS[path].documentation) > 10


def test_requests_have_every_member() -> None:
    """The full requests of these tests use every member of the service model at least once."""
    used = {path for request in FULL_REQUESTS for path in used_members(request_shape(), request)}

    assert THEIRS.keys() == used


def described_by_service(shape: Any) -> tuple[Any, ...]:
    """A value as the service model describes it."""
    limits = shape.metadata
    match shape.type_name:
        case "structure":
            return ("structure",)
        case "list":
            return "list", limits.get("min"), limits.get("max"), described_by_service(shape.member)
        case "map":
            pair = described_by_service(shape.key), described_by_service(shape.value)
            return "map", limits.get("min"), limits.get("max"), *pair
        case "string" if shape.name in OPEN_ENUMERATIONS:
            return "string", "open enumeration"
        case "string":
            return "string", limits.get("min"), limits.get("max"), limits.get("pattern"), tuple(shape.enum)
        case kind:
            return TYPES.get(kind, kind), limits.get("min"), limits.get("max")


def described_by_us(kind: Kind) -> tuple[Any, ...]:  # noqa: PLR0911  one answer a type
    """The same description of one of our values."""
    match kind.limits:
        case Text(pattern=pattern) if pattern and pattern.startswith(r"ml\."):
            return "string", "open enumeration"
        case Text(minimum, maximum, pattern):
            return "string", minimum, maximum, pattern, kind.choices
        case Whole(minimum, maximum):
            return "integer", minimum, maximum
        case Items(minimum, maximum):
            assert kind.item
            return "list", minimum, maximum, described_by_us(kind.item)
        case Pairs(minimum, maximum):
            assert kind.key
            assert kind.item
            return "map", minimum, maximum, described_by_us(kind.key), described_by_us(kind.item)
        case None if kind.type == "string":
            return "string", None, None, None, kind.choices
        case None if kind.type == "boolean":
            return "boolean", None, None
        case None:
            return (kind.type,)


def used_members(shape: Any, value: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The paths of the members that a request uses."""
    for name, item in value.items():
        member, here = shape.members[name], (*path, name)
        yield here
        if member.type_name == "structure":
            yield from used_members(member, item, here)
        if member.type_name == "list" and member.member.type_name == "structure":
            for each in item:
                yield from used_members(member.member, each, (*here, "[]"))
