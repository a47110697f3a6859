"""Defines how training containers are run, and simulates those that cannot be."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from localaws.server.training.job import Job

Write = Callable[[Sequence[str]], None]
"""Takes lines that the container printed."""


@dataclass(frozen=True)
class Outcome:
    """How the containers of a job ended.

    Attributes:
        reason: The FailureReason; None after exit code 0 of all.
        lost: Whether it was not the container that failed, but what runs it: AWS retries that where it may.
    """

    reason: str | None = None
    lost: bool = False


class Report(Protocol):
    """Takes what becomes of the containers of a job."""

    def ended(self, outcome: Outcome) -> bool:
        """All containers have ended; returns whether the output is wanted, or only checkpoints, for another start."""
        ...

    def saved(self, outcome: Outcome) -> None:
        """What is wanted is saved, or could not be: the job goes on to its end, or to another start."""
        ...


class Containers(Protocol):
    """Runs containers, or what stands for them on this machine. No method waits for a container."""

    def unable(self, job: Job) -> str | None:
        """Why the containers of a job cannot run here, so that they are simulated; None if they can."""
        ...

    def start(self, job: Job, report: Report) -> None:
        """Starts the containers of a job on a thread of their own."""
        ...

    def stop(self, job: Job, grace: float) -> bool:
        """Sends SIGTERM, and SIGKILL after `grace` seconds; returns whether there was anything to stop."""
        ...

    def end(self) -> None:
        """Kills every container at once."""
        ...


class Simulation:
    """A container that only says what it would do: nothing is executed."""

    def start(self, job: Job, write: Write) -> None:
        """Prints which hyperparameters it got, by name only: a value may be a secret."""
        names = ", ".join(sorted(job.request.get("HyperParameters", {}))) or "none"
        channels = ", ".join(channel["ChannelName"] for channel in job.request.get("InputDataConfig", [])) or "none"
        write([f"simulated training: {job.simulated}", f"hyperparameters: {names}", f"channels: {channels}"])

    def finish(self, job: Job, write: Write) -> Mapping[str, bytes]:
        """Prints a value for each metric and leaves a small file as its model."""
        definitions = job.request.get("AlgorithmSpecification", {}).get("MetricDefinitions", [])
        values = {item["Name"]: simulated_metric(job, item["Name"]) for item in definitions}
        write([printed(item["Regex"], values[item["Name"]]) for item in definitions] + ["training finished"])
        return {"model.json": json.dumps({"job": job.name, "metrics": values}, indent=2).encode()}


def simulated_metric(job: Job, name: str) -> float:
    """A value between 0 and 1 that is the same for the same job and metric."""
    return zlib.crc32(f"{job.name} {name}".encode()) % 10_000 / 10_000


def printed(regex: str, value: float) -> str:
    """A line in which a metric's expression finds a value, for the simple expressions that people write."""
    line = re.sub(r"\((?:[^()\\]|\\.)*\)", str(value), regex, count=1)
    line = re.sub(r"\\s[*+?]?", " ", line)
    line = re.sub(r"\.[*+]\??", "", line)
    return re.sub(r"\\(.)", r"\1", line).strip("^$")
