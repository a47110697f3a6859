"""Runs the containers of jobs: prepares, starts, stops and concludes them, each job on a thread of its own."""

from __future__ import annotations

import itertools
import logging
import os
import shutil
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import cached_property
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

from localaws.server.execution import channels, folders, images, launch, output
from localaws.server.execution.failures import failure_reason
from localaws.server.execution.host import Host, probe
from localaws.server.training import logs, permissions
from localaws.server.training.effects import JobFailure
from localaws.server.training.execution import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from localaws.server.execution.folders import Instance
    from localaws.server.execution.images import Row
    from localaws.server.execution.pipes import Pipe
    from localaws.server.settings import Settings
    from localaws.server.training.execution import Report
    from localaws.server.training.job import Job

logger = logging.getLogger(__name__)

SIMULATED = "simulated"
"""The value of LOCALAWS_CONTAINERS that runs none."""

MOST_PROCESSES = 1024
INTERNAL = "InternalServerError: We encountered an internal error. Please try again."
SECONDS_FOR_THE_OTHERS = 1.0
"""The grace of the other instances when one has failed."""


class ProcessContainers:
    """Runs containers as processes: see `execution.Containers`.

    Args:
        settings: The server's settings.
        root: The folder of all jobs' files; it is made when it is needed.
        port: Where the server listens, once it does.
    """

    def __init__(self, settings: Settings, root: Path, port: Callable[[], int]) -> None:
        self._settings = settings
        self._root = root
        self._port = port
        self._lock = Lock()
        self._numbers = itertools.count(1)
        self._runs: dict[str, Run] = {}

    def unable(self, job: Job) -> str | None:
        """Why a job is simulated: the setting, its image, or its channels."""
        if self._settings.containers == SIMULATED:
            return f"LOCALAWS_CONTAINERS={SIMULATED}"
        row = self._row(job)
        return row if isinstance(row, str) else channels.unsupported(job)

    def _row(self, job: Job) -> Row | str:
        try:
            return images.row_for(job, images.read(self._settings.images))
        except images.ImagesError as error:
            return str(error)

    def start(self, job: Job, report: Report) -> None:
        """Starts a job's containers, on a new thread."""
        with self._lock:
            running = len(self._runs) + 1
            number = next(self._numbers)
            threads = max(1, (os.cpu_count() or 1) // running)
            run = Run(self, job, self._root / f"{number}-{job.name}", number, threads)
            self._runs[job.arn] = run
        Thread(target=self._run, args=(run, report), name=job.name, daemon=True).start()

    def _run(self, run: Run, report: Report) -> None:
        try:
            row = self._row(run.job)
            if isinstance(row, str):
                raise JobFailure(f"ClientError: {row}")  # noqa: TRY301  the file was changed meanwhile
            outcome = run.train(row)
            self._save(run, wanted=report.ended(outcome), model=outcome.reason is None or run.stopped)
        except JobFailure as failure:
            outcome = Outcome(str(failure))
        except Exception:  # whatever broke, the job must end, and the others go on
            logger.exception("the containers of %s broke", run.job.name)
            outcome = Outcome(INTERNAL)
        run.kill()
        shutil.rmtree(run.folder, ignore_errors=True)
        with self._lock:
            self._runs.pop(run.job.arn, None)
        report.saved(outcome)

    def _save(self, run: Run, *, wanted: bool, model: bool) -> None:
        output.save_checkpoints(run.job, run.roots)
        if not wanted:
            return
        refused = permissions.refusal(run.job, "Uploading") if self._settings.enforce_iam else None
        if refused is not None:
            raise JobFailure(refused)
        output.save(run.job, run.roots, model=model)

    def stop(self, job: Job, grace: float) -> bool:
        """Sends SIGTERM, and SIGKILL after the grace."""
        with self._lock:
            run = self._runs.get(job.arn)
        if run is None:
            return False
        run.stop(grace)
        return True

    def end(self) -> None:
        """Kills every container, and removes what they have left."""
        with self._lock:
            runs = list(self._runs.values())
        for run in runs:
            run.kill()

    @cached_property
    def refused_mounts(self) -> str:
        """Why containers cannot have mounts of their own on this machine; empty if they can."""
        place = self._root / "probe"
        try:
            return probe(mounts_in(place))
        finally:
            shutil.rmtree(place, ignore_errors=True)

    def task(self, run: Run, instance: Instance, row: Row) -> dict[str, Any]:
        """What the supervisor of an instance is told."""
        place = run.folder / instance.name
        mounts = mounts_in(place)
        mounted = not self.refused_mounts
        (place / "hosts").write_text(hosts_file(run))
        surroundings = launch.Surroundings(
            port=self._port(),
            threads=run.threads,
            base=None if mounted else place / "ml",
            home=place / "home",
            scratch=place / "tmp",
            own=os.environ,
        )
        return {
            "command": launch.command(run.job, row),
            "environment": launch.environment(run.job, row, surroundings),
            "folder": str(folders.OPT_ML if mounted else place / "ml"),
            "mounts": mounts if mounted else None,
            "memory": int(self._settings.memory_megabytes * 1e6),
            "processes": MOST_PROCESSES,
        }


class Run:
    """One start of a job's containers."""

    def __init__(self, containers: ProcessContainers, job: Job, folder: Path, number: int, threads: int) -> None:
        self.job = job
        self.folder = folder
        self.number = number
        self.threads = threads
        self.instances = folders.instances(job)
        self.stopped = False
        self._containers = containers
        self._lock = Lock()
        self._hosts: dict[Instance, Host] = {}
        self._killed = False
        self._pipes: list[Pipe] = []

    @property
    def roots(self) -> list[Path]:
        """What stands for /opt/ml, of each instance."""
        return [self.folder / instance.name / "ml" for instance in self.instances]

    def train(self, row: Row) -> Outcome:
        """Prepares all instances, runs them, and returns how they ended: the first failure counts.

        Raises:
            JobFailure: A channel cannot be copied.
        """
        for instance, root in zip(self.instances, self.roots, strict=True):
            folders.make(self.job, instance, root)
            self._pipes += channels.fill(self.job, instance, root / "input/data")
            output.restore_checkpoints(self.job, root)
        self._say()
        with self._lock:
            if self.stopped or self._killed:
                return Outcome()
            for instance in self.instances:
                task = self._containers.task(self, instance, row)
                self._hosts[instance] = Host(task, self._log(instance))
        with ThreadPoolExecutor(len(self._hosts)) as pool:
            ends = [pool.submit(self._wait, instance, host) for instance, host in self._hosts.items()]
            outcomes = [end.result() for end in as_completed(ends)]
        return next((outcome for outcome in outcomes if outcome.reason is not None), Outcome())

    def _say(self) -> None:
        if refused := self._containers.refused_mounts:
            base = f"no private /opt/ml here ({refused}): SAGEMAKER_BASE_DIR names the folder that stands for it"
            logs.record(self.job, [f"localaws: {base}"])

    def _log(self, instance: Instance) -> Callable[[Any], None]:
        return lambda lines: logs.record(self.job, lines, instance.number)

    def _wait(self, instance: Instance, host: Host) -> Outcome:
        end = host.wait()
        failure = self.folder / instance.name / "ml/output/failure"
        text = failure.read_text(errors="replace") if failure.is_file() else ""
        reason = failure_reason(end, text)
        if reason is not None and not self.stopped:
            for other in self._hosts.values():
                other.stop(SECONDS_FOR_THE_OTHERS)
        return Outcome(reason, lost=end.lost)

    def stop(self, grace: float) -> None:
        """Sends SIGTERM, and SIGKILL after the grace; what has not started yet does not."""
        with self._lock:
            self.stopped = True
            for host in self._hosts.values():
                host.stop(grace)

    def kill(self) -> None:
        """Kills all that runs, at once."""
        with self._lock:
            self._killed = True
            for host in self._hosts.values():
                host.kill()
            for pipe in self._pipes:
                pipe.end()


def mounts_in(place: Path) -> Mapping[str, str]:
    """Makes what is mounted into an instance, below its folder: see `namespace.enter`."""
    for name in ("ml", "stage", "home", "tmp"):
        (place / name).mkdir(parents=True, exist_ok=True)
    (place / "hosts").touch()
    return {"ml": str(place / "ml"), "hosts": str(place / "hosts"), "stage": str(place / "stage")}


def hosts_file(run: Run) -> str:
    """/etc/hosts of a job: this machine's, and an address of its own for each instance."""
    own = Path("/etc/hosts")
    known = own.read_text() if own.is_file() else "127.0.0.1 localhost\n"
    addresses = "".join(
        f"127.{1 + run.number // 250 % 250}.{1 + run.number % 250}.{instance.number} {instance.name}\n"
        for instance in run.instances
    )
    return f"{known.rstrip()}\n{addresses}"
