"""Whether a role's trust policy lets SageMaker assume it for a job."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SERVICE = "sagemaker.amazonaws.com"

OPERATORS: Mapping[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda value, expected: value == expected,
    "StringEqualsIgnoreCase": lambda value, expected: value.lower() == expected.lower(),
    "StringLike": fnmatchcase,
    "ArnEquals": fnmatchcase,
    "ArnLike": fnmatchcase,
}
"""The condition operators that a trust policy for a service uses; another one is never satisfied here."""


def listed(value: Any) -> list[Any]:
    """A member that a policy may write as one value or as a list."""
    return cast("list[Any]", value) if isinstance(value, list) else [value]


def satisfied(conditions: Mapping[str, Mapping[str, Any]], context: Mapping[str, str]) -> bool:
    """Whether every condition holds; a key that the context lacks does not."""
    keys = {name.lower(): value for name, value in context.items()}
    return all(
        operator in OPERATORS
        and key.lower() in keys
        and any(OPERATORS[operator](keys[key.lower()], str(expected)) for expected in listed(allowed))
        for operator, tests in conditions.items()
        for key, allowed in tests.items()
    )


def speaks(statement: Mapping[str, Any], context: Mapping[str, str]) -> bool:
    """Whether a statement is about SageMaker assuming the role in this context."""
    principal = statement.get("Principal", {})
    services = listed(principal.get("Service", [])) if isinstance(principal, dict) else listed(principal)
    actions = (str(action).lower() for action in listed(statement.get("Action", [])))
    return (
        any(service in {SERVICE, "*"} for service in services)
        and any(fnmatchcase("sts:assumerole", action) for action in actions)
        and satisfied(statement.get("Condition", {}), context)
    )


def trusts(document: str, *, account: str, job_arn: str) -> bool:
    """Whether a trust policy allows SageMaker to assume the role for a job.

    The context is what SageMaker sends: aws:SourceAccount and aws:SourceArn (AWS, "cross-service confused deputy").
    """
    context = {"aws:SourceAccount": account, "aws:SourceArn": job_arn}
    statements = listed(json.loads(document).get("Statement", []))
    effects = {statement.get("Effect") for statement in statements if speaks(statement, context)}
    return "Allow" in effects and "Deny" not in effects
