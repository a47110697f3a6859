"""Runs the containers of a job once: prepares the instances, starts them, waits for them, stops or kills them."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor, as_completed
from threading import Lock
from typing import TYPE_CHECKING

from localaws.server.execution import channels, folders
from localaws.server.execution.checkpoints import Checkpoints
from localaws.server.execution.failures import failure_reason
from localaws.server.execution.host import Host
from localaws.server.execution.launchers import Place
from localaws.server.training import logs
from localaws.server.training.execution import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from localaws.server.execution.folders import Instance
    from localaws.server.execution.launchers import Launcher
    from localaws.server.execution.pipes import Pipe
    from localaws.server.training.job import Job

SECONDS_FOR_THE_OTHERS = 1.0
"""The grace of the other instances when one has failed."""


class Run:
    """One start of a job's containers.

    Args:
        job: The job.
        folder: Where its files go.
        number: The number of this run among all of this server's, for addresses and names.
        threads: How many threads each instance should use.
    """

    def __init__(self, job: Job, folder: Path, number: int, threads: int) -> None:
        self.job = job
        self.folder = folder
        self.stopped = False
        self._number = number
        self._threads = threads
        self._instances = folders.instances(job)
        self.checkpoints = Checkpoints(job, self.roots)
        self._lock = Lock()
        self._hosts: dict[Instance, Host] = {}
        self._pipes: list[Pipe] = []
        self._killed = False

    @property
    def roots(self) -> list[Path]:
        """What stands for /opt/ml, of each instance."""
        return [self.folder / instance.name / "ml" for instance in self._instances]

    def train(self, launcher: Launcher) -> Outcome:
        """Prepares all instances, runs them, and returns how they ended: the first failure counts.

        Raises:
            JobFailure: A channel cannot be copied.
        """
        for instance, root in zip(self._instances, self.roots, strict=True):
            folders.make(self.job, instance, root)
            self._pipes += channels.fill(self.job, instance, root / "input/data")
        self.checkpoints.restore()
        if remark := launcher.remark():
            logs.record(self.job, [f"localaws: {remark}"])
        with self._lock:
            if self.stopped or self._killed:
                return Outcome()
            for instance in self._instances:
                self._hosts[instance] = Host(launcher.task(self.job, self._place(instance)), self._log(instance))
        with self.checkpoints.uploading(), ThreadPoolExecutor(len(self._hosts)) as pool:
            ends = [pool.submit(self._wait, instance, host) for instance, host in self._hosts.items()]
            outcomes = [end.result() for end in as_completed(ends)]
        return next((outcome for outcome in outcomes if outcome.reason is not None), Outcome())

    def _place(self, instance: Instance) -> Place:
        """Each instance has a loopback address of its own, so that all of them can listen on the same port."""
        network = f"127.{1 + self._number // 250 % 250}.{1 + self._number % 250}"
        return Place(
            name=f"{self.job.name}-{os.getpid()}-{self._number}-{instance.name}",
            folder=self.folder / instance.name,
            hosts={one.name: f"{network}.{one.number}" for one in self._instances},
            threads=self._threads,
        )

    def _log(self, instance: Instance) -> Callable[[Sequence[str]], None]:
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
