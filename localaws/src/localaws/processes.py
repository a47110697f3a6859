"""Tells whether a process is alive."""

import os
from contextlib import suppress


def alive(process: int) -> bool:
    """Whether a process with this id exists."""
    with suppress(ChildProcessError):
        os.waitpid(process, os.WNOHANG)  # A child of ours that has ended would be there until it is asked for.
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # It is another user's, so it lives.
    return True
