"""Checks whether a role's trust policy lets SageMaker assume the role for a training job.

Input: a trust policy, and the account and Region of the job. Output: why SageMaker may not assume the role, or None.
Conditions on `aws:SourceAccount` and `aws:SourceArn`, which SageMaker sends ("security-confused-deputy-prevention"),
are evaluated. A condition on any other key is assumed to be met in a statement that allows, and not met in one that
denies, so that a role is only refused where that is certain.
"""

from __future__ import annotations

import json
import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from sagemaker_constructs.addresses.arns import Arn, parse_arn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SAGEMAKER = "sagemaker.amazonaws.com"
"""The service principal, the same in every partition."""
_OPERATOR = re.compile(r"(?P<kind>String|Arn)(?P<negated>Not)?(?:Equals|Like)(?P<case>IgnoreCase)?(?:IfExists)?")
_ANY_JOB = "any-job"
"""Stands for the name of a job, which is not known yet."""


def trust_problem(document: str, account: str, region: str = "") -> str | None:
    """Why SageMaker may not assume a role for a training job; None where it may, or where the policy does not show it.

    Args:
        document: the role's trust policy.
        account: the account of the role and the job.
        region: the job's Region; empty for any Region.
    """
    relevant = [each for each in _listed(json.loads(document).get("Statement")) if _applies_to_sagemaker(each)]
    allowing = [each for each in relevant if each.get("Effect") == "Allow"]
    if not allowing:
        return "no statement of its trust policy allows it"

    def met(statement: Mapping[str, Any], *, certainly: bool) -> bool:
        tests = (
            (operator, key.lower(), _listed(values))
            for operator, keys in (statement.get("Condition") or {}).items()
            for key, values in keys.items()
        )
        return all(_met(operator, key, values, account, region, certainly=certainly) for operator, key, values in tests)

    if any(each.get("Effect") == "Deny" and met(each, certainly=True) for each in relevant):
        return "its trust policy denies it"
    if not any(met(each, certainly=False) for each in allowing):
        return f"the conditions of its trust policy match no training job of {account}{region and f' in {region}'}"
    return None


def _applies_to_sagemaker(statement: Mapping[str, Any]) -> bool:
    """Whether it is about SageMaker assuming the role. A denial of every principal includes the service."""
    principal = statement.get("Principal")
    names = _listed(principal.get("Service")) if isinstance(principal, dict) else []
    everybody = principal == "*" or (isinstance(principal, dict) and "*" in _listed(principal.get("AWS")))
    return (SAGEMAKER in names or (everybody and statement.get("Effect") == "Deny")) and any(
        fnmatchcase("sts:assumerole", action.lower()) for action in _listed(statement.get("Action"))
    )


def _met(operator: str, key: str, values: list[str], account: str, region: str, *, certainly: bool) -> bool:
    """Whether one test of a condition is certainly met, or may be met."""
    match = _OPERATOR.fullmatch(operator)
    if match is None or key not in _TESTS:
        return not certainly
    matching = any(_TESTS[key](value, account, region, certainly != bool(match["negated"])) for value in values)
    return matching != bool(match["negated"])


def _account_matches(pattern: str, account: str, _region: str, _certainly: bool) -> bool:
    return fnmatchcase(account, pattern)


def _arn_matches(pattern: str, account: str, region: str, certainly: bool) -> bool:
    """Whether the pattern matches the ARN of some training job of the account, or certainly of every one."""
    given = parse_arn(pattern) or Arn("aws", "sagemaker", "", account, "")
    named = given.resource.startswith("training-job/") and not certainly
    job = Arn(
        partition=given.partition,
        service="sagemaker",
        region=region or ("" if certainly else given.region),
        account=account,
        resource=given.resource if named else f"training-job/{_ANY_JOB}",
    )
    return fnmatchcase(job.text, pattern)


_TESTS: Mapping[str, Callable[[str, str, str, bool], bool]] = {
    "aws:sourceaccount": _account_matches,
    "aws:sourcearn": _arn_matches,
}


def _listed(value: Any) -> list[Any]:
    """A list, where a policy may contain one value or a list."""
    return value if isinstance(value, list) else [] if value is None else [value]
