"""Writes what the containers of a job print into CloudWatch, and reads the job's metrics from it.

Input: the lines of one instance. Output: events of its log stream; values of CloudWatch metrics; the newest value of
each metric on the job.
"""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from localaws.server import backends

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from localaws.server.training.job import Job

GROUP = "/aws/sagemaker/TrainingJobs"
"""The log group, and the namespace of the metrics."""

NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
"""A number, as the value of a metric."""

CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def stream(job: Job, instance: int) -> str:
    """The log stream of an instance."""
    return f"{job.name}/algo-{instance}-{int(job.created)}"


def open_streams(job: Job) -> None:
    """Creates the log group, and a stream for each instance."""
    logs = backends.logs(job.account, job.region)
    if GROUP not in logs.groups:
        logs.create_log_group(GROUP, {})
    for instance in range(1, job.instances + 1):
        logs.ensure_log_stream(GROUP, stream(job, instance))


def as_logged(line: str) -> str:
    """A line as it appears in SageMaker's logs: a control character as `#` and its octal number, so `#011` for TAB."""
    return CONTROL.sub(lambda found: f"#{ord(found[0]):03o}", line)


def record(job: Job, lines: Sequence[str], instance: int = 1) -> None:
    """Writes lines of an instance to its log, and notes the metrics in them."""
    now = time.time()
    logged = [as_logged(line) for line in lines]
    events = [{"timestamp": int(now * 1000), "message": line} for line in logged]
    logs = backends.logs(job.account, job.region)
    if GROUP in logs.groups and stream(job, instance) in logs.groups[GROUP].streams:
        logs.put_log_events(GROUP, stream(job, instance), events)
    values = list(metrics(job, logged))
    if not values:
        return
    job.metrics = job.metrics | {name: (value, now) for name, value in values}
    dimensions = [{"Name": "TrainingJobName", "Value": job.name}]
    moment = datetime.fromtimestamp(now, UTC)
    backends.cloudwatch(job.account, job.region).put_metric_data(
        GROUP,
        [{"MetricName": name, "Value": value, "Timestamp": moment, "Dimensions": dimensions} for name, value in values],
    )


def metrics(job: Job, lines: Sequence[str]) -> Iterator[tuple[str, float]]:
    """Each value that a metric definition finds in the lines: the first group of its expression."""
    for definition in job.request.get("AlgorithmSpecification", {}).get("MetricDefinitions", []):
        for line in lines:
            for match in re.finditer(definition["Regex"], line):
                if match.groups() and NUMBER.fullmatch(match[1] or ""):
                    yield definition["Name"], float(match[1])
