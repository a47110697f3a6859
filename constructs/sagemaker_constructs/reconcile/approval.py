"""Refuses to start a job that was not approved, or not as it is now.

Input: an approval, which `sagemaker-review approve` writes from the decisions of a preview, and the job that would
start. Output: why it may not, a sentence each.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict

from sagemaker_constructs.guardrails.rules import COST_PER_JOB
from sagemaker_constructs.reconcile.decision_record import (
    STARTS,
    VERSION,
    Decision,
    DecisionRecord,
    Inputs,
    MaximumCost,
)
from sagemaker_constructs.reconcile.input_digest import digest_of
from sagemaker_constructs.reconcile.planning import as_first_run

if TYPE_CHECKING:
    from collections.abc import Callable

    from sagemaker_constructs.reconcile.bag import Properties

_RANDOM = "a name that is made at random, such as a new bucket's, stays as it was reviewed only with `pulumi up --plan`"


class ApprovedJob(BaseModel):
    """What was approved for one resource."""

    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True)

    urn: str
    decision: Decision
    training_job_name: str | None
    """Null where it was not known: then the first name of the configuration is approved, for one run."""
    maximum_cost: MaximumCost
    inputs: Inputs


class Approval(BaseModel):
    """What was approved for one stack."""

    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True)

    version: Literal[1] = VERSION
    jobs: tuple[ApprovedJob, ...]

    @classmethod
    def of(cls, records: tuple[DecisionRecord, ...]) -> Approval:
        """The approval of what a preview decided: of the jobs that start, and of those that are adopted."""
        return cls(
            jobs=tuple(
                ApprovedJob(
                    urn=each.urn,
                    decision=each.decision,
                    training_job_name=each.training_job_name,
                    maximum_cost=each.maximum_cost.model_copy(update={"rows": ()}),
                    inputs=each.inputs,
                )
                for each in records
                if each.inputs is not None and (each.starts or each.decision is Decision.ADOPT)
            )
        )


def refusals(
    approval: Approval, record: DecisionRecord, declared: Properties, *, is_limited: Callable[[], bool]
) -> list[str]:
    """Why the job that `record` would start may not start; empty where it may.

    Args:
        approval: what was approved.
        record: the decision.
        declared: the declared properties.
        is_limited: whether a guardrail limits what the job may cost.
    """
    if not record.starts:
        return []
    job = next((each for each in approval.jobs if each.urn == record.urn), None)
    if job is None:
        return ["no job was approved for this resource"]
    if job.decision not in STARTS:
        return [f"job {job.training_job_name} was approved to be adopted, and another would be started"]
    found: list[str] = []
    name = record.training_job_name
    approved_name = job.training_job_name or as_first_run(declared).training_job_name
    if name is not None and name != approved_name:
        found.append(f"job {approved_name} was approved, not {name} ({_RANDOM})")
    if job.inputs.digest != digest_of(declared, job.inputs.not_known).digest:
        found.append("its members differ from those that were approved")
    if grown := _grown(job.maximum_cost, record.maximum_cost):
        found.append(grown)
    if (undecided := job.maximum_cost.undecided) and not is_limited():
        found.append(
            f"what it costs was not known when it was approved ({', '.join(undecided)} not known), and no guardrail "
            f"{COST_PER_JOB} limits that"
        )
    return found


def _grown(approved: MaximumCost, now: MaximumCost) -> str | None:
    """What is not known exceeds every amount; who approved it for want of a price has approved every amount."""
    if approved.usd is None:
        return None
    if now.usd is None:
        return f"${approved.usd} were approved, and what it costs at most is not known any more ({now.reason})"
    if Decimal(now.usd) > Decimal(approved.usd):
        return f"it costs at most ${now.usd}, and ${approved.usd} were approved"
    return None
