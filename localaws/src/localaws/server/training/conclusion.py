"""Decides what becomes of a job when its containers end: a stop, another start, a failure or a completion.

Input: how they ended, and the plan of the job at that time. Output: its new plan.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from localaws.server.training.plan_changes import ended_run, restarted, uploading
from localaws.server.training.timeline import ENDS, Plan

if TYPE_CHECKING:
    from collections.abc import Callable

    from localaws.server.training.execution import Outcome
    from localaws.server.training.job import Job

STOPS = frozenset({"Stopping", "Interrupted"})
"""The secondary statuses in which containers are told to end."""

AGAIN = frozenset({"Interrupted", "Training"})
"""The secondary statuses in which the end of the containers leads to another start."""


class Conclusion:
    """Concludes a job: see `execution.Report`.

    Args:
        job: The job.
        change: Replaces its plan by what a function makes of it now; its secondary status then comes back.
    """

    def __init__(self, job: Job, change: Callable[[Callable[[Plan, float], Plan]], str]) -> None:
        self._job = job
        self._change = change

    def ended(self, outcome: Outcome) -> bool:
        """The containers have ended; whether the job's output is wanted comes back."""
        return self._change(partial(self._left, outcome)) not in AGAIN

    def saved(self, outcome: Outcome) -> None:
        """What is wanted of the containers is saved."""
        self._change(partial(self._next, outcome))

    def _left(self, outcome: Outcome, plan: Plan, now: float) -> Plan:
        if status(plan, now) in STOPS | ENDS or self._retried(outcome):
            return plan
        return uploading(plan, now)

    def _next(self, outcome: Outcome, plan: Plan, now: float) -> Plan:
        found = status(plan, now)
        if found == "Interrupted" or (found == "Training" and self._retried(outcome)):
            return restarted(plan, now)
        return ended_run(plan, now, outcome.reason)

    def _retried(self, outcome: Outcome) -> bool:
        """Whether the containers were lost, and RetryStrategy has an attempt left."""
        retries = self._job.request.get("RetryStrategy", {}).get("MaximumRetryAttempts", 0)
        return outcome.lost and self._job.attempts <= retries


def status(plan: Plan, now: float) -> str:
    """The secondary status by a plan."""
    return plan.entered(now)[-1].status
