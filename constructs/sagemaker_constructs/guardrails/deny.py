"""Writes the IAM policy that makes AWS itself refuse what the guardrails refuse, as far as it can.

Input: guardrails and an environment. Output: a policy of Deny statements, for the role that deploys or as
an SCP. A waiver is an exception for the job's names, and ends by itself after its last day.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sagemaker_constructs.guardrails.condition_keys import actions
from sagemaker_constructs.guardrails.rules import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sagemaker_constructs.guardrails.document import Guardrails, Waiver
    from sagemaker_constructs.guardrails.rule import Conditions

_RUNS = ("", *(f"-{'?' * 12}{suffix}" for suffix in ("", "-?", "-??")))
"""What may follow a job's name in the names of its runs: the fingerprint of twelve digits, and the run's number."""


def deny_policy(guardrails: Guardrails, environment: str, partition: str = "aws") -> dict[str, Any]:
    """The policy's document.

    Args:
        guardrails: the rules and their waivers.
        environment: the stack's name.
        partition: that of the account's ARNs.
    """
    jobs = f"arn:{partition}:sagemaker:*:*:training-job/"
    statements = [
        statement
        for name, limit in guardrails.limits(environment).items()
        for number, conditions in enumerate(BY_NAME[name].denied(limit), start=1)
        for statement in _statements(f"{_sid(name)}{number}", conditions, jobs, _waivers(guardrails, name, environment))
    ]
    return {"Version": "2012-10-17", "Statement": statements}


def _waivers(guardrails: Guardrails, rule: str, environment: str) -> list[Waiver]:
    return [each for each in guardrails.waivers if each.applies(rule, each.job, environment)]


def _statements(sid: str, conditions: Conditions, jobs: str, waivers: Sequence[Waiver]) -> Iterator[Mapping[str, Any]]:
    deny = {
        "Effect": "Deny",
        "Action": actions(frozenset(key for block in conditions.values() for key in block)),
    }
    waived = [name for waiver in waivers for name in _names(jobs, waiver)]
    resources = {"NotResource": waived} if waived else {"Resource": f"{jobs}*"}
    yield {"Sid": sid, **deny, **resources, "Condition": conditions}
    for number, waiver in enumerate(waivers, start=1):
        ended = {"DateGreaterThanEquals": {"aws:CurrentTime": f"{waiver.until + timedelta(days=1)}T00:00:00Z"}}
        names = _names(jobs, waiver)
        yield {"Sid": f"{sid}After{number}", **deny, "Resource": names, "Condition": {**conditions, **ended}}


def _names(jobs: str, waiver: Waiver) -> list[str]:
    return [f"{jobs}{waiver.job}{run}" for run in _RUNS]


def _sid(name: str) -> str:
    return "".join(part.title() for part in name.split("_"))
