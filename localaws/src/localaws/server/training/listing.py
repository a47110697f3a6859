"""Filters and sorts the jobs for ListTrainingJobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from localaws.server.training.description import summary
from localaws.server.training.pages import page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from localaws.server.training.job import Job

Summary = dict[str, Any]

CHOICES: Mapping[str, Callable[[Summary, Any], bool]] = {
    "NameContains": lambda job, text: text in job["TrainingJobName"],
    "CreationTimeAfter": lambda job, moment: job["CreationTime"] > moment,
    "CreationTimeBefore": lambda job, moment: job["CreationTime"] < moment,
    "LastModifiedTimeAfter": lambda job, moment: job["LastModifiedTime"] > moment,
    "LastModifiedTimeBefore": lambda job, moment: job["LastModifiedTime"] < moment,
    "TrainingPlanArnEquals": lambda job, arn: job.get("TrainingPlanArn") == arn,
}
"""The filter of each member of the request."""

LATE_CHOICES: Mapping[str, Callable[[Summary, Any], bool]] = {
    "StatusEquals": lambda job, status: job["TrainingJobStatus"] == status,
    "WarmPoolStatusEquals": lambda job, status: job.get("WarmPoolStatus", {}).get("Status") == status,
}
"""What a member keeps of a page that is cut already: AWS applies MaxResults before the status."""

ORDERS: Mapping[str, str] = {"Name": "TrainingJobName", "CreationTime": "CreationTime", "Status": "TrainingJobStatus"}


def listed(jobs: Iterable[Job], request: Mapping[str, Any], now: float) -> dict[str, Any]:
    """The answer of ListTrainingJobs. The default order is by creation, newest first; a page has 10."""
    found = [job for job in (summary(job, now) for job in jobs) if kept(job, request, CHOICES)]
    found.sort(key=lambda job: job[ORDERS[request.get("SortBy", "CreationTime")]])
    if request.get("SortOrder", "Descending") == "Descending":
        found.reverse()
    items, token = page(found, request, 10)
    return {"TrainingJobSummaries": [job for job in items if kept(job, request, LATE_CHOICES)], **token}


def kept(job: Summary, request: Mapping[str, Any], choices: Mapping[str, Callable[[Summary, Any], bool]]) -> bool:
    """Whether a job passes every filter of the request."""
    return all(choose(job, request[name]) for name, choose in choices.items() if name in request)
