"""How far a job has come: what DescribeTrainingJob and Search say beyond the request.

Input: an answer of DescribeTrainingJob, or a `TrainingJob` of Search, which is the same and has tags. Output: its
parts, typed, with absent and empty told apart. Jobs that never started have no times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sagemaker_constructs.api.wire import wire_name

LOG_GROUP = "/aws/sagemaker/TrainingJobs"
"""Where every training job's log is; its streams are named `<job>/…` (SageMaker Developer Guide, "Log groups")."""


@dataclass(frozen=True, slots=True)
class DescribedJob:
    """One answer, by its parts."""

    answer: Mapping[str, Any]

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
        """TrainingJobStatus."""
        return self.answer["TrainingJobStatus"]

    @property
    def secondary_status(self) -> str:
        """SecondaryStatus."""
        return self.answer.get("SecondaryStatus") or self.status

    @property
    def ended(self) -> bool:
        """Whether the job will not change any more."""
        return self.status in ("Completed", "Failed", "Stopped")

    @property
    def message(self) -> str:
        """What the service says about the present secondary status: for people, it changes without notice."""
        transitions = self.transitions
        return transitions[-1].get("StatusMessage", "") if transitions else ""

    @property
    def failure_reason(self) -> str | None:
        """FailureReason, at most 1,024 characters."""
        return self.answer.get("FailureReason")

    @property
    def created(self) -> datetime:
        """CreationTime."""
        return self.answer["CreationTime"]

    @property
    def started(self) -> datetime | None:
        """TrainingStartTime: when the machines were there."""
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
    def instance_count(self) -> int:
        """How many machines; 0 for a serverless job."""
        resources = self.answer.get("ResourceConfig") or {}
        groups = resources.get("InstanceGroups") or []
        counted = resources.get("SelectedInstanceCount") or resources.get("InstanceCount") or 0
        return sum(group["InstanceCount"] for group in groups) or counted

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
    def tags(self) -> dict[str, str] | None:
        """The job's tags, where the answer was one of Search; DescribeTrainingJob has none."""
        tags = self.answer.get("Tags")
        return None if tags is None else {tag["Key"]: tag["Value"] for tag in tags}

    @property
    def longest_seconds(self) -> int | None:
        """MaxRuntimeInSeconds."""
        return (self.answer.get("StoppingCondition") or {}).get("MaxRuntimeInSeconds")

    def times_in(self, status: str) -> int:
        """How often the job has been in a secondary status."""
        return sum(transition["Status"] == status for transition in self.transitions)

    def entered(self) -> datetime:
        """When the present secondary status began."""
        transitions = self.transitions
        return transitions[-1]["StartTime"] if transitions else self.created

    def secrets(self, paths: Iterable[str]) -> frozenset[str]:
        """The values at those paths of the declaration that the program marked as secret."""
        return secret_texts(self.answer, paths, wire_name)


def secret_texts(
    members: Mapping[str, Any], paths: Iterable[str], name_of: Callable[[str], str] = str
) -> frozenset[str]:
    """The texts at the paths, as `environment.TOKEN`. Of a list, all of it: too much is masked rather than too little.

    Args:
        members: a declaration, or an answer.
        paths: dotted, as the declaration has them.
        name_of: what a top-level member is called in `members`.
    """
    return frozenset(text for path in paths for text in _texts(_at(members, path, name_of)))


def _when(metric: Mapping[str, Any]) -> float:
    timestamp = metric.get("Timestamp")
    return timestamp.timestamp() if isinstance(timestamp, datetime) else 0.0


def _at(members: Mapping[str, Any], path: str, name_of: Callable[[str], str]) -> Any:
    member, _, rest = path.partition(".")
    value = members.get(name_of(member.partition("[")[0]))
    return value.get(rest) if isinstance(value, Mapping) and rest in value else value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
