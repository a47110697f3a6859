"""Checks hyperparameters against the table of an algorithm.

Input: hyperparameters as a request has them, strings. Output: the typed values, and what is wrong, in the order
in which AWS's containers check (missing, unknown, types, ranges, combinations) and in their words.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Values: TypeAlias = "Mapping[str, Any]"
"""Typed values by name."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Numbers between two others; each of them belongs to it unless it is open there."""

    least: float | None = None
    most: float | None = None
    above: bool = False
    """Open at `least`."""
    below: bool = False
    """Open at `most`."""

    def __contains__(self, value: object) -> bool:
        if not isinstance(value, int | float):
            return False
        least, most = self.least, self.most
        return (least is None or value > least or (value == least and not self.above)) and (
            most is None or value < most or (value == most and not self.below)
        )

    def __str__(self) -> str:
        low = "(-inf" if self.least is None else ("(" if self.above else "[") + str(self.least)
        high = "+inf)" if self.most is None else str(self.most) + (")" if self.below else "]")
        return f"{low}, {high}"


@dataclass(frozen=True, slots=True)
class Hyperparameter:
    """A row of an algorithm's table: one value."""

    name: str
    range: Interval | tuple[Any, ...]
    parse: Callable[[str], Any] = str
    """Reads the value; raises ValueError where it is of another type."""
    type_name: str = "text"
    required: bool = False

    def holds(self, value: Any) -> bool:
        """Whether a value of its type is in the range."""
        return value in self.range

    def named(self, value: Any) -> str:
        """A value that is not in the range, in AWS's words."""
        return f"Hyperparameter {self.name}: {value} is not in {self._range_text}"

    @property
    def expected(self) -> str:
        """What a value must be."""
        return f"{self.type_name} {self.one}" if isinstance(self.range, Interval) else self.one

    @property
    def one(self) -> str:
        """What is in the range."""
        return f"in {self.range}" if isinstance(self.range, Interval) else f"one of {', '.join(map(str, self.range))}"

    @property
    def _range_text(self) -> str:
        return str(self.range) if isinstance(self.range, Interval) else str(list(self.range))


@dataclass(frozen=True, slots=True)
class Several(Hyperparameter):
    """A row with several values, each of them in the range."""

    also: Callable[[str], bool] | None = None
    """Whether a value is accepted that is not in the range."""

    def holds(self, value: Any) -> bool:
        """Whether each value is in the range."""
        return all(each in self.range or (self.also is not None and self.also(each)) for each in _flat(value))

    def named(self, value: Any) -> str:
        """Values that are not in the range, in AWS's words."""
        return f"Hyperparameter {self.name}: value {value} not in range {self._range_text}"

    @property
    def expected(self) -> str:
        """What the values must be."""
        return f"{self.type_name}, each {self.one}"


@dataclass(frozen=True, slots=True)
class Combination:
    """A row of the table of what hyperparameters require of each other."""

    names: tuple[str, ...]
    """Those that it reads. The first is reported, and the row does not apply without it."""
    broken: Callable[[Values], bool]
    problem: str
    """A clause that follows the name, such as `requires num_class`."""
    words: str
    """AWS's."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """One mistake."""

    name: str
    words: str
    """A sentence, as AWS's container writes it."""
    expected: str = ""
    """Of a value that is wrong: what it must be."""
    problem: str = ""
    """Of a name or a combination that is wrong: a clause that follows the name."""


@dataclass(frozen=True)
class Algorithm:
    """The tables of an algorithm."""

    rows: tuple[Hyperparameter, ...]
    aliases: Mapping[str, str]
    combinations: tuple[Combination, ...]

    @cached_property
    def by_name(self) -> Mapping[str, Hyperparameter]:
        """The rows by their names."""
        return {row.name: row for row in self.rows}

    def check(
        self, given: Mapping[str, str], unknown: frozenset[str] = frozenset()
    ) -> tuple[dict[str, Any], list[Wrong]]:
        """The typed values under their own names, and every mistake.

        Args:
            given: the values that are known, by name or alias.
            unknown: names of values that are not known yet; what depends on them is not checked.
        """
        written = {self.aliases.get(name, name): name for name in (*given, *unknown)}
        values: dict[str, Any] = {}
        wrong = [
            *self._missing(written),
            *self._wrong_types(written, given, values),
            *(
                Wrong(written[name], self.by_name[name].named(value), self.by_name[name].expected)
                for name, value in values.items()
                if not self.by_name[name].holds(value)
            ),
        ]
        usable = {name: value for name, value in values.items() if self.by_name[name].holds(value)}
        for row in self.combinations:
            not_known = any(name in written and name not in usable for name in row.names)  # or wrong, which is told
            if row.names[0] in usable and not not_known and row.broken(usable):
                wrong.append(Wrong(written[row.names[0]], row.words, problem=row.problem))
        return usable, wrong

    def _missing(self, written: Mapping[str, str]) -> Iterator[Wrong]:
        for row in self.rows:
            if row.required and row.name not in written:
                yield Wrong(row.name, f"Missing required hyperparameter: {row.name}", problem="is required")

    def _wrong_types(
        self, written: Mapping[str, str], given: Mapping[str, str], values: dict[str, Any]
    ) -> Iterator[Wrong]:
        """The names that there are not, and the values that cannot be read; the others go to `values`."""
        for name, each in written.items():
            row = self.by_name.get(name)
            if row is None:
                yield Wrong(each, f"Extraneous hyperparameter found: {name}", problem="is not a hyperparameter")
            elif each in given:
                try:
                    values[name] = row.parse(given[each])
                except (ValueError, SyntaxError, TypeError):
                    words = f"Hyperparameter {name}: could not parse value (caused by ValueError)"
                    yield Wrong(each, words, row.expected)


def whole(name: str, least: int | None = None, most: int | None = None, **more: Any) -> Hyperparameter:
    """A row of a whole number. AWS's containers read `4.0` as none."""
    bounds = {key: more.pop(key) for key in ("above", "below") if key in more}
    return Hyperparameter(name, Interval(least, most, **bounds), int, "a whole number", **more)


def number(name: str, least: float | None = None, most: float | None = None, **bounds: bool) -> Hyperparameter:
    """A row of a number."""
    return Hyperparameter(name, Interval(least, most, **bounds), float, "a number")


def choice(name: str, *choices: str) -> Hyperparameter:
    """A row of a word."""
    return Hyperparameter(name, choices)


def comma_separated(name: str, *choices: str, also: Callable[[str], bool] | None = None) -> Several:
    """A row of words between commas."""
    return Several(name, choices, lambda text: text.split(","), "words between commas", also=also)


def literal(name: str, range_: Interval | tuple[Any, ...], type_name: str) -> Several:
    """A row of a list or tuple as Python writes it, which may be nested."""
    return Several(name, range_, ast.literal_eval, type_name)


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, list | tuple):
        for each in value:  # pyright: ignore[reportUnknownVariableType]
            yield from _flat(each)
    else:
        yield value
