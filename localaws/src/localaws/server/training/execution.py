"""Simulates a training container, behind the interface that a real one would have."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from localaws.server.training.job import Job

Write = Callable[[Sequence[str]], None]
"""Takes lines that the container printed."""


class Execution(Protocol):
    """What happens inside the container of a job."""

    def start(self, job: Job, write: Write) -> None:
        """Begins: the images and the data are there."""
        ...

    def finish(self, job: Job, write: Write) -> Mapping[str, bytes]:
        """Ends, by itself or because it was stopped; the files below /opt/ml/model come back."""
        ...


class Simulation:
    """A container that only says what it would do: nothing is executed."""

    def start(self, job: Job, write: Write) -> None:
        """Prints which hyperparameters it got, by name only: a value may be a secret."""
        names = ", ".join(sorted(job.request.get("HyperParameters", {}))) or "none"
        channels = ", ".join(channel["ChannelName"] for channel in job.request.get("InputDataConfig", [])) or "none"
        write(["simulated training: no container is run", f"hyperparameters: {names}", f"channels: {channels}"])

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
