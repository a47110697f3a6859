"""What becomes of a job when its resource goes.

Input: the recorded properties. Output: nothing; when it returns, the job is as `on_delete` says, and its network
interfaces have left the VPC.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sagemaker_constructs.aws.errors import ReconcileError, ServiceError
from sagemaker_constructs.reconcile.job_tags import claim_tag, claims, share_tag, sharers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sagemaker_constructs.aws.answers import ExistingJob
    from sagemaker_constructs.aws.protocols import Say, TrainingJobs
    from sagemaker_constructs.reconcile.bag import Properties

PATIENCE = 40 * 60.0
"""Seconds until a stop or network interfaces are given up on; AWS takes up to tens of minutes for the latter."""
PAUSE = 2.0
"""Seconds between looks."""


def remove(jobs: TrainingJobs, name: str, recorded: Properties, say: Say) -> None:
    """Follow `on_delete`. A job that another stack or another resource has is left as it is.

    Raises:
        ReconcileError: the job did not stop, or its interfaces did not leave, within forty minutes.
        ServiceError: AWS refused.
    """
    if recorded.on_delete == "retain" and not recorded.adopted:
        return
    existing = jobs.describe(name)
    if recorded.adopted:
        say(f"job {name} was started by another stack and is left as it is")
        if existing is not None:
            _unshare(jobs, existing, recorded, say)
        return
    if existing is not None:
        tags = jobs.tags(existing.arn)
        if _is_left(jobs, existing, tags, recorded, say):
            return
        if others := sharers(tags):
            alone = "; it runs on, and nobody stops it any more" if existing.running else ""
            say(f"job {name} serves {', '.join(others)} too and is left as it is{alone}")
        else:
            _end(jobs, existing, recorded, say)
    _await_network(jobs, name, _subnets(existing, recorded), say)


def _is_left(
    jobs: TrainingJobs, existing: ExistingJob, tags: Mapping[str, str], recorded: Properties, say: Say
) -> bool:
    """Whether the job serves what replaced this resource, or another resource of the stack, which then keeps it."""
    ours = claim_tag(recorded.claim) if recorded.claim else {}
    if any(tags.get(key, since) != since for key, since in ours.items()):
        say(f"job {existing.name} serves the resource that replaced this one and is left as it is")
        return True
    if set(claims(tags)) - {recorded.claim}:
        jobs.delete_tags(existing.arn, ours)
        say(f"job {existing.name} serves another resource of this stack too and is left as it is")
        return True
    return False


def _end(jobs: TrainingJobs, existing: ExistingJob, recorded: Properties, say: Say) -> None:
    if existing.status == "InProgress":
        jobs.stop(existing.name)
    if recorded.on_delete == "delete":
        _delete_record(jobs, existing.name, say)


def _unshare(jobs: TrainingJobs, existing: ExistingJob, recorded: Properties, say: Say) -> None:
    """Leave the job to those who still have it. That its tags may not be touched is no reason to keep the resource."""
    try:
        ours = share_tag(recorded.owner).keys() & jobs.tags(existing.arn).keys()
        if ours:
            jobs.delete_tags(existing.arn, ours)
    except ServiceError as error:
        if not error.no_access:
            raise
        say(f"job {existing.name} still says that it is shared, so its own stack will not stop it: {error}")


def _delete_record(jobs: TrainingJobs, name: str, say: Say) -> None:
    """End the warm pool, wait for the stop, delete: DeleteTrainingJob refuses a job with either."""
    deadline = time.monotonic() + PATIENCE
    while (existing := jobs.describe(name)) is not None:
        if existing.warm_pool_status == "Available":
            jobs.update(name, {"ResourceConfig": {"KeepAlivePeriodInSeconds": 0}})
        elif not existing.running and existing.status != "Deleting":
            jobs.delete(name)
        _pause(deadline, f"job {name} is {existing.status}", say)


def _subnets(existing: ExistingJob | None, recorded: Properties) -> list[str]:
    """Where the job runs: the declared network may be another by now, for the next run."""
    members = recorded.members if existing is None else existing.members
    return members.get("vpc_config", {}).get("subnets", [])


def _await_network(jobs: TrainingJobs, name: str, subnets: list[str], say: Say) -> None:
    deadline = time.monotonic() + PATIENCE
    while subnets and (held := jobs.network_interfaces(subnets, name)):
        _pause(deadline, f"job {name} still holds {', '.join(held)}", say)


def _pause(deadline: float, what: str, say: Say) -> None:
    if time.monotonic() > deadline:
        raise ReconcileError(f"{what} after {PATIENCE / 60:.0f} minutes; repeat the command later")
    say(what, ephemeral=True)
    time.sleep(PAUSE)
