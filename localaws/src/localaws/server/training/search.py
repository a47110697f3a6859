"""Evaluates the expressions of Search."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from botocore.model import ListShape, MapShape, Shape, StructureShape

from localaws.server.errors import validation
from localaws.server.training.pages import page
from localaws.server.training.shapes import model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

Record = dict[str, Any]


BY_NAME = frozenset({"Tags", "Metrics"})
"""Properties whose next part is a tag's key or a metric's name, dots included; `Tags` is a list in the record."""


def known(shape: Shape, path: str) -> bool:
    """Whether a dotted path leads to a property of records of this shape."""
    head, _, rest = path.partition(".")
    if isinstance(shape, ListShape):
        return known(shape.member, path)
    if isinstance(shape, MapShape):
        return bool(path)
    if not isinstance(shape, StructureShape):
        return False
    return head in shape.members and (head == path or known(shape.members[head], rest))


def properties(expression: Mapping[str, Any]) -> Iterator[str]:
    """The name of every property in an expression."""
    for each in (*expression.get("Filters", []), *expression.get("NestedFilters", [])):
        yield from ([each["Name"]] if "Name" in each else properties(each))
    for each in expression.get("SubExpressions", []):
        yield from properties(each)


def check(request: Mapping[str, Any]) -> None:
    """Refuses properties that a training job does not have.

    Raises:
        ServiceError: ValidationException, which names the first of them.
    """
    shape = model().shape_for("TrainingJob")
    sorted_by = [request["SortBy"]] if "SortBy" in request else []
    for name in (*properties(request.get("SearchExpression", {})), *sorted_by):
        group, _, own = name.partition(".")
        if not (group in BY_NAME and own) and not known(shape, name):
            raise validation(f"Unknown property name: {name}")


def values(record: Any, path: str) -> list[Any]:
    """The values at a dotted path of a record; a list on the path contributes each of its items.

    `Tags.<key>` and `Metrics.<name>` are the value of the tag or the metric.
    """
    head, _, rest = path.partition(".")
    if head == "Tags" and rest:
        return [tag["Value"] for tag in record.get("Tags", []) if tag["Key"] == rest]
    if head == "Metrics" and rest:
        metrics = record.get("FinalMetricDataList", [])
        return [metric["Value"] for metric in metrics if metric["MetricName"] == rest]
    if isinstance(record, list):
        return [found for item in cast("list[Any]", record) for found in values(item, path)]
    if not isinstance(record, dict):
        return []
    members = cast("Record", record)
    if path in members:
        found: Any = members[path]
        return cast("list[Any]", found) if isinstance(found, list) else [found]
    return values(members[head], rest) if head in members and rest else []


def comparable(found: Any, text: str) -> tuple[Any, Any]:
    """A found value and the filter's text in one type: number, time or text."""
    if isinstance(found, (int, float)) and not isinstance(found, bool):
        try:
            return float(found), float(text)
        except ValueError:
            return float(found), moment(text)
    return (str(found).lower() if isinstance(found, bool) else str(found)), text


def moment(text: str) -> float:
    """A time as a filter writes it, in seconds since the epoch.

    Raises:
        ServiceError: ValidationException, where it is not a number or a time of ISO 8601.
    """
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError as error:
        raise validation(f"Invalid filter value: {text}") from error


def compare(test: Callable[[Any, Any], bool]) -> Callable[[list[Any], str], bool]:
    """An operator that is true if a test is true for any of the values."""
    return lambda found, text: any(test(*comparable(value, text)) for value in found)


OPERATORS: Mapping[str, Callable[[list[Any], str], bool]] = {
    "Equals": compare(lambda found, value: found == value),
    "NotEquals": lambda found, text: all(a != b for a, b in (comparable(value, text) for value in found)),
    "GreaterThan": compare(lambda found, value: found > value),
    "GreaterThanOrEqualTo": compare(lambda found, value: found >= value),
    "LessThan": compare(lambda found, value: found < value),
    "LessThanOrEqualTo": compare(lambda found, value: found <= value),
    "Contains": lambda found, text: any(text in str(value) for value in found),
    "In": lambda found, text: any(str(value) in [item.strip() for item in text.split(",")] for value in found),
    "Exists": lambda found, _: bool(found),
    "NotExists": lambda found, _: not found,
}


def filtered(record: Record, expression: Mapping[str, Any]) -> bool:
    """One filter on a record. Without an operator: Exists, or Equals where a value is given."""
    operator = expression.get("Operator", "Equals" if "Value" in expression else "Exists")
    return OPERATORS[operator](values(record, expression["Name"]), expression.get("Value", ""))


def nested(record: Record, expression: Mapping[str, Any]) -> bool:
    """Filters that must be true for the same item of a list."""
    prefix = expression["NestedPropertyName"] + "."
    return any(
        all(filtered(item, {**one, "Name": one["Name"].removeprefix(prefix)}) for one in expression["Filters"])
        for item in values(record, expression["NestedPropertyName"])
    )


def matches(record: Record, expression: Mapping[str, Any]) -> bool:
    """Whether a record satisfies an expression; an empty one is always satisfied."""
    tests = [
        *(filtered(record, one) for one in expression.get("Filters", [])),
        *(nested(record, one) for one in expression.get("NestedFilters", [])),
        *(matches(record, one) for one in expression.get("SubExpressions", [])),
    ]
    return (any(tests) or not tests) if expression.get("Operator") == "Or" else all(tests)


def searched(records: Iterable[Record], request: Mapping[str, Any]) -> dict[str, Any]:
    """The answer of Search for training jobs; last modified first, ten a page, unless the request says otherwise.

    Raises:
        ServiceError: ValidationException, where the request names a property that a training job does not have.
    """
    check(request)
    found = [record for record in records if matches(record, request.get("SearchExpression", {}))]
    order = request.get("SortBy", "LastModifiedTime")
    found.sort(key=lambda record: sortable(values(record, order)))
    if request.get("SortOrder", "Descending") == "Descending":
        found.reverse()
    items, token = page(found, request, 10)
    hits = {"Value": len(found), "Relation": "EqualTo"}
    return {"Results": [{"TrainingJob": record} for record in items], "TotalHits": hits, **token}


def sortable(found: list[Any]) -> tuple[int, float, str]:
    """A key that orders absent values first, then numbers, then texts."""
    if not found:
        return (0, 0.0, "")
    return (1, float(found[0]), "") if isinstance(found[0], (int, float)) else (2, 0.0, str(found[0]))
