"""Locks a file, so that concurrent commands run one after the other."""

import fcntl
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from localaws.console import say


@contextmanager
def locked(path: Path, waiting: str) -> Generator[None]:
    """Hold the lock file at `path` during the block; if another process holds it, print `waiting` and wait.

    The kernel drops the lock when its holder ends, however it ends, so a lock never outlives a killed process.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(waiting)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def held(path: Path) -> bool:
    """Whether a process holds the lock file at `path`."""
    try:
        with path.open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
