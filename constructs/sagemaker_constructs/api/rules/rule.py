"""What a rule between members is, and how it reads them.

Input: the members of a job. Output: whether one rule is kept. What is not known yet postpones the rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sagemaker_constructs.api.deferred import is_deferred

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sagemaker_constructs.api.tree import Path


class Postponed(Exception):  # noqa: N818  not an error: the answer comes later
    """A rule asked for a value that becomes known later."""


@dataclass(frozen=True, slots=True)
class RuleContext:
    """What the rules may use beside the members."""

    region: str | None = None
    """The Region that the job is to run in, where it is known."""
    added_tags: int = 0
    """How many tags the resource adds to those of the spec."""
    supplied_later: frozenset[str] = frozenset()
    """Members that are set later: while they are absent, the rules that read them are postponed."""


NO_CONTEXT = RuleContext()
"""The members alone."""


class Reader:
    """Reads members by their dotted path, from a job or from one item of a list in it.

    An absent member is None; a value that is not known yet raises `Postponed`.
    """

    __slots__ = ("_context", "_members", "job", "position")

    def __init__(self, members: Any, context: RuleContext, job: Reader | None = None, position: int = 0) -> None:
        self._members = members
        self._context = context
        self.job = job or self
        """The whole job, for an item that has to look around."""
        self.position = position
        """Where the item stands in its list."""

    @property
    def context(self) -> RuleContext:
        """What is known beside the members."""
        return self._context

    def __call__(self, path: str) -> Any:
        """The value at a path, for example `resource_config.instance_count`."""
        value = self._members
        for name in _path(path):
            if value is None:
                return None
            if is_deferred(value):
                raise Postponed
            value = value.get(name)
        if is_deferred(value):
            raise Postponed
        return value

    def known(self, path: str) -> Any:
        """The value at a path, or None also where it is not known yet."""
        try:
            return self(path)
        except Postponed:
            return None

    def items(self, path: str) -> list[Reader]:
        """A reader for each item of a list of structures."""
        return [Reader(item, self._context, self.job, position) for position, item in enumerate(self(path) or ())]

    def texts(self, path: str) -> list[str]:
        """The items of a list of strings, all of them known."""
        texts: list[Any] = self(path) or []
        if any(is_deferred(text) for text in texts):
            raise Postponed
        return texts

    def repeats(self, path: str, member: str) -> bool:
        """Whether an earlier item of the list at `path` has the same value of `member`."""
        value = self(member)
        return any(other.known(member) == value for other in self.job.items(path)[: self.position])


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table."""

    name: str
    reads: tuple[str, ...]
    """The members that the rule reads; the first is where the mistake is. `[]` in it: every item is looked at."""
    says: str
    """What is expected at that place."""
    source: str
    """Where AWS says so."""
    broken: Callable[[Reader], bool]
    """Whether the job, or the item, breaks the rule."""
    refused: bool = True
    """Whether AWS refuses such a request. If not, the row is advice."""

    def places(self, job: Reader) -> Iterator[Path]:
        """The paths at which the rule is broken, as far as that is known."""
        list_path, _, member = self.reads[0].partition("[].")
        try:
            items = job.items(list_path) if member else [job]
        except Postponed:
            return
        for item in items:
            try:
                broken = self.broken(item)
            except Postponed:
                continue
            if broken:
                yield (*_path(list_path), item.position, *_path(member)) if member else _path(list_path)


@cache
def _path(dotted: str) -> tuple[str, ...]:
    return tuple(dotted.split("."))


def api_reference(name: str) -> str:
    """The page of the API reference on a structure or an operation."""
    return f"https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_{name}.html"


def developer_guide(page: str) -> str:
    """A page of the developer guide."""
    return f"https://docs.aws.amazon.com/sagemaker/latest/dg/{page}.html"
