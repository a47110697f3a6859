"""Reads the server's settings from the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

MEMORY = "LOCALAWS_MEMORY_MEGABYTES"


@dataclass(frozen=True)
class Settings:
    """The durations, in seconds, whether roles are enforced, how containers run, and the limit of a request.

    Attributes:
        job_seconds: A job from creation to completion (`LOCALAWS_JOB_SECONDS`, default 3).
        stop_seconds: From Stopping to Stopped (`LOCALAWS_STOP_SECONDS`, default 0.5; AWS gives a container 120).
        linger_seconds: A network interface after its job's end (`LOCALAWS_LINGER_SECONDS`, default 1; AWS: minutes).
        enforce_iam: Whether a job can only do what its role allows (`LOCALAWS_ENFORCE_IAM=1`; default no).
        grace_seconds: From SIGTERM to SIGKILL of a container (`LOCALAWS_GRACE_SECONDS`, default 12; AWS: 120).
        containers: What runs containers (`LOCALAWS_CONTAINERS`): `processes` (default), `simulated`, or the command of
            a container engine, such as `docker` or `podman`.
        images: The file that says which images are run, and how (`LOCALAWS_IMAGES`); None: those of this module's own
            table only.
        memory_megabytes: The memory of each container (`LOCALAWS_MEMORY_MEGABYTES`, default 4096).
        body_megabytes: The largest body of a request (`LOCALAWS_BODY_MEGABYTES`, default 512).
    """

    job_seconds: float = 3.0
    stop_seconds: float = 0.5
    linger_seconds: float = 1.0
    enforce_iam: bool = False
    grace_seconds: float = 12.0
    containers: str = "processes"
    images: Path | None = None
    memory_megabytes: float = 4096.0
    body_megabytes: float = 512.0

    @property
    def body_bytes(self) -> int:
        """The largest body of a request, in bytes."""
        return int(self.body_megabytes * 1e6)

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """The settings of an environment.

        Raises:
            ValueError: A variable is not a number.
        """
        return cls(
            job_seconds=seconds(environment, "LOCALAWS_JOB_SECONDS", cls.job_seconds),
            stop_seconds=seconds(environment, "LOCALAWS_STOP_SECONDS", cls.stop_seconds),
            linger_seconds=seconds(environment, "LOCALAWS_LINGER_SECONDS", cls.linger_seconds),
            enforce_iam=environment.get("LOCALAWS_ENFORCE_IAM", "0") not in ("", "0"),
            grace_seconds=seconds(environment, "LOCALAWS_GRACE_SECONDS", cls.grace_seconds),
            containers=environment.get("LOCALAWS_CONTAINERS") or cls.containers,
            images=Path(environment["LOCALAWS_IMAGES"]) if environment.get("LOCALAWS_IMAGES") else None,
            memory_megabytes=number(environment, MEMORY, cls.memory_megabytes, "megabytes"),
            body_megabytes=number(environment, "LOCALAWS_BODY_MEGABYTES", cls.body_megabytes, "megabytes"),
        )


def seconds(environment: Mapping[str, str], name: str, default: float) -> float:
    """The duration that a variable names: see `number`."""
    return number(environment, name, default, "seconds")


def number(environment: Mapping[str, str], name: str, default: float, unit: str) -> float:
    """The number of a unit that a variable names, or the default where it is absent or empty.

    Raises:
        ValueError: The value is not a number, or negative.
    """
    text = environment.get(name) or str(default)
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise ValueError(f"{name} must be a number of {unit}, not {text!r}")
    return value
