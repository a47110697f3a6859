"""Finds, measures and kills the processes below this one, by /proc. Without it, only a process group is killed."""

from __future__ import annotations

import os
import resource
import signal
import time
from contextlib import suppress
from pathlib import Path

PAGE = resource.getpagesize()


def children(process: int) -> list[int]:
    """The processes that a process has started and that still run, or are not asked for yet."""
    found: list[int] = []
    with suppress(OSError):
        for thread in Path(f"/proc/{process}/task").iterdir():
            with suppress(OSError):
                found += [int(word) for word in (thread / "children").read_text().split()]
    return found


def descendants() -> list[int]:
    """Every process below this one. Those whose parent has ended are its children: it is their reaper."""
    found: list[int] = []
    waiting = children(os.getpid())
    while waiting:
        process = waiting.pop()
        found.append(process)
        waiting += children(process)
    return found


def memory(process: int) -> int:
    """The bytes of memory that a process has to itself: what it shares with others is not counted."""
    with suppress(OSError, ValueError, IndexError):
        _, resident, shared, *_ = Path(f"/proc/{process}/statm").read_text().split()
        return (int(resident) - int(shared)) * PAGE
    return 0


def strike(leader: int) -> None:
    """Sends SIGKILL to the container's process group, and to whatever else it has started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)
    for process in descendants():
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def kill(leader: int) -> None:
    """Kills what the container has left, until nothing is there."""
    while True:
        strike(leader)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.01)  # a killed process takes a moment to go
