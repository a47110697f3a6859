"""Says what the supervisor of an instance runs: a process with a private /opt/ml, or a container engine's client.

Input: a job, and where the files of one of its instances are. Output: a task of `supervisor`, or why there is none.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from localaws.server.execution import folders, images, launch
from localaws.server.execution.host import probe

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from localaws.server.settings import Settings
    from localaws.server.training.job import Job

PROCESSES = "processes"
SIMULATED = "simulated"
"""Values of LOCALAWS_CONTAINERS; any other is the command of a container engine."""

MOST_PROCESSES = 1024
"""The processes and threads that a container may have."""


@dataclass(frozen=True)
class Place:
    """Where an instance runs.

    Attributes:
        name: A name for its container, unique on this machine.
        folder: The folder of its files: `ml` stands for /opt/ml.
        hosts: The address of each instance of the job, by name.
        threads: How many threads it should use.
    """

    name: str
    folder: Path
    hosts: Mapping[str, str]
    threads: int


class Launcher(Protocol):
    """A way to run containers."""

    def unable(self, job: Job) -> str | None:
        """Why the containers of a job cannot be run; None if they can."""
        ...

    def remark(self) -> str:
        """What the log of a job should say about how it is run; empty: nothing."""
        ...

    def task(self, job: Job, place: Place) -> dict[str, Any]:
        """What the supervisor of an instance is told: see `supervisor.Task`."""
        ...


class Simulations:
    """Runs nothing."""

    def unable(self, job: Job) -> str | None:  # noqa: ARG002  of the interface
        """The setting."""
        return f"LOCALAWS_CONTAINERS={SIMULATED}"

    def remark(self) -> str:
        """Never asked for."""
        return ""

    def task(self, job: Job, place: Place) -> dict[str, Any]:
        """Never asked for."""
        raise NotImplementedError


class Processes:
    """Runs what stands for an image as a process of this machine."""

    def __init__(self, settings: Settings, root: Path, port: Callable[[], int]) -> None:
        self._settings = settings
        self._root = root
        self._port = port

    def _row(self, job: Job) -> images.Row | str:
        try:
            return images.row_for(job, images.read(self._settings.images))
        except images.ImagesError as error:
            return str(error)

    def unable(self, job: Job) -> str | None:
        """No row is for the job's image."""
        row = self._row(job)
        return row if isinstance(row, str) else None

    def remark(self) -> str:
        """That there is no /opt/ml, where that is so."""
        refused = self._refused_mounts
        return refused and f"no private /opt/ml here ({refused}): SAGEMAKER_BASE_DIR names what stands for it"

    def task(self, job: Job, place: Place) -> dict[str, Any]:
        """A process with mounts of its own where this machine permits them.

        Raises:
            ValueError: The row of the job's image was removed meanwhile.
        """
        row = self._row(job)
        if isinstance(row, str):
            raise ValueError(row)  # noqa: TRY004  it is no wrong type
        mounts = mounts_in(place.folder)
        mounted = not self._refused_mounts
        Path(mounts["hosts"]).write_text(hosts_file(place.hosts))
        surroundings = launch.Surroundings(
            port=self._port(),
            threads=place.threads,
            base=None if mounted else place.folder / "ml",
            home=place.folder / "home",
            scratch=place.folder / "tmp",
            own=os.environ,
        )
        return {
            "command": launch.command(job, row),
            "environment": launch.environment(job, row, surroundings),
            "folder": str(folders.OPT_ML if mounted else surroundings.base),
            "mounts": mounts if mounted else None,
            "memory": int(self._settings.memory_megabytes * 1e6),
            "processes": MOST_PROCESSES,
        }

    @cached_property
    def _refused_mounts(self) -> str:
        """Why processes cannot have mounts of their own on this machine; empty if they can."""
        place = self._root / "probe"
        try:
            return probe(mounts_in(place))
        finally:
            shutil.rmtree(place, ignore_errors=True)


class Engine:
    """Runs the image itself, by Docker, Podman or a client with their command line."""

    def __init__(self, settings: Settings, port: Callable[[], int]) -> None:
        self._settings = settings
        self._port = port

    def unable(self, job: Job) -> str | None:
        """The engine is not on PATH, or the job has no image."""
        if shutil.which(self._settings.containers) is None:
            return f"LOCALAWS_CONTAINERS={self._settings.containers} is not on PATH"
        return None if "TrainingImage" in job.request.get("AlgorithmSpecification", {}) else "the job has no image"

    def remark(self) -> str:
        """Nothing: this is how AWS runs a container."""
        return ""

    def task(self, job: Job, place: Place) -> dict[str, Any]:
        """The engine's client, and the command that removes the container when the client has ended."""
        engine = self._settings.containers
        variables = launch.engine_environment(job, self._port(), place.threads)
        (place.folder / "ml").mkdir(parents=True, exist_ok=True)
        return {
            "command": [
                *(engine, "run", "--rm", "--name", place.name, "--network", "host"),
                *(f"--add-host={name}:{address}" for name, address in place.hosts.items()),
                f"--volume={place.folder / 'ml'}:{folders.OPT_ML}",
                f"--memory={int(self._settings.memory_megabytes * 1e6)}b",
                f"--pids-limit={MOST_PROCESSES}",
                *(f"--env={name}" for name in sorted(variables)),  # their values are not on the command line
                *launch.engine_command(job),
            ],
            "environment": {**os.environ, **variables},
            "folder": str(place.folder),
            "mounts": None,
            "memory": 1 << 60,
            "processes": MOST_PROCESSES,
            "cleanup": [engine, "rm", "--force", place.name],
        }


def launcher(settings: Settings, root: Path, port: Callable[[], int]) -> Launcher:
    """The launcher of a server's settings."""
    match settings.containers:
        case "processes":
            return Processes(settings, root, port)
        case "simulated":
            return Simulations()
        case _:
            return Engine(settings, port)


def mounts_in(place: Path) -> Mapping[str, str]:
    """Makes what is mounted into an instance, below its folder: see `namespace.enter`."""
    for name in ("ml", "stage", "home", "tmp"):
        (place / name).mkdir(parents=True, exist_ok=True)
    (place / "hosts").touch()
    return {"ml": str(place / "ml"), "hosts": str(place / "hosts"), "stage": str(place / "stage")}


def hosts_file(hosts: Mapping[str, str]) -> str:
    """/etc/hosts of an instance: this machine's, and the instances of its job."""
    own = Path("/etc/hosts")
    known = own.read_text() if own.is_file() else "127.0.0.1 localhost\n"
    return known.rstrip() + "\n" + "".join(f"{address} {name}\n" for name, address in hosts.items())
