"""What DescribeTrainingJob says, in this library's words.

Input: the answer of DescribeTrainingJob. Output: an `ExistingJob`: its members as a declaration has them, and how
far it has come.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic.alias_generators import to_snake

from sagemaker_constructs.api.response import request_part
from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.reconcile.masking import masked

RUNNING = frozenset({"InProgress", "Stopping"})
"""Statuses in which a job still costs money."""
UNSUCCESSFUL = frozenset({"Failed", "Stopped"})
"""Statuses of a job that ended without being done (MaxRuntimeExceeded and MaxWaitTimeExceeded are `Stopped`)."""
MISSING = "Missing"
"""Our own status of a job that was deleted elsewhere; the API has no word for it."""

_FREE_KEYS = frozenset(
    {
        "hyper_parameters",
        "environment",
        "rule_parameters",
        "hook_parameters",
        "collection_parameters",
        "profiling_parameters",
    }
)
"""Members whose keys are the user's, not the API's."""


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
        """What the resource's state records of the job itself."""
        return {
            "arn": self.arn,
            "creation_time": self.created,
            "failure_reason": self.failure_reason,
            "secondary_status": self.secondary_status,
            "training_job_name": self.name,
            "training_job_status": self.status,
        }


def existing_job(answer: Mapping[str, Any]) -> ExistingJob:
    """Read a DescribeTrainingJob answer."""
    created = answer.get("CreationTime")
    tags = answer.get("Tags")
    return ExistingJob(
        name=answer["TrainingJobName"],
        arn=answer["TrainingJobArn"],
        status=answer["TrainingJobStatus"],
        secondary_status=answer.get("SecondaryStatus", ""),
        failure_reason=masked(answer["FailureReason"]) if "FailureReason" in answer else None,
        model_artifacts=answer.get("ModelArtifacts", {}).get("S3ModelArtifacts"),
        warm_pool_status=answer.get("WarmPoolStatus", {}).get("Status"),
        created=created.isoformat() if isinstance(created, datetime) else created,
        members={
            name: value
            for name, value in _snake(request_part(answer)).items()
            if name in TrainingJobSpec.model_fields and name not in ("tags", "training_job_name")
        },
        tags=None if tags is None else {tag["Key"]: tag["Value"] for tag in tags},
    )


def _snake(value: Any) -> Any:
    if isinstance(value, Mapping):
        names = {to_snake(key): item for key, item in value.items()}
        return {name: dict(item) if name in _FREE_KEYS and item else _snake(item) for name, item in names.items()}
    if isinstance(value, list):
        return [_snake(item) for item in value]
    return value
