"""Applies UpdateTrainingJob: which members may change in which status."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from localaws.server.errors import validation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from localaws.server.training.job import Job

Request = dict[str, Any]


def launched(job: Job, now: float) -> bool:
    """The job is in progress, and has instances."""
    return job.status(now) == "InProgress" and job.secondary(now) != "Starting"


def reachable(job: Job, now: float) -> bool:
    """The job's containers can be reached for remote debugging."""
    return job.secondary(now) in {"Downloading", "Training"}


def warm(job: Job, now: float) -> bool:
    """The job is completed, and its instances are kept."""
    return job.status(now) == "Completed" and job.pool is not None and job.pool.status(now) == "Available"


LAUNCHED = "the training job must be in status InProgress, and its secondary status past Starting"

MAY_CHANGE: Mapping[str, tuple[Callable[[Job, float], bool], str]] = {
    "ProfilerConfig": (launched, LAUNCHED),
    "ProfilerRuleConfigurations": (launched, LAUNCHED),
    "RemoteDebugConfig": (reachable, "the secondary status must be Downloading or Training"),
    "ResourceConfig": (warm, "the training job must be in status Completed and its warm pool in status Available"),
}
"""When each member may be updated, and the condition in AWS's message."""


def update(job: Job, request: Request, now: float) -> bool:
    """Applies an update to a job; returns whether the time of its warm pool changed.

    A warm pool cannot be changed together with the other members: they require different statuses.

    Raises:
        ServiceError: ValidationException, where the status does not allow a member; nothing is changed then.
    """
    for member, (allowed, condition) in MAY_CHANGE.items():
        if member in request and not allowed(job, now):
            raise validation(
                f"Invalid request: to update {member}, {condition}. The training job is in status "
                f"{job.status(now)} with secondary status {job.secondary(now)}."
            )
    for member in ("ProfilerConfig", "RemoteDebugConfig"):
        if member in request:
            job.request[member] = {**job.request.get(member, {}), **request[member]}
    if "ProfilerRuleConfigurations" in request:
        rules = [*job.request.get("ProfilerRuleConfigurations", []), *request["ProfilerRuleConfigurations"]]
        job.request["ProfilerRuleConfigurations"] = list(
            {rule["RuleConfigurationName"]: rule for rule in rules}.values()
        )
    if "ResourceConfig" in request and job.pool is not None:
        keep = request["ResourceConfig"]["KeepAlivePeriodInSeconds"]
        job.pool = replace(job.pool, until=now + keep)
        job.request["ResourceConfig"] = {**job.request["ResourceConfig"], "KeepAlivePeriodInSeconds": keep}
        return True
    return False
