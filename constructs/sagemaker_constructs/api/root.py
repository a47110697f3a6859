"""Validates a whole request in one pass: shapes, the rules between members, and credentials.

Input: members, or the wire form. Output: a `Reading`, which has the spec or every mistake at once, and advice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeAlias, TypeVar

from pydantic_core import ValidationError

from sagemaker_constructs.api.alternatives import reported_errors
from sagemaker_constructs.api.deferred import UNKNOWN
from sagemaker_constructs.api.mistakes import InvalidRequest, Mistake, missing, mistakes_of, shown
from sagemaker_constructs.api.rule_context import NO_CONTEXT, RuleContext
from sagemaker_constructs.api.shape import WIRE, Shape, is_shape, plain
from sagemaker_constructs.api.tree import mapped
from sagemaker_constructs.api.wire import wire_name, wire_path

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

SpecT = TypeVar("SpecT", bound="Root")
Findings: TypeAlias = tuple[Sequence[Mistake], Sequence[Mistake]]
"""Mistakes that AWS refuses, and advice."""


@dataclass(frozen=True, slots=True)
class Reading(Generic[SpecT]):
    """The result of reading a request."""

    spec: SpecT | None
    """The request; None where there is a mistake."""
    members: dict[str, Any]
    """The members that were set, validated; unknown in place of a mistaken value."""
    mistakes: tuple[Mistake, ...]
    """Everything that AWS would refuse: shapes first, then rules, then credentials."""
    advice: tuple[Mistake, ...]
    """What AWS accepts but is probably a mistake."""


class Root(Shape):
    """A structure that is a whole request."""

    checks_when_built: ClassVar[bool] = True
    supplied_later: ClassVar[frozenset[str]] = frozenset()
    """Members that the resource sets if the program does not. While they are absent, rules about them are postponed."""

    @classmethod
    def read(cls, members: Mapping[str, Any], context: RuleContext = NO_CONTEXT) -> Reading[Self]:
        """Read snake_case members. Mistakes are returned, never raised."""
        return cls._read(members, context)

    @classmethod
    def from_members(cls, members: Mapping[str, Any]) -> Self:
        """Read snake_case members. Raises `InvalidRequest`, a ValueError, with every mistake."""
        return cls._valid(cls._read(members))

    @classmethod
    def built(cls, members: Mapping[str, Any]) -> Self:
        """Read the arguments of the constructor: snake_case members, some of which may be supplied later."""
        return cls._valid(cls._read(members, RuleContext(supplied_later=cls.supplied_later)))

    @classmethod
    def _valid(cls, reading: Reading[Self]) -> Self:
        if reading.spec is None:
            raise InvalidRequest(cls.__name__, reading.mistakes)
        return reading.spec

    @classmethod
    def _read(
        cls,
        members: Mapping[str, Any],
        context: RuleContext = NO_CONTEXT,
        *,
        wire: bool = False,
        required: tuple[str, ...] = (),
    ) -> Reading[Self]:
        if not isinstance(members, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]  callers may pass anything
            return Reading(None, {}, (Mistake((), shown(members, ()), "a mapping of members"),), ())
        names = map(wire_name, required) if wire else required
        mistakes = [missing((name,)) for name in names if members.get(name) is None]
        try:
            spec = cls._validated(members, wire=wire)
        except ValidationError as error:
            from sagemaker_constructs.api.suggestions import with_suggestion  # noqa: PLC0415  of mistakes

            mistakes += [with_suggestion(cls, each, wire=wire) for each in mistakes_of(error)]
            spec = cls._validated(
                _without_mistakes(_taken_apart(members, wire=wire), reported_errors(error)), wire=wire
            )
        valid = spec.to_members()
        refused, advice = cls.check_members(valid, context)
        if wire:
            refused, advice = [*map(_on_the_wire, refused)], [*map(_on_the_wire, advice)]
        mistakes += refused
        return Reading(None if mistakes else spec, valid, tuple(mistakes), tuple(advice))

    @classmethod
    def _validated(cls, members: Mapping[str, Any], *, wire: bool) -> Self:
        return cls.model_validate(members, by_alias=wire, by_name=not wire, context=WIRE if wire else None)

    @classmethod
    def check_members(cls, members: Mapping[str, Any], context: RuleContext) -> Findings:
        """Check what concerns several members together, each of which is valid by itself."""
        del members, context
        return (), ()


def _taken_apart(members: Mapping[str, Any], *, wire: bool) -> Any:
    return mapped(members, lambda leaf: leaf.to_wire() if is_shape(leaf) else leaf) if wire else plain(members)


_MEMBER_NAME = re.compile(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b")


def _on_the_wire(mistake: Mistake) -> Mistake:
    """The same mistake with the API's names, also in its text."""
    expected, problem = (
        _MEMBER_NAME.sub(lambda name: wire_name(name[0]), text) for text in (mistake.expected, mistake.problem)
    )
    return Mistake(wire_path(mistake.path), mistake.got, expected, problem)


_NO_MEMBER = frozenset({"extra_forbidden", "invalid_key"})


def _without_mistakes(members: Any, errors: list[ErrorDetails]) -> Any:
    """The members with an unknown value in place of each mistake, so that the rules can be checked for the rest."""
    members = _named_by_strings(members)
    removed: list[list[str | int]] = []
    for details in errors:
        path = [part for part in details["loc"] if part != "[key]"]
        if details["loc"][-1] == "[key]" or details["type"] in _NO_MEMBER:
            removed.append(path)
        else:
            _set_aside(members, path, remove=False)
    for path in removed:
        _set_aside(members, path, remove=True)
    return members


def _named_by_strings(members: Any) -> Any:
    if isinstance(members, dict):
        return {name: _named_by_strings(item) for name, item in members.items() if isinstance(name, str)}
    return [_named_by_strings(item) for item in members] if isinstance(members, list) else members


def _set_aside(members: Any, path: Sequence[Any], *, remove: bool) -> None:
    container, key = members, path[0]
    for part in path[1:]:
        inner = container.get(key) if isinstance(container, dict) else container[key]
        if not isinstance(inner, list if isinstance(part, int) else dict):
            remove = False  # a shorthand, or a value of another type: all of it becomes unknown
            break
        container, key = inner, part
    if remove and isinstance(container, dict):
        container.pop(key, None)
    else:
        container[key] = UNKNOWN
