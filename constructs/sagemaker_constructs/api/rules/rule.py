"""Evaluates rules between members.

Input: the members of a job, and rules. Output: the rules that the job breaks, and where. A rule that reads a value
that is not known yet is postponed.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sagemaker_constructs.api.deferred import is_deferred
from sagemaker_constructs.api.tree import FREE_KEYS, SCALARS, parts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sagemaker_constructs.api.rule_context import RuleContext
    from sagemaker_constructs.api.tree import Path

    RuleIndex = Mapping[str, Mapping[str, Sequence[tuple[int, "Rule"]]]]


class ValueNotKnownError(Exception):
    """A rule read a value that is not known yet."""


class Reader:
    """Reads members by their dotted path, from a job or from one item of a list in it.

    An absent member is None; a value that is not known yet raises `ValueNotKnownError`.
    """

    __slots__ = ("_lists", "_unknown", "_values", "context", "job", "position")

    def __init__(self, members: Any, context: RuleContext, job: Reader | None = None, position: int = 0) -> None:
        self.context = context
        self.job = job or self
        """The whole job, for a rule about an item that reads other members too."""
        self.position = position
        """Position of the item in its list."""
        self._values: dict[str, Any] = {}
        """Every known value by its path, so that a rule finds it in one step."""
        self._unknown: list[str] = []
        """The paths of the values that are not known yet; what is below them is not known either."""
        self._lists: dict[str, list[Reader]] = {}
        self._add(members, "")

    def _add(self, value: Any, path: str) -> None:
        kind = type(value)
        if kind is dict:
            for name, item in value.items():
                below = f"{path}.{name}" if path else name
                if type(item) in SCALARS or (name in FREE_KEYS and isinstance(item, dict)):
                    self._values[below] = item
                else:
                    self._add(item, below)
        elif is_deferred(value):
            self._unknown.append(path)
            return
        if path:
            self._values[path] = value

    def __call__(self, path: str) -> Any:
        """The value at a path, for example `resource_config.instance_count`."""
        value = self._values.get(path)
        if value is None and self._unknown and any(_is_within(path, unknown) for unknown in self._unknown):
            raise ValueNotKnownError
        return value

    def known(self, path: str) -> Any:
        """The value at a path, or None also where it is not known yet."""
        return self._values.get(path)

    @property
    def paths(self) -> Iterable[str]:
        """The paths of the members that are given and known."""
        return self._values

    def items(self, path: str) -> list[Reader]:
        """A reader for each item of a list of structures."""
        if path not in self._lists:
            items: list[Any] = self(path) or []
            self._lists[path] = [Reader(item, self.context, self.job, number) for number, item in enumerate(items)]
        return self._lists[path]

    def texts(self, path: str) -> list[str]:
        """The items of a list of strings, all of them known."""
        texts: list[Any] = self(path) or []
        if any(map(is_deferred, texts)):
            raise ValueNotKnownError
        return texts

    def entry(self, path: str, key: str) -> Any:
        """The value of a key that is the user's, in a mapping such as `hyper_parameters`."""
        value: Any = (self(path) or {}).get(key)
        if is_deferred(value):
            raise ValueNotKnownError
        return value

    def repeats(self, path: str, member: str) -> bool:
        """Whether an earlier item of the list at `path` has the same value of `member`."""
        value = self(member)
        return value in [other.known(member) for other in self.job.items(path)[: self.position]]


def _is_within(path: str, other: str) -> bool:
    return not other or path == other or path.startswith(f"{other}.")


ALWAYS = ""
"""`Rule.given` of a rule that even an empty request may break."""
_WHOLE_JOB = ""
"""The list of a rule that is about no list."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table."""

    name: str
    reads: tuple[str, ...]
    """The members that the rule reads; the first is reported. `[]` in it: the rule is about each item of the list."""
    source: str
    """Where AWS says so."""
    broken: Callable[[Reader], bool]
    """Whether the job, or the item, breaks the rule."""
    expected: str = ""
    """Of a value that is wrong: what it must be."""
    problem: str = ""
    """Of a combination that is wrong: a clause that follows the path, such as `requires vpc_config`."""
    given: str | None = None
    """The member without which the rule cannot be broken; the first that it reads where this is None."""
    explain: Callable[[str, RuleContext], str | None] | None = None
    """What this very value must be, where that tells more than `expected`; None for a value that keeps the rule."""
    refused: bool = True
    """Whether AWS refuses such a request. If not, the row is advice."""

    def path(self, position: int) -> Path:
        """The path that is reported, of the item at a position where the rule is about items."""
        items, _, member = self.reads[0].partition("[].")
        return (*parts_of(items), position, *parts_of(member)) if member else parts_of(items)


def indexed(rules: Iterable[Rule]) -> RuleIndex:
    """The rules with their order, by the list that they are about and by the member that has to be given."""
    index: dict[str, dict[str, list[tuple[int, Rule]]]] = {}
    for order, rule in enumerate(rules):
        items = rule.reads[0].partition("[].")[0] if "[]" in rule.reads[0] else _WHOLE_JOB
        given = rule.reads[0] if rule.given is None else rule.given
        index.setdefault(items, {}).setdefault(given.removeprefix(f"{items}[]."), []).append((order, rule))
    return index


def broken_rules(index: RuleIndex, job: Reader) -> list[tuple[Rule, Path]]:
    """The rules that a job breaks, as far as that is known, with the path of each breach, in the order of the rules."""
    found: list[tuple[int, int, Rule]] = []
    for items, by_given in index.items():
        for reader in (job,) if items is _WHOLE_JOB else job.items(items) if job.known(items) else ():
            for given in (ALWAYS, *reader.paths):
                for order, rule in by_given.get(given, ()):
                    if _is_broken(rule, reader):
                        found.append((order, reader.position, rule))
    found.sort(key=itemgetter(0, 1))
    return [(rule, rule.path(position)) for _, position, rule in found]


def _is_broken(rule: Rule, reader: Reader) -> bool:
    try:
        return rule.broken(reader)
    except ValueNotKnownError:
        return False


def api_reference(name: str) -> str:
    """The page of the API reference on a structure or an operation."""
    return f"https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_{name}.html"


def developer_guide(page: str) -> str:
    """A page of the developer guide."""
    return f"https://docs.aws.amazon.com/sagemaker/latest/dg/{page}.html"
