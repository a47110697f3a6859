"""Evaluates IAM policies: whether they allow an action on a resource in a context. Pure.

The rules are those of the IAM User Guide, "Policy evaluation logic", "Condition operators" and "Multivalued context
keys", for the operators of the table below.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


_SPECIAL = re.compile(r"\$\{([^}]*)\}|[*?]|[^*?$]+|\$")


def matches(value: str, pattern: str, context: Mapping[str, str | tuple[str, ...]] | None = None) -> bool:
    """Whether a value matches a pattern: `*`, `?`, and variables, of which `${*}` is the character itself."""
    known = {key.lower(): text for key, text in (context or {}).items()}

    def expression(part: re.Match[str]) -> str:
        if part[1] is not None:
            held = part[1] if part[1] in {"*", "?", "$"} else known.get(part[1].lower())
            return re.escape(held) if isinstance(held, str) else "(?!)"
        return {"*": ".*", "?": "."}.get(part[0]) or re.escape(part[0])

    return re.fullmatch(_SPECIAL.sub(expression, pattern), value, re.DOTALL) is not None


def listed(value: Any) -> list[Any]:
    """The values of a member that a policy may write as one value or as a list."""
    return cast("list[Any]", value) if isinstance(value, list) else [] if value is None else [value]


OPERATORS: Mapping[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda value, expected: value == expected,
    "StringEqualsIgnoreCase": lambda value, expected: value.lower() == expected.lower(),
    "StringLike": matches,
    "ArnEquals": matches,
    "ArnLike": matches,
    "Bool": lambda value, expected: value.lower() == expected.lower(),
    "NumericGreaterThan": lambda value, expected: float(value) > float(expected),
    "DateGreaterThanEquals": lambda value, expected: value >= expected,
}
"""When a value satisfies a condition; dates are in ISO 8601 and UTC. Other operators are never satisfied; `_holds`
handles negated ones, `…IfExists`, `Null` and the two quantifiers."""


def satisfied(conditions: Mapping[str, Mapping[str, Any]], context: Mapping[str, str | tuple[str, ...]]) -> bool:
    """Whether every condition holds."""
    known = {key.lower(): value if isinstance(value, tuple) else (value,) for key, value in context.items()}
    return all(
        _holds(operator, known.get(key.lower()), [str(each) for each in listed(expected)])
        for operator, tests in conditions.items()
        for key, expected in tests.items()
    )


def _holds(operator: str, values: tuple[str, ...] | None, expected: list[str]) -> bool:
    quantifier, _, name = operator.rpartition(":")
    if name == "Null":
        return (values is None) == (expected == ["true"])
    negated = "Not" in name
    if values is None:
        return name.endswith("IfExists") or quantifier == "ForAllValues" or (negated and not quantifier)
    test = OPERATORS.get(name.removesuffix("IfExists").replace("Not", ""))
    passed = [test is not None and any(test(value, each) for each in expected) is not negated for value in values]
    return all(passed) if quantifier == "ForAllValues" else any(passed)


def _applies(
    statement: Mapping[str, Any], action: str, resource: str, context: Mapping[str, str | tuple[str, ...]]
) -> bool:
    """Whether a statement applies to the action on the resource in this context."""

    def named(member: str, found: Callable[[str], bool]) -> bool:
        if member in statement:
            return any(found(each) for each in listed(statement[member]))
        return not any(found(each) for each in listed(statement.get(f"Not{member}", "*")))

    return (
        named("Action", lambda pattern: matches(action.lower(), pattern.lower()))
        and named("Resource", lambda pattern: matches(resource, pattern, context))
        and satisfied(statement.get("Condition", {}), context)
    )


def effects(
    documents: Iterable[Mapping[str, Any]],
    action: str,
    resource: str,
    context: Mapping[str, str | tuple[str, ...]] | None = None,
) -> set[str]:
    """The effects of the statements that apply to an action on a resource: `Allow`, `Deny`."""
    return {
        statement["Effect"]
        for document in documents
        for statement in listed(document["Statement"])
        if _applies(statement, action, resource, context or {})
    }


def allowed(
    documents: Iterable[Mapping[str, Any]],
    action: str,
    resource: str,
    context: Mapping[str, str | tuple[str, ...]] | None = None,
) -> bool:
    """Whether one identity's policies allow an action on a resource: a statement allows it, and none denies it."""
    said = effects(documents, action, resource, context)
    return "Allow" in said and "Deny" not in said
