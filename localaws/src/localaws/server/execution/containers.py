"""Runs the containers of all jobs, each job on a thread of its own, and concludes it when they have ended."""

from __future__ import annotations

import itertools
import logging
import os
import shutil
from threading import Lock, Thread
from typing import TYPE_CHECKING

from localaws.server.execution import channels, journal, output
from localaws.server.execution.launchers import launcher
from localaws.server.execution.run import Run
from localaws.server.training import permissions
from localaws.server.training.effects import JobFailure
from localaws.server.training.execution import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from localaws.server.settings import Settings
    from localaws.server.training.execution import Report
    from localaws.server.training.job import Job

logger = logging.getLogger(__name__)

SECONDS_TO_END = 5.0
"""How long a server that ends waits for its containers, which are killed."""

INTERNAL = "InternalServerError: We encountered an internal error. Please try again."


class RunningContainers:
    """Runs containers as the settings say: see `training.execution.Containers`.

    Args:
        settings: The server's settings.
        root: The folder of all jobs' files.
        port: Where the server listens, once it does.

    Attributes:
        lost: The jobs that ran on a server that was killed, and that had the same folder.
    """

    def __init__(self, settings: Settings, root: Path, port: Callable[[], int]) -> None:
        self._settings = settings
        self._root = root
        self.lost = list(journal.lost(root))
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir(parents=True, mode=0o700)
        self._launcher = launcher(settings, root, port)
        self._lock = Lock()
        self._numbers = itertools.count(1)
        self._runs: dict[str, Run] = {}
        self._threads: dict[str, Thread] = {}

    def unable(self, job: Job) -> str | None:
        """Why a job is simulated: the setting, its image, or its channels."""
        return self._launcher.unable(job) or channels.unsupported(job)

    def start(self, job: Job, report: Report) -> None:
        """Starts a job's containers, on a new thread; each has a share of the processors."""
        with self._lock:
            number = next(self._numbers)
            threads = max(1, (os.cpu_count() or 1) // (len(self._runs) + 1))
            run = Run(job, self._root / f"{number}-{job.name}", number, threads)
            journal.note(job, run.folder)
            self._runs[job.arn] = run
            self._threads[job.arn] = Thread(target=self._run, args=(run, report), name=job.name, daemon=True)
            self._threads[job.arn].start()

    def _run(self, run: Run, report: Report) -> None:
        try:
            outcome = run.train(self._launcher)
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
            self._threads.pop(run.job.arn, None)
        report.saved(outcome)

    def _save(self, run: Run, *, wanted: bool, model: bool) -> None:
        run.checkpoints.save()
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
        """Kills every container at once."""
        with self._lock:
            runs = list(self._runs.values())
        for run in runs:
            run.kill()

    def close(self) -> None:
        """Kills every container, and removes all files of jobs."""
        with self._lock:
            threads = list(self._threads.values())
        self.end()
        for thread in threads:
            thread.join(SECONDS_TO_END)
        shutil.rmtree(self._root, ignore_errors=True)
