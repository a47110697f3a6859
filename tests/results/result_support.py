"""Answers of DescribeTrainingJob, and accounts that have them, for the tests of results."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sagemaker_constructs.aws.answers import ExistingJob
from sagemaker_constructs.testing import FakeTrainingJobs
from tests.samples import OWNER

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
        {"Status": phase, "StartTime": start, "StatusMessage": ""} for phase, start in zip(phases, starts, strict=True)
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
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
    }
    if "Training" in phases:
        answer["TrainingStartTime"] = starts[list(phases).index("Training")]
        if phases[-1] in _PRIMARY:
            answer["TrainingEndTime"] = starts[-1]
    return ExistingJob({**answer, **members})


def account(*jobs: ExistingJob, owned: Iterable[str] | None = None) -> FakeTrainingJobs:
    """An account with these jobs, all of them of the stack, or those that are `owned`."""
    fake = FakeTrainingJobs()
    names = [job.name for job in jobs] if owned is None else list(owned)
    for job in jobs:
        fake.add(job, owner=OWNER if job.name in names else None)
    return fake
