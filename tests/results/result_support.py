"""Answers of DescribeTrainingJob, and jobs that answer from memory, for the tests of results."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sagemaker_constructs.api.tag_keys import OWNER_TAG
from sagemaker_constructs.aws.answers import ExistingJob
from sagemaker_constructs.aws.errors import ServiceError
from sagemaker_constructs.aws.protocols import LogEvent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

OWNER = "organization/project/stack"
BEGIN = datetime(2026, 5, 1, 12, 0, 0, tzinfo=UTC)

_PRIMARY = {
    "Completed": "Completed",
    "Failed": "Failed",
    "Stopped": "Stopped",
    "MaxRuntimeExceeded": "Stopped",
    "MaxWaitTimeExceeded": "Stopped",
    "Stopping": "Stopping",
}


def described(
    name: str = "penguins", *, phases: Sequence[str] = ("Starting", "Training"), seconds: float = 60, **members: Any
) -> ExistingJob:
    """A job that went through `phases`, each `seconds` long, with more members of the answer."""
    starts = [BEGIN + timedelta(seconds=seconds * number) for number in range(len(phases))]
    transitions: list[dict[str, Any]] = [
        {"Status": phase, "StartTime": start, "StatusMessage": f"{phase} it is"}
        for phase, start in zip(phases, starts, strict=True)
    ]
    for transition, end in zip(transitions, starts[1:], strict=False):
        transition["EndTime"] = end
    answer: dict[str, Any] = {
        "TrainingJobName": name,
        "TrainingJobArn": f"arn:aws:sagemaker:eu-west-1:123456789012:training-job/{name}",
        "TrainingJobStatus": _PRIMARY.get(phases[-1], "InProgress"),
        "SecondaryStatus": phases[-1],
        "SecondaryStatusTransitions": transitions,
        "CreationTime": BEGIN,
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 2},
    }
    if "Training" in phases:
        answer["TrainingStartTime"] = starts[list(phases).index("Training")]
        if phases[-1] in _PRIMARY:
            answer["TrainingEndTime"] = starts[-1]
    return ExistingJob({**answer, **members})


class Jobs:
    """`TrainingJobs` in memory, which counts its calls."""

    def __init__(self, *jobs: ExistingJob, owned: Iterable[str] | None = None, page_size: int = 100) -> None:
        self.jobs = {job.name: job for job in jobs}
        self.owned = list(self.jobs) if owned is None else list(owned)
        self.page_size = page_size
        self.calls: list[str] = []
        self.refusals: dict[str, str] = {}
        """Error codes with which operations are refused."""
        self.lines: dict[str, list[LogEvent]] = {}
        self.log_page_size = 1000
        self.empty_pages = False
        self.tagged: dict[str, dict[str, str]] = {}
        self.stopped: list[str] = []

    def _call(self, operation: str) -> None:
        self.calls.append(operation)
        if operation in self.refusals:
            raise ServiceError(operation, "a job", self.refusals[operation], "no")

    def describe(self, name: str) -> ExistingJob | None:
        """What DescribeTrainingJob answers."""
        self._call("DescribeTrainingJob")
        return self.jobs.get(name)

    def search(self, owner: str, page: str | None) -> tuple[list[ExistingJob], str | None]:
        """A page of the jobs that the stack owns."""
        self._call("Search")
        assert owner == OWNER
        start = int(page or 0)
        end = start + self.page_size
        found = [self.jobs[name] for name in self.owned[start:end] if name in self.jobs]
        return found, str(end) if end < len(self.owned) else None

    def log_events(self, name: str, since: int, page: str | None) -> tuple[list[LogEvent], str | None]:
        """The lines that were added from a time on, page by page; before each page an empty one, where that is set."""
        self._call("FilterLogEvents")
        events = [event for event in self.lines.get(name, []) if event.time >= since]
        start = int((page or "0").rstrip("+"))
        if self.empty_pages and not (page or "").endswith("+"):
            return [], f"{start}+"
        end = start + self.log_page_size
        return events[start:end], str(end) if end < len(events) else None

    def log(self, name: str, *lines: str, after: int = 0) -> None:
        """Let a job print lines, `after` so many milliseconds from its creation."""
        log = self.lines.setdefault(name, [])
        time = int(BEGIN.timestamp() * 1000) + after
        log += [LogEvent(f"{name}/{number}", time, line) for number, line in enumerate(lines, len(log))]

    def last_log_lines(self, name: str, count: int) -> list[str]:
        """The last lines."""
        self._call("GetLogEvents")
        return [event.line for event in self.lines.get(name, [])[-count:]]

    def stop(self, name: str) -> None:
        """Remembered."""
        self._call("StopTrainingJob")
        self.stopped.append(name)

    def tags(self, arn: str) -> dict[str, str]:
        """The owner, and what was added."""
        self._call("ListTags")
        name = arn.rpartition("/")[2]
        return {**({OWNER_TAG: OWNER} if name in self.owned else {}), **self.tagged.get(name, {})}

    def add_tags(self, arn: str, tags: Mapping[str, str]) -> None:
        """Remembered."""
        self._call("AddTags")
        self.tagged.setdefault(arn.rpartition("/")[2], {}).update(tags)

    def delete_tags(self, arn: str, keys: Iterable[str]) -> None:
        """Forgotten."""
        self._call("DeleteTags")
        for key in keys:
            self.tagged.setdefault(arn.rpartition("/")[2], {}).pop(key, None)


class Said:
    """Remembers what was said to the user."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def __call__(self, message: str, *, ephemeral: bool = False) -> None:
        """Remembered; in brackets where it would not last."""
        self.messages.append(message if not ephemeral else f"({message})")
