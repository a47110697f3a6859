"""Looks up the job that a resource has, and verifies that a job that is not found is gone.

Input: the recorded properties, and how to look. Output: the job; None where it was deleted. The credentials may be of
another account, and DescribeTrainingJob may lag behind CreateTrainingJob: neither means that a job is gone.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from sagemaker_constructs.addresses.arns import parse_arn
from sagemaker_constructs.aws.errors import ReconcileError
from sagemaker_constructs.reconcile.job_tags import claimed_seconds_ago

if TYPE_CHECKING:
    from collections.abc import Callable

    from sagemaker_constructs.aws.answers import ExistingJob
    from sagemaker_constructs.aws.protocols import TrainingJobs
    from sagemaker_constructs.reconcile.bag import Properties

_Found = TypeVar("_Found")

LOOKS = 8
"""How often something is looked for that was made a moment ago."""
PAUSE = 2.0
"""Seconds between these looks."""
NEW = 60.0
"""Seconds for which a job may be too new to be found."""


def recorded_job(
    look: Callable[[], ExistingJob | None], jobs: TrainingJobs, name: str, recorded: Properties
) -> ExistingJob | None:
    """The job that a resource has; None where it was deleted elsewhere.

    Args:
        look: looks the job up.
        jobs: the jobs of the account and Region.
        name: the job's name.
        recorded: the recorded properties.

    Raises:
        ReconcileError: the credentials are of another account than the job.
        ServiceError: AWS refused.
    """
    existing = look()
    arn = parse_arn(recorded.arn)
    if arn is not None:
        found = parse_arn(existing.arn) if existing else None
        account = found.account if found else jobs.account()
        if account != arn.account:
            raise ReconcileError(
                f"job {name} is in account {arn.account}, and the credentials are of account {account}. Nothing was "
                f"changed: use credentials of {arn.account} (aws:profile, aws:assumeRoles or the environment), or, to "
                "give the job up without stopping it, remove its resource with `pulumi state delete`"
            )
    return found_within(jobs, look) if existing is None and is_new(recorded.claim) else existing


def stop_command(name: str, region: str) -> str:
    """The command that stops a job that no state has."""
    return f"aws sagemaker stop-training-job --training-job-name {name} --region {region}"


def found_within(jobs: TrainingJobs, look: Callable[[], _Found | None], looks: int = LOOKS) -> _Found | None:
    """What a look finds that is repeated a few times; None where none of them finds anything."""
    for number in range(looks):
        if number:
            jobs.pause(PAUSE)
        if (found := look()) is not None:
            return found
    return None


def is_new(claim: str | None) -> bool:
    """Whether a resource has had its job for such a short time that the job may not be found yet."""
    seconds = claimed_seconds_ago(claim) if claim else None
    return seconds is not None and seconds < NEW


def was_just_created(existing: ExistingJob) -> bool:
    """Whether a job is so new that its tags may not be found yet."""
    created = existing.answer.get("CreationTime")
    return isinstance(created, datetime) and abs(datetime.now(UTC) - created).total_seconds() < NEW
