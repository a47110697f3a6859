"""Writes the expressions with which Search finds jobs by their names.

Input: names. Output: as few expressions as Search allows. Source: API reference, `Filter` and `SearchExpression`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LONGEST_VALUE = 1024
"""Characters of a filter's value."""
_FILTERS = 20
"""Elements of an expression."""


def any_of(names: Iterable[str]) -> list[dict[str, Any]]:
    """Expressions that together are true for the jobs of these names."""
    filters = [{"Name": "TrainingJobName", "Operator": "In", "Value": value} for value in _values(names)]
    starts = range(0, len(filters), _FILTERS)
    return [{"Filters": filters[start : start + _FILTERS], "Operator": "Or"} for start in starts]


def _values(names: Iterable[str]) -> Iterator[str]:
    """The names with commas between them, as many as a value may have."""
    value = ""
    for name in names:
        if value and len(value) + 1 + len(name) > _LONGEST_VALUE:
            yield value
            value = ""
        value = f"{value},{name}" if value else name
    if value:
        yield value
