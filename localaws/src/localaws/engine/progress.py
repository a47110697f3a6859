"""Shows a progress line, refreshed until a long task ends."""

import sys
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager

from localaws.console import say

SECONDS_BETWEEN_LINES = 5.0
"""Where lines cannot be overwritten, as in the log of a CI run."""

SECONDS_BETWEEN_RENEWALS = 0.5
"""On a terminal, where the line is overwritten."""


@contextmanager
def progress_shown(doing: str, how_far: object) -> Generator[None]:
    """Show `doing`, `str(how_far)` and the elapsed seconds, refreshed until the block ends."""
    terminal = sys.stderr.isatty()
    started = time.monotonic()
    ended = threading.Event()

    def show() -> None:
        while not ended.wait(SECONDS_BETWEEN_RENEWALS if terminal else SECONDS_BETWEEN_LINES):
            line = f"{doing}: {how_far}, {time.monotonic() - started:.0f} s"
            if terminal:
                sys.stderr.write(f"\r\033[Klocalaws: {line}")
                sys.stderr.flush()
            else:
                say(line)

    shower = threading.Thread(target=show, daemon=True)
    shower.start()
    try:
        yield
    finally:
        ended.set()
        shower.join()
        if terminal:
            sys.stderr.write("\r\033[K")
