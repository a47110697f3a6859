"""What DescribeTrainingJob says, in this library's words.

Input: a `DescribedJob`. Output: an `ExistingJob`: its members as a declaration has them, and how
far it has come.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic.alias_generators import to_snake

from sagemaker_constructs.api.masking import masked
from sagemaker_constructs.api.response import request_part
from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.api.tree import FREE_KEYS

if TYPE_CHECKING:
    from sagemaker_constructs.aws.answers import DescribedJob

RUNNING = frozenset({"InProgress", "Stopping"})
"""Statuses in which a job still costs money."""
UNSUCCESSFUL = frozenset({"Failed", "Stopped"})
"""Statuses of a job that ended without being done (MaxRuntimeExceeded and MaxWaitTimeExceeded are `Stopped`)."""
MISSING = "Missing"
"""Our own status of a job that was deleted elsewhere; the API has no word for it."""


@dataclass(frozen=True, slots=True)
class ExistingJob:
    """A training job that exists, or existed."""

    name: str
    arn: str
    status: str
    """TrainingJobStatus: InProgress, Completed, Failed, Stopping, Stopped or Deleting."""
    secondary_status: str
    failure_reason: str | None
    model_artifacts: str | None
    """S3 URI of the model, where the service has said one."""
    warm_pool_status: str | None
    created: str | None
    """CreationTime in ISO 8601."""
    members: Mapping[str, Any]
    """The declared members that the service repeats, without name and tags; session chaining it never repeats."""
    tags: Mapping[str, str] | None = None
    """The job's tags, where the answer was one of Search; DescribeTrainingJob has none."""

    @property
    def running(self) -> bool:
        """Whether the job still costs money."""
        return self.status in RUNNING

    def outputs(self) -> dict[str, Any]:
        """What the resource's state records of the job itself; texts are empty, for the engine keeps no null."""
        return {
            "arn": self.arn,
            "creation_time": self.created or "",
            "failure_reason": self.failure_reason or "",
            "secondary_status": self.secondary_status,
            "training_job_name": self.name,
            "training_job_status": self.status,
        }


def existing_job(job: DescribedJob) -> ExistingJob:
    """Read an answer of DescribeTrainingJob or of Search."""
    answer = job.answer
    created = answer.get("CreationTime")
    return ExistingJob(
        name=job.name,
        arn=job.arn,
        status=job.status,
        secondary_status=answer.get("SecondaryStatus", ""),
        failure_reason=None if job.failure_reason is None else masked(job.failure_reason),
        model_artifacts=job.model_artifacts,
        warm_pool_status=answer.get("WarmPoolStatus", {}).get("Status"),
        created=created.isoformat() if isinstance(created, datetime) else created,
        members={
            name: value
            for name, value in _snake(request_part(answer)).items()
            if name in TrainingJobSpec.model_fields and name not in ("tags", "training_job_name")
        },
        tags=job.tags,
    )


def _snake(value: Any) -> Any:
    if isinstance(value, Mapping):
        names = {to_snake(key): item for key, item in value.items()}
        return {name: dict(item) if name in FREE_KEYS and item else _snake(item) for name, item in names.items()}
    if isinstance(value, list):
        return [_snake(item) for item in value]
    return value
