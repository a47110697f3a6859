"""Whether SageMaker may assume a role, as far as the role's trust policy tells.

Input: a trust policy, and for whose jobs. Output: why it may not. Judged are explicit denials, and of the conditions
those on `aws:SourceAccount` and `aws:SourceArn`, which SageMaker sends ("security-confused-deputy-prevention"). A
condition on anything else lets through where the statement allows, and does not hold where it denies.
"""

from __future__ import annotations

import json
import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SAGEMAKER = "sagemaker.amazonaws.com"
"""The service, in every partition."""
_OPERATOR = re.compile(r"(?P<kind>String|Arn)(?P<negated>Not)?(?:Equals|Like)(?P<case>IgnoreCase)?(?:IfExists)?")
_ANY_JOB = "any-job"
"""Stands for a name that nobody knows yet."""


def distrust(document: str, account: str, region: str = "") -> str | None:
    """Why SageMaker may not assume a role for a training job; None where it may, or nobody can tell.

    Args:
        document: the role's trust policy.
        account: the account of role and job.
        region: the job's Region; empty for any.
    """
    own = [each for each in _listed(json.loads(document).get("Statement")) if _about_sagemaker(each)]
    allowed = [each for each in own if each.get("Effect") == "Allow"]
    if not allowed:
        return "no statement of its trust policy allows it"

    def holds(statement: Mapping[str, Any], *, surely: bool) -> bool:
        tests = (
            (operator, key.lower(), _listed(values))
            for operator, keys in (statement.get("Condition") or {}).items()
            for key, values in keys.items()
        )
        return all(_holds(operator, key, values, account, region, surely=surely) for operator, key, values in tests)

    if any(each.get("Effect") == "Deny" and holds(each, surely=True) for each in own):
        return "its trust policy denies it"
    if not any(holds(each, surely=False) for each in allowed):
        return f"the conditions of its trust policy match no training job of {account}{region and f' in {region}'}"
    return None


def _about_sagemaker(statement: Mapping[str, Any]) -> bool:
    """Whether it is about the service and its assuming the role; in a denial everybody is the service, too."""
    principal = statement.get("Principal")
    names = _listed(principal.get("Service")) if isinstance(principal, dict) else []
    everybody = principal == "*" or (isinstance(principal, dict) and "*" in _listed(principal.get("AWS")))
    return (SAGEMAKER in names or (everybody and statement.get("Effect") == "Deny")) and any(
        fnmatchcase("sts:assumerole", action.lower()) for action in _listed(statement.get("Action"))
    )


def _holds(operator: str, key: str, values: list[str], account: str, region: str, *, surely: bool) -> bool:
    """Whether one test of a condition holds: surely, or possibly."""
    match = _OPERATOR.fullmatch(operator)
    if match is None or key not in _TESTS:
        return not surely
    matching = any(_TESTS[key](value, account, region, surely != bool(match["negated"])) for value in values)
    return matching != bool(match["negated"])


def _account_matches(pattern: str, account: str, _region: str, _surely: bool) -> bool:
    return fnmatchcase(account, pattern)


def _arn_matches(pattern: str, account: str, region: str, surely: bool) -> bool:
    """Whether the ARN of some training job of the account, or surely of every one, matches."""
    parts = pattern.split(":", 5)
    whole = len(parts) == 6  # noqa: PLR2004  the parts of an ARN
    partition, place, name = (parts[1], parts[3], parts[5]) if whole else ("aws", "", "")
    chosen = region or ("" if surely else place)
    job = name if name.startswith("training-job/") and not surely else f"training-job/{_ANY_JOB}"
    return fnmatchcase(f"arn:{partition}:sagemaker:{chosen}:{account}:{job}", pattern)


_TESTS: Mapping[str, Callable[[str, str, str, bool], bool]] = {
    "aws:sourceaccount": _account_matches,
    "aws:sourcearn": _arn_matches,
}


def _listed(value: Any) -> list[Any]:
    """What a policy may write as one value or as a list."""
    return value if isinstance(value, list) else [] if value is None else [value]
