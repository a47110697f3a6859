"""Runs one container as a process of this machine, and leaves nothing of it behind.

Run as `python -m localaws.server.execution.supervisor`, with the standard library alone. On stdin: a line of JSON, see
`Task`; then `stop SECONDS` for SIGTERM and, that much later, SIGKILL. When stdin closes, because the server has ended,
everything is killed at once. On stdout: what the container prints. On stderr: a line of JSON with the id of its first
process, and one when it has ended.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn

from localaws.server.execution import namespace
from localaws.server.execution.process_tree import descendants, kill, memory, strike

if TYPE_CHECKING:
    from types import FrameType

SUBREAPER = 36
DEATH_SIGNAL = 1
"""Options of prctl(2)."""

SECONDS_BETWEEN_CHECKS = 0.25
CANNOT_START = 127


class Task:
    """What to run.

    Attributes:
        command: The command line.
        environment: The whole environment.
        folder: The working directory.
        mounts: What to mount, see `namespace.enter`; None mounts nothing.
        memory: The most bytes of memory that all its processes may have in use together.
        processes: The most processes.
        cleanup: A command to run when it has ended, such as the removal of a real container; empty: none.
    """

    def __init__(self, line: str) -> None:
        task = json.loads(line)
        self.command: list[str] = task["command"]
        self.environment: dict[str, str] = task["environment"]
        self.folder: str = task["folder"]
        self.mounts: dict[str, str] | None = task["mounts"]
        self.memory: int = task["memory"]
        self.processes: int = task["processes"]
        self.cleanup: list[str] = task.get("cleanup", [])


def prctl(option: int, value: int) -> None:
    """Sets an attribute of this process, on Linux."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def launch(task: Task, errors: int) -> NoReturn:
    """Becomes the container: a new session, its mounts, no core file, and the command."""
    try:
        os.setsid()
        if task.mounts is not None:
            namespace.enter(task.mounts)
        prctl(DEATH_SIGNAL, signal.SIGKILL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(1, 2)
        os.chdir(task.folder)
        os.umask(0o022)
        os.execvpe(task.command[0], task.command, task.environment)  # noqa: S606  without a shell
    except BaseException as error:  # noqa: BLE001  whatever it is, the parent must hear of it
        os.write(errors, f"{task.command[0]}: {getattr(error, 'strerror', None) or error}".encode())
    os._exit(CANNOT_START)


def broken_limit(task: Task) -> str:
    """The limit that the container breaks: `processes`, `memory`, or none."""
    processes = descendants()
    if len(processes) > task.processes:
        return "processes"
    return "memory" if sum(map(memory, processes)) > task.memory else ""


class Supervision:
    """Watches a container until it has ended."""

    def __init__(self, task: Task, leader: int) -> None:
        self._task = task
        self._leader = leader
        self._deadline: float | None = None
        self._limit = ""

    def run(self, wakeup: int) -> dict[str, Any]:
        """How the container ended: `code`, which is negative for a signal, and the `limit` that it broke, of `most`."""
        while (status := self._status()) is None:
            ready, _, _ = select.select([0, wakeup], [], [], SECONDS_BETWEEN_CHECKS)
            if wakeup in ready:
                os.read(wakeup, 4096)
            if 0 in ready:
                self._obey(os.read(0, 4096))
            if self._deadline is not None and time.monotonic() >= self._deadline:
                self._kill()
            elif not self._limit and (limit := broken_limit(self._task)):
                self._limit = limit
                self._kill()
        most = getattr(self._task, self._limit) if self._limit else 0
        return {"code": os.waitstatus_to_exitcode(status), "limit": self._limit, "most": most}

    def _status(self) -> int | None:
        """The status of the container's first process if it has ended; orphans are asked for on the way."""
        while True:
            process, status = os.waitpid(-1, os.WNOHANG)
            if process in (0, self._leader):
                return status if process else None

    def _obey(self, words: bytes) -> None:
        if not words:
            self._kill()
        for line in words.decode().splitlines():
            self._deadline = time.monotonic() + float(line.removeprefix("stop "))
            with suppress(ProcessLookupError):
                os.killpg(self._leader, signal.SIGTERM)

    def _kill(self) -> None:
        """Kills all processes; the status of the first is still to be read."""
        self._deadline = None
        strike(self._leader)


def wake(_number: int, _frame: FrameType | None) -> None:
    """Does nothing: that a signal has come is written into the pipe of `signal.set_wakeup_fd`."""


def main() -> None:
    """Runs a task to its end."""
    line = b""
    while not line.endswith(b"\n"):  # no more than the line: a stop may follow at once
        piece = os.read(0, 1)
        if not piece:
            return  # the server has gone before it said what to run
        line += piece
    task = Task(line.decode())
    prctl(SUBREAPER, 1)
    wakeup, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.set_wakeup_fd(waker)
    signal.signal(signal.SIGCHLD, wake)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    errors, failing = os.pipe()
    leader = os.fork()
    if leader == 0:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        launch(task, failing)
    os.close(failing)
    os.write(2, (json.dumps({"leader": leader}) + "\n").encode())
    result = Supervision(task, leader).run(wakeup)
    kill(leader)
    result["error"] = os.read(errors, 4096).decode("utf-8", "replace")
    if task.cleanup:
        subprocess.run(task.cleanup, env=task.environment, check=False, capture_output=True)
    os.write(2, (json.dumps(result) + "\n").encode())


if __name__ == "__main__":
    main()
