"""Runs an `up` while the test does something to its jobs."""

from __future__ import annotations

import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

import psutil

from localaws.trial import Outcome, Trial

if TYPE_CHECKING:
    import signal
    from collections.abc import Callable

PROGRAM = Path(__file__).with_name("result_program.py").read_text()
LOG_GROUP = "/aws/sagemaker/TrainingJobs"
_DEADLINE = 600.0
"""Seconds after which something is taken not to happen any more: more than the slowest machine needs."""


class Running:
    """`pulumi up` in the background; ended with the block."""

    def __init__(self, trial: Trial, *words: str) -> None:
        self._trial = trial
        self._words = ("up", "--stack", "trial", "--yes", "--skip-preview", *words)

    def __enter__(self) -> Self:
        """Start it."""
        self._output = tempfile.TemporaryFile("w+")
        self._before = set(self._trial.jobs()) if (self._trial.root / ".localaws" / "server.json").exists() else set()
        self.process = subprocess.Popen(
            self._trial.command(*self._words),
            cwd=self._trial.root,
            env=self._trial.environment(),
            stdout=self._output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        return self

    def __exit__(self, *_error: object) -> None:
        """End it, if it has not ended."""
        if self.process.poll() is None:
            for each in [*psutil.Process(self.process.pid).children(recursive=True), self.process]:
                each.kill()
        self.process.wait(_DEADLINE)
        self._output.close()

    def text(self) -> str:
        """What it has printed so far."""
        self._output.seek(0)
        return self._output.read()

    def await_text(self, text: str) -> None:
        """Return when it has printed that."""
        self._await(lambda: text in self.text(), f"{text!r} was not printed")

    def await_job(self, status: str, prefix: str = "") -> str:
        """The job that it starts, once that has the status; of several, the one whose name begins so."""
        self._await(lambda: bool(self._new_jobs(status, prefix)), f"no job is {status}")
        return self._new_jobs(status, prefix)[0]

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the engine."""
        self.process.send_signal(number)

    def outcome(self) -> Outcome:
        """How it ended, once it has."""
        code = self.process.wait(_DEADLINE)
        return Outcome(code, self.text())

    def _new_jobs(self, status: str, prefix: str) -> list[str]:
        try:
            jobs = self._trial.jobs()
        except (OSError, ValueError):  # the server is being started
            return []
        new = [name for name, each in jobs.items() if each == status and name not in self._before]
        return [name for name in new if name.startswith(prefix)]

    def _await(self, reached: Callable[[], bool], otherwise: str) -> None:
        wait_until(reached, lambda: f"{otherwise}:\n{self.text()}", lambda: self.process.poll() is None)


def wait_until(
    reached: Callable[[], bool], otherwise: Callable[[], str], possible: Callable[[], bool] = lambda: True
) -> None:
    """Return when something is reached. Raises TimeoutError when it is not possible any more."""
    deadline = time.monotonic() + _DEADLINE
    while not reached():
        if time.monotonic() > deadline or not (possible() or reached()):
            raise TimeoutError(otherwise())
        time.sleep(0.05)


def prints(trial: Trial, job: str, *lines: str) -> None:
    """Let a running job print lines in one moment, as a container would."""
    wait_until(lambda: bool(_log_streams(trial, job)), lambda: f"job {job} does not log")
    events = [{"timestamp": int(time.time() * 1000), "message": line} for line in lines]
    trial.aws("logs").put_log_events(
        logGroupName=LOG_GROUP, logStreamName=_log_streams(trial, job)[0], logEvents=events
    )


def logged(trial: Trial, job: str) -> list[str]:
    """The lines that a job has printed so far."""
    events = [
        event
        for stream in _log_streams(trial, job)
        for event in trial.aws("logs").get_log_events(logGroupName=LOG_GROUP, logStreamName=stream)["events"]
    ]
    return [event["message"] for event in events]


def _log_streams(trial: Trial, job: str) -> list[str]:
    logs = trial.aws("logs")
    try:
        found = logs.describe_log_streams(logGroupName=LOG_GROUP, logStreamNamePrefix=f"{job}/")
    except logs.exceptions.ResourceNotFoundException:  # no job has logged yet
        return []
    return [stream["logStreamName"] for stream in found["logStreams"]]


def stop(trial: Trial, job: str) -> None:
    """End a long job, when the test has seen what it is about."""
    trial.aws("sagemaker").stop_training_job(TrainingJobName=job)
    trial.await_job(job, "Stopped", seconds=_DEADLINE)
