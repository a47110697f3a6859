"""Stops, deletes or keeps a job when its resource is deleted, as `on_delete` says.

Input: the recorded properties. Output: nothing; when it returns, the job's network interfaces have left the VPC.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sagemaker_constructs.api.tag_keys import RETAIN_TAG, STATE_TAG
from sagemaker_constructs.aws.errors import ReconcileError, ServiceError
from sagemaker_constructs.reconcile.job_tags import (
    claim_on,
    claim_tag,
    claims,
    is_of_another_state,
    own_share_tags,
    sharers,
)
from sagemaker_constructs.reconcile.presence import found_within, recorded_job, stop_command

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sagemaker_constructs.aws.answers import ExistingJob
    from sagemaker_constructs.aws.protocols import Say, TrainingJobs
    from sagemaker_constructs.reconcile.bag import Properties

PATIENCE = 40 * 60.0
"""Seconds to wait for a stop, or for network interfaces to leave, which AWS may take tens of minutes for."""
PAUSE = 2.0
"""Seconds between polls."""


def remove(jobs: TrainingJobs, name: str, recorded: Properties, say: Say) -> None:
    """Follow `on_delete`. A job that another stack owns, or another resource has too, is not touched.

    Raises:
        ReconcileError: the credentials are of another account, or the job did not stop, or its interfaces did not
            leave, within forty minutes.
        ServiceError: AWS refused.
    """
    if recorded.options.on_delete == "retain" and not recorded.adopted:
        _withdraw(jobs, name, recorded, say)
        return
    existing = recorded_job(lambda: jobs.describe(name), jobs, name, recorded)
    if existing is None and not recorded.arn:
        say(
            f"job {name} is not found, and the state does not record its ARN: if it runs in another Region or account, "
            f"stop it there: {stop_command(name, '<region>')}",
            warning=True,
        )
    if recorded.adopted:
        say(f"job {name} is of another owner and is not stopped or deleted")
        if existing is not None:
            _unshare(jobs, existing, recorded, say)
        return
    if existing is not None:
        tags = jobs.tags(existing.arn)
        if _is_left(jobs, existing, tags, recorded, say):
            return
        if others := sharers(tags):
            end = stop_command(name, recorded.region)
            alone = f"; it keeps running, and no stack will stop it. To stop it: {end}" if existing.running else ""
            say(f"job {name} is also used by {', '.join(others)} and is not stopped or deleted{alone}")
        else:
            _end(jobs, existing, recorded, say)
        if recorded.options.on_delete != "delete" or others:
            _release(jobs, existing, tags, recorded)
    _await_network(jobs, name, _subnets(existing, recorded), say)


def _is_left(
    jobs: TrainingJobs, existing: ExistingJob, tags: Mapping[str, str], recorded: Properties, say: Say
) -> bool:
    """Whether the resource that replaced this one, or another resource of the stack, has the job and keeps it."""
    if is_of_another_state(tags, recorded.state):
        end = stop_command(existing.name, recorded.region)
        command = f". If that is not used any more, to stop it: {end}" if existing.running else ""
        say(f"job {existing.name} belongs to another state of a stack now and is not stopped or deleted{command}")
        return True
    claim = _claim(tags, recorded)
    ours = claim_tag(claim) if claim else {}
    if any(tags.get(key, since) != since for key, since in ours.items()):
        say(f"job {existing.name} is kept for the resource that replaces this one")
        return True
    others = set(claims(tags)) - {claim}
    if others:
        jobs.delete_tags(existing.arn, ours)
        others &= set(claims(jobs.tags(existing.arn)))  # one that goes at the same time has withdrawn its claim by now
    if others:
        say(f"job {existing.name} is also used by another resource of this stack and is not stopped or deleted")
    return bool(others)


def _claim(tags: Mapping[str, str], recorded: Properties) -> str | None:
    return recorded.claim or claim_on(tags, recorded.bag.get("declared_as"))  # a damaged state may lack it


def _release(jobs: TrainingJobs, existing: ExistingJob, tags: Mapping[str, str], recorded: Properties) -> None:
    """Withdraw the claim, so that the next stack of this name may have the job as its own."""
    claim = _claim(tags, recorded)
    if claim in claims(tags):
        jobs.delete_tags(existing.arn, claim_tag(claim or ""))


def retain(jobs: TrainingJobs, existing: ExistingJob, tags: Mapping[str, str], state: str) -> None:
    """Say on a job of this state that it is retained, so that it is not stopped with the stack."""
    if state and tags.get(STATE_TAG) == state and RETAIN_TAG not in tags:
        jobs.add_tags(existing.arn, {RETAIN_TAG: "retain"})


def _withdraw(jobs: TrainingJobs, name: str, recorded: Properties, say: Say) -> None:
    """Release a job that is retained; that this cannot be done keeps no resource in the state."""
    try:
        existing = jobs.describe(name)
        if existing is not None and existing.arn == recorded.arn:
            tags = jobs.tags(existing.arn)
            retain(jobs, existing, tags, recorded.state)
            _release(jobs, existing, tags, recorded)
    except ServiceError as error:
        say(f"job {name} is retained, but keeps the tag that says that this stack has it: {error}")


def _end(jobs: TrainingJobs, existing: ExistingJob, recorded: Properties, say: Say) -> None:
    running = existing.status == "InProgress"
    if running:
        jobs.stop(existing.name)
    if recorded.options.on_delete == "delete":
        _delete_record(jobs, existing.name, say)
    elif running and not found_within(jobs, lambda: _is_stopping(jobs, existing.name)):
        raise ReconcileError(
            f"StopTrainingJob for job {existing.name!r} was answered, but the job is still InProgress: run the command "
            f"again, or {stop_command(existing.name, recorded.region)}"
        )


def _is_stopping(jobs: TrainingJobs, name: str) -> bool | None:
    """True once the job does not run on; otherwise None. An empty answer to StopTrainingJob proves nothing."""
    existing = jobs.describe(name)
    return existing is None or existing.status != "InProgress" or None


def _unshare(jobs: TrainingJobs, existing: ExistingJob, recorded: Properties, say: Say) -> None:
    """Remove this stack's tag from an adopted job. The resource is deleted even if the caller may not do that."""
    try:
        tags = jobs.tags(existing.arn)
        ours = own_share_tags(recorded.options.owner, recorded.state) & tags.keys()
        if ours:
            jobs.delete_tags(existing.arn, ours)
        others = {key: value for key, value in tags.items() if key not in ours}
        if existing.running and not claims(others) and not sharers(others):
            end = stop_command(existing.name, recorded.region)
            say(f"job {existing.name} still runs, and no stack has it any more. To stop it: {end}", warning=True)
    except ServiceError as error:
        if not error.no_access:
            raise
        say(f"the tag that says that job {existing.name} is shared remains, so its own stack will not stop it: {error}")


