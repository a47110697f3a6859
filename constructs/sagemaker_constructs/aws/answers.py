"""Reads one answer about a training job.

Input: an answer of DescribeTrainingJob, or a `TrainingJob` of Search, which is the same and has tags. Output: an
`ExistingJob`: its parts, typed, with absent and empty told apart. Texts of AWS stay as they are here: what is stored or
shown of them is masked by `ExistingJob.masked_reason` and by `results`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sagemaker_constructs.api.masking import masked
from sagemaker_constructs.api.response import request_part
from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.api.tree import FREE_KEYS
from sagemaker_constructs.api.wire import members_form, wire_name
from sagemaker_constructs.aws.responses import member

LOG_GROUP = "/aws/sagemaker/TrainingJobs"
"""The log group of every training job; its streams are named `<job>/…` (SageMaker Developer Guide, "Log groups")."""

RUNNING = frozenset({"InProgress", "Stopping"})
"""Statuses in which a job still costs money."""
UNSUCCESSFUL = frozenset({"Failed", "Stopped"})
"""Statuses of a job that ended without being done (MaxRuntimeExceeded and MaxWaitTimeExceeded are `Stopped`)."""
ENDED = frozenset({"Completed", *UNSUCCESSFUL})
"""Statuses that do not change any more."""
MISSING = "Missing"
"""Our own status of a job that was deleted elsewhere; the API has no word for it."""
NOT_NEEDED = "NotNeeded"
"""Our own status of a fallback that was not started."""

_REQUIRED: Mapping[str, Any] = {
    "CreationTime": datetime,
    "TrainingJobArn": str,
    "TrainingJobName": str,
    "TrainingJobStatus": str,
}
"""Members of every answer about a job."""
_ITEMS: Mapping[str, Mapping[str, Any]] = {
    "FinalMetricDataList": {"MetricName": str, "Value": (int, float)},
    "SecondaryStatusTransitions": {"StartTime": datetime, "Status": str},
    "Tags": {"Key": str, "Value": str},
}
"""Members of the items of its lists."""


@dataclass(frozen=True)
class ExistingJob:
    """A training job that exists, or existed."""

    answer: Mapping[str, Any]
    """The answer, under the API's names."""

    @classmethod
    def read(cls, answer: Mapping[str, Any]) -> ExistingJob:
        """The job of an answer. Raises UnreadableResponseError where a member is missing or of another kind."""
        for name, kind in _REQUIRED.items():
            member(answer, name, kind)
        for name, required in _ITEMS.items():
            for item in answer.get(name) or ():
                for each, kind in required.items():
                    member(item, each, kind)
        return cls(answer)

    @classmethod
    def just_started(cls, request: Mapping[str, Any], arn: str) -> ExistingJob:
        """The job in the moment after CreateTrainingJob, by its request: to describe it could fail, and lose it."""
        status = {"TrainingJobStatus": "InProgress", "SecondaryStatus": "Starting"}
        return cls({**request, "TrainingJobArn": arn, **status})

    @property
    def name(self) -> str:
        """TrainingJobName."""
        return self.answer["TrainingJobName"]

    @property
    def arn(self) -> str:
        """TrainingJobArn."""
        return self.answer["TrainingJobArn"]

    @property
    def status(self) -> str:
        """TrainingJobStatus: InProgress, Completed, Failed, Stopping, Stopped or Deleting."""
        return self.answer["TrainingJobStatus"]

    @property
    def secondary_status(self) -> str:
        """SecondaryStatus."""
        return self.answer.get("SecondaryStatus") or self.status

    @property
    def running(self) -> bool:
        """Whether the job still costs money."""
        return self.status in RUNNING

    @property
    def ended(self) -> bool:
        """Whether the job's status will not change any more."""
        return self.status in ENDED

    @property
    def message(self) -> str:
        """What the service says about the present secondary status: for people, it changes without notice."""
        transitions = self.transitions
        return transitions[-1].get("StatusMessage", "") if transitions else ""

    @property
    def failure_reason(self) -> str | None:
        """FailureReason in AWS's words, at most 1,024 characters, not masked."""
        return self.answer.get("FailureReason")

    @property
    def created(self) -> datetime:
        """CreationTime."""
        return self.answer["CreationTime"]

    @property
    def creation_time(self) -> str:
        """CreationTime in ISO 8601; empty for a job that was just started."""
        created = self.answer.get("CreationTime")
        return created.isoformat() if isinstance(created, datetime) else created or ""

    @property
    def started(self) -> datetime | None:
        """TrainingStartTime: when the machines were there; absent for a job that never started."""
        return self.answer.get("TrainingStartTime")

    @property
    def finished(self) -> datetime | None:
        """TrainingEndTime."""
        return self.answer.get("TrainingEndTime")

    @property
    def training_seconds(self) -> int | None:
        """TrainingTimeInSeconds."""
        return self.answer.get("TrainingTimeInSeconds")

    @property
    def billable_seconds(self) -> int | None:
        """BillableTimeInSeconds, of one machine."""
        return self.answer.get("BillableTimeInSeconds")

    @property
    def instance_type(self) -> str:
        """The machines' type: the one that was selected, or declared; empty for several types and serverless jobs."""
        resources = self.answer.get("ResourceConfig") or {}
        return resources.get("SelectedInstanceType") or resources.get("InstanceType") or ""

    @property
    def instance_count(self) -> int:
        """How many machines; 0 for a serverless job."""
        resources = self.answer.get("ResourceConfig") or {}
        groups = resources.get("InstanceGroups") or []
        counted = resources.get("SelectedInstanceCount") or resources.get("InstanceCount") or 0
        return sum(group.get("InstanceCount", 0) for group in groups) or counted

    @property
    def transitions(self) -> list[Mapping[str, Any]]:
        """SecondaryStatusTransitions, oldest first."""
        return self.answer.get("SecondaryStatusTransitions") or []

    @property
    def metrics(self) -> dict[str, float]:
        """The last value of each metric, newest metric first."""
        found = sorted(self.answer.get("FinalMetricDataList") or [], key=_when, reverse=True)
        return {metric["MetricName"]: float(metric["Value"]) for metric in found}

    @property
    def model_artifacts(self) -> str | None:
        """S3ModelArtifacts; absent where the job left no model."""
        return (self.answer.get("ModelArtifacts") or {}).get("S3ModelArtifacts")

    @property
    def warm_pool_status(self) -> str | None:
        """WarmPoolStatus.Status."""
        return (self.answer.get("WarmPoolStatus") or {}).get("Status")

    @property
    def tags(self) -> dict[str, str] | None:
        """The job's tags, where the answer was one of Search; DescribeTrainingJob has none."""
        tags = self.answer.get("Tags")
        return None if tags is None else {tag["Key"]: tag["Value"] for tag in tags}

    @property
    def longest_seconds(self) -> int | None:
        """MaxRuntimeInSeconds."""
        return (self.answer.get("StoppingCondition") or {}).get("MaxRuntimeInSeconds")

    @cached_property
    def members(self) -> Mapping[str, Any]:
        """The declared members that the service repeats, under their snake_case names, without name and tags.

        Session chaining it never repeats.
        """
        return {
            name: value
            for name, value in members_form(request_part(self.answer)).items()
            if name in TrainingJobSpec.model_fields and name not in ("tags", "training_job_name")
        }

    def times_in(self, status: str) -> int:
        """How often the job has been in a secondary status."""
        return sum(transition["Status"] == status for transition in self.transitions)

    def entered(self) -> datetime:
        """When the present secondary status began."""
        transitions = self.transitions
        return transitions[-1]["StartTime"] if transitions else self.created

    def secrets(self, paths: Iterable[str]) -> frozenset[str]:
        """The values at those paths of the declaration that the program marked as secret."""
        return secret_texts(self.answer, paths)

    def masked_reason(self, secrets: Iterable[str] = ()) -> str:
        """FailureReason as it is stored and shown: without credentials and these secrets; empty where there is none."""
        return masked(self.failure_reason or "", secrets)

    def outputs(self, secret_paths: Iterable[str] = ()) -> dict[str, Any]:
        """What the resource's state records of the job itself; texts are empty, for the engine keeps no null."""
        return {
            "arn": self.arn,
            "creation_time": self.creation_time,
            "failure_reason": self.masked_reason(self.secrets(secret_paths)),
            "secondary_status": self.secondary_status,
            "training_job_name": self.name,
            "training_job_status": self.status,
        }


def secret_texts(members: Mapping[str, Any], paths: Iterable[str]) -> frozenset[str]:
    """The texts at the paths, such as `environment.TOKEN`, in a declaration or in an answer of AWS.

    A path has no list positions and goes through every item. Where it ends above the leaves, all texts below it count:
    the whole member was marked as secret. Where it leads nowhere, there is none.
    """
    return frozenset(text for path in paths for text in _texts_at(members, path))


def _texts_at(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _texts_at(item, path)
    elif not path:
        yield from _texts(value)
    elif isinstance(value, Mapping):
        member, _, rest = path.partition(".")
        found = value.get(member, value.get(wire_name(member)))
        if member in FREE_KEYS and rest and isinstance(found, Mapping):  # a key of the user may have dots
            yield from _texts(found.get(rest))
        else:
            yield from _texts_at(found, rest)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _when(metric: Mapping[str, Any]) -> float:
    timestamp = metric.get("Timestamp")
    return timestamp.timestamp() if isinstance(timestamp, datetime) else 0.0
