"""Classifies how a job ended, and decides whether it counts as a result.

Input: a job. Output: an `Ending`, and whether the policies accept it. The primary status alone does not tell: `Stopped`
is a StopTrainingJob call, the runtime limit or the wait limit.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from sagemaker_constructs.results.failures import failure_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sagemaker_constructs.aws.answers import ExistingJob

Policy = Literal["accept", "fail"]
"""Whether a job that was stopped counts as a result."""


class Ending(StrEnum):
    """What ended a job."""

    COMPLETED = "completed"
    FAILED = "failed"
    STOPPED = "stopped"
    """By StopTrainingJob."""
    MAX_RUNTIME_EXCEEDED = "max_runtime_exceeded"
    """StoppingCondition.MaxRuntimeInSeconds; a model may have been written."""
    MAX_WAIT_TIME_EXCEEDED = "max_wait_time_exceeded"
    """StoppingCondition.MaxWaitTimeInSeconds: a spot job, its waiting included."""


_BY_SECONDARY_STATUS: Mapping[str, Ending] = {
    "MaxRuntimeExceeded": Ending.MAX_RUNTIME_EXCEEDED,
    "MaxWaitTimeExceeded": Ending.MAX_WAIT_TIME_EXCEEDED,
}
_BY_STATUS: Mapping[str, Ending] = {
    "Completed": Ending.COMPLETED,
    "Failed": Ending.FAILED,
    "Stopped": Ending.STOPPED,
}

POLICY_OF: Mapping[Ending, str] = {
    Ending.STOPPED: "on_stopped",
    Ending.MAX_RUNTIME_EXCEEDED: "on_max_runtime_exceeded",
    Ending.MAX_WAIT_TIME_EXCEEDED: "on_max_wait_time_exceeded",
}
"""The option that accepts an ending; of those without one, completed counts and failed does not."""

WORDS: Mapping[Ending, str] = {
    Ending.COMPLETED: "completed",
    Ending.FAILED: "failed",
    Ending.STOPPED: "was stopped by StopTrainingJob",
    Ending.MAX_RUNTIME_EXCEEDED: "reached its runtime limit",
    Ending.MAX_WAIT_TIME_EXCEEDED: "reached its wait limit",
}
"""An ending in messages, after the job's name."""


def ended_by(job: ExistingJob) -> Ending | None:
    """What ended the job; None while it runs."""
    return _BY_SECONDARY_STATUS.get(job.secondary_status, _BY_STATUS.get(job.status)) if job.ended else None


def counts(ending: Ending, policies: Mapping[str, Policy]) -> bool:
    """Whether the job is a result: it completed, or was stopped in a way that the policies accept."""
    return ending is Ending.COMPLETED or policies.get(POLICY_OF.get(ending, "")) == "accept"


def lacked_capacity(job: ExistingJob) -> bool:
    """Whether the job ended because there were no machines for it, so that a fallback may help.

    That is a capacity failure, or the wait limit of a spot job that never started to train.
    """
    ending = ended_by(job)
    if ending is Ending.FAILED:
        return failure_of(job.failure_reason or "").fallback_helps
    return ending is Ending.MAX_WAIT_TIME_EXCEEDED and job.started is None