def _delete_record(jobs: TrainingJobs, name: str, say: Say) -> None:
    """End the warm pool, wait for the stop, delete: DeleteTrainingJob refuses a job with either."""
    deadline = time.monotonic() + PATIENCE
    while (existing := jobs.describe(name)) is not None:
        if existing.warm_pool_status == "Available":
            jobs.update(name, {"ResourceConfig": {"KeepAlivePeriodInSeconds": 0}})
        elif existing.status == "InProgress":
            jobs.stop(name)
        elif not existing.running and existing.status != "Deleting":
            jobs.delete(name)
        _pause(deadline, f"job {name} is {existing.status}", say)


def _subnets(existing: ExistingJob | None, recorded: Properties) -> list[str]:
    """The subnets that the job runs in: the declared ones may have changed since, for the next run."""
    members = recorded.members if existing is None else existing.members
    return members.get("vpc_config", {}).get("subnets", [])


def _await_network(jobs: TrainingJobs, name: str, subnets: list[str], say: Say) -> None:
    deadline = time.monotonic() + PATIENCE
    while subnets and (held := jobs.network_interfaces(subnets, name)):
        _pause(deadline, f"job {name} still holds {', '.join(held)}", say)


def _pause(deadline: float, what: str, say: Say) -> None:
    if time.monotonic() > deadline:
        raise ReconcileError(f"{what} after {PATIENCE / 60:.0f} minutes; run the command again later")
    say(what, ephemeral=True)
    time.sleep(PAUSE)
