"""Evaluates whether a role's trust policy lets SageMaker assume it for a job."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from localaws.server.policies import listed, matches, satisfied

if TYPE_CHECKING:
    from collections.abc import Mapping

SERVICE = "sagemaker.amazonaws.com"


def applies(statement: Mapping[str, Any], context: Mapping[str, str]) -> bool:
    """Whether a statement applies to SageMaker assuming the role in this context."""
    principal = statement.get("Principal", {})
    services = listed(principal.get("Service", [])) if isinstance(principal, dict) else listed(principal)
    actions = (str(action).lower() for action in listed(statement.get("Action", [])))
    return (
        any(service in {SERVICE, "*"} for service in services)
        and any(matches("sts:assumerole", action) for action in actions)
        and satisfied(statement.get("Condition", {}), context)
    )


def trusts(document: str, *, account: str, job_arn: str) -> bool:
    """Whether a trust policy allows SageMaker to assume the role for a job.

    The context is what SageMaker sends: aws:SourceAccount and aws:SourceArn (AWS, "cross-service confused deputy").
    """
    context = {"aws:SourceAccount": account, "aws:SourceArn": job_arn}
    statements = listed(json.loads(document).get("Statement", []))
    effects = {statement.get("Effect") for statement in statements if applies(statement, context)}
    return "Allow" in effects and "Deny" not in effects
