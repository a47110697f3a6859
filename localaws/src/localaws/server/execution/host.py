"""Runs one instance of a job: a supervisor process, which runs the container's, and a thread that reads its output.

Input: a task of the supervisor. Output: the lines that the container prints, as it prints them, and how it ended.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any, cast

from localaws.server.execution.failures import End

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

PIECE = 1 << 16
LONGEST_LINE = 1 << 18
"""An event of CloudWatch has at most 256 KB; a longer line is cut into several."""

SUPERVISOR = (sys.executable, "-P", "-m", "localaws.server.execution.supervisor")


class Host:
    """The processes of one instance."""

    def __init__(self, task: Mapping[str, Any], write: Callable[[Sequence[str]], None]) -> None:
        """Starts them; `write` gets the lines, on the thread that calls `wait`."""
        self._write = write
        process = subprocess.Popen(
            SUPERVISOR,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            bufsize=0,
        )
        self._process = process
        self._input, self._output, self._told = (
            cast("IO[bytes]", pipe) for pipe in (process.stdin, process.stdout, process.stderr)
        )
        self._tell(json.dumps(task))

    def _tell(self, line: str) -> None:
        with suppress(OSError, ValueError):  # it has ended, and its pipe is closed
            self._input.write(f"{line}\n".encode())

    def stop(self, grace: float) -> None:
        """Sends SIGTERM to the process group, and SIGKILL to all that is left after `grace` seconds."""
        self._tell(f"stop {grace}")

    def kill(self) -> None:
        """Kills all that the instance has started, at once."""
        with suppress(OSError):
            self._input.close()

    def wait(self) -> End:
        """Passes the output on until the container has ended."""
        rest = b""
        while piece := os.read(self._output.fileno(), PIECE):
            *lines, rest = (rest + piece).split(b"\n")
            if len(rest) > LONGEST_LINE:
                lines, rest = [*lines, rest], b""
            if lines:
                self._write([line.decode("utf-8", "replace") for line in lines])
        if rest:
            self._write([rest.decode("utf-8", "replace")])
        told = [json.loads(line) for line in self._told.read().splitlines() if line.startswith(b"{")]
        code = self._process.wait()
        for pipe in (self._input, self._output, self._told):
            with suppress(OSError):
                pipe.close()
        if told and "code" in told[-1]:
            return End(**told[-1])
        for leader in told:
            with suppress(ProcessLookupError):
                os.killpg(leader["leader"], signal.SIGKILL)
        return End(code=code, lost=True)


def probe(mounts: Mapping[str, str]) -> str:
    """Why a container cannot have mounts of its own here; empty if it can. It is tried, once."""
    task = {
        "command": [sys.executable, "-c", ""],
        "environment": {},
        "folder": "/",
        "mounts": dict(mounts),
        "memory": sys.maxsize,
        "processes": sys.maxsize,
    }
    end = Host(task, lambda _: None).wait()
    return end.error or (f"exit code {end.code}" if end.code else "")
