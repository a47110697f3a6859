"""Defines what a guardrail is: a row that says what of a job it reads, what it refuses, and how AWS enforces it.

Input: a job's members and a limit. Output: what breaks the limit. A value that is not known yet breaks nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from sagemaker_constructs.api.deferred import is_deferred
from sagemaker_constructs.api.mistakes import shown
from sagemaker_constructs.api.tree import Leaf, Path, leaves, values_at

if TYPE_CHECKING:
    from sagemaker_constructs.cost.record import JobCost

Conditions: TypeAlias = Mapping[str, Mapping[str, Any]]
"""The Condition block of an IAM statement."""


@dataclass(frozen=True)
class Job:
    """What the guardrails read of a job."""

    name: str
    """Its name without the fingerprint: what the names of all its runs begin with, and what a waiver names."""
    members: Mapping[str, Any]
    """The members of the request, in which values may be deferred."""
    tags: Any
    """All tags that it will have, by key; deferred while they are not known."""
    cost: JobCost | None = None
    """What it costs; None where no limit asks for it."""

    @cached_property
    def _leaves(self) -> list[Leaf]:
        return leaves(self.members)

    def known(self, plain: str) -> list[Leaf]:
        """The values at a path without list positions that are known."""
        return [leaf for leaf in self._leaves if leaf.plain == plain and not is_deferred(leaf.value)]

    def value(self, plain: str) -> Any:
        """The value at a path; None where it is absent."""
        return next(values_at(self.members, plain), None)

    def lacks(self, plain: str) -> bool:
        """Whether there is certainly no value at a path."""
        value = self.value(plain)
        return not is_deferred(value) and not value

    def is_unknown(self, plain: str) -> bool:
        """Whether a value at a path is not known yet."""
        return any(map(is_deferred, values_at(self.members, plain)))


@dataclass(frozen=True, slots=True)
class Broken:
    """What breaks a limit."""

    path: Path
    got: str
    expected: str


@dataclass(frozen=True, slots=True)
class Guardrail:
    """One rule of an environment."""

    name: str
    """As in the file."""
    type: Any
    """Type of the limit in the file, with pydantic's constraints."""
    sentence: str
    """What the limit means."""
    reads: tuple[str, ...]
    """The members that it reads, without list positions; while one is not known, the rule is decided later."""
    broken: Callable[[Job, Any], Iterator[Broken]]
    """What breaks a limit."""
    denied: Callable[[Any], Sequence[Conditions]] = field(default=lambda _: ())
    """The conditions, each of a statement of its own, under which AWS is to deny the request."""
    beyond_aws: str = ""
    """Why AWS cannot enforce it."""
    example: Any = True
    """A limit, for the documentation and the tests."""

    @property
    def keys(self) -> list[str]:
        """The condition keys by which AWS can enforce it."""
        return sorted({key for each in self.denied(self.example) for block in each.values() for key in block})


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    """`*` and `?` as IAM's StringLike reads them."""
    return re.compile(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)


def matches(value: Any, patterns: Sequence[str]) -> bool:
    """Whether a value matches a pattern, as with IAM's StringLike."""
    return any(_pattern(pattern).fullmatch(str(value)) for pattern in patterns)


def of_patterns(*paths: str) -> Callable[[Job, Any], Iterator[Broken]]:
    """Every value at the paths must match a pattern."""

    def broken(job: Job, patterns: Any) -> Iterator[Broken]:
        for leaf in (each for path in paths for each in job.known(path)):
            if leaf.value is not None and not matches(leaf.value, patterns):
                yield Broken(leaf.path, shown(leaf.value, leaf.path), _one_of(patterns))

    return broken


def at_most(path: str, default: int) -> Callable[[Job, Any], Iterator[Broken]]:
    """The number at the path, or the service's default where it is absent, must not exceed the limit."""

    def broken(job: Job, limit: Any) -> Iterator[Broken]:
        value = job.value(path)
        if not is_deferred(value) and (default if value is None else value) > limit:
            got = f"nothing, which means {default}" if value is None else str(value)
            yield Broken(tuple(path.split(".")), got, f"at most {limit}")

    return broken


def equal(path: str, wanted: bool) -> Callable[[Job, Any], Iterator[Broken]]:
    """The switch at the path, which is off where it is absent, must be in that position."""

    def broken(job: Job, limit: Any) -> Iterator[Broken]:
        value = job.value(path)
        if limit and not is_deferred(value) and bool(value) is not wanted:
            yield Broken(tuple(path.split(".")), "nothing" if value is None else str(value), str(wanted))

    return broken


def present(path: str, what: str) -> Callable[[Job, Any], Iterator[Broken]]:
    """There must be a value at the path."""

    def broken(job: Job, limit: Any) -> Iterator[Broken]:
        if limit and job.lacks(path):
            yield Broken(tuple(path.split(".")), "nothing", what)

    return broken


def _one_of(patterns: Sequence[str]) -> str:
    return f"{'one of ' if len(patterns) > 1 else ''}{', '.join(patterns)}"
