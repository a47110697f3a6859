"""Shows the progress of a TrainingResult, before the resource is registered.

Input: progress lines and log lines. Output: messages to the engine under the URN that the result will have, which makes
its row appear. A terminal's row is rewritten by every poll; where all lines are kept, as in CI, only some are printed:
one for each step of the job, and now and then one that shows that it continues.
"""

from __future__ import annotations

import os
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pulumi

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from pulumi import Output, Resource

PROGRESS = "SAGEMAKER_CONSTRUCTS_PROGRESS"
"""Environment variable: `live` for a terminal, `plain` where all lines are kept. Default: detected."""
_FIRST_GAP = 60.0
_LONGEST_GAP = 600.0


class StatusRow:
    """The row of a resource, which may be written before the resource is registered.

    Args:
        name: the resource's name.
        type_: its type token.
        parent: its parent, if it has one.
    """

    urn: Output[str]

    def __init__(self, name: str, type_: str, parent: Resource | None) -> None:
        self.urn = pulumi.create_urn(name, type_, parent)
        self._filter = LineFilter(live=is_live())

    def say(self, message: str, *, ephemeral: bool = False) -> None:
        """Show a message; ephemeral only until the next one."""
        pulumi.log.info(message, cast("Resource", self), ephemeral=ephemeral)

    def progress(self, line: str, milestone: Hashable, log_lines: Sequence[str] = ()) -> None:
        """Show how far the job is. Lines of its log are kept among the diagnostics, the line itself is not.

        Args:
            line: the progress line.
            milestone: what changes when the line is to be printed where all lines are kept.
            log_lines: lines of the job's log.
        """
        if log_lines:
            self.say("\n".join(log_lines))
        if self._filter.passes(line, milestone):
            self.say(line, ephemeral=True)


class LineFilter:
    """Decides which progress lines are shown.

    Args:
        live: whether each line replaces the one before, so that every change is shown.
        clock: seconds that pass.
    """

    def __init__(self, *, live: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._live = live
        self._clock = clock
        self._milestone: Hashable = None
        self._line = ""
        self._gap = _FIRST_GAP
        self._next = 0.0

    def passes(self, line: str, milestone: Hashable) -> bool:
        """Whether to show the line: it changed, and where all lines are kept it is a milestone or the gap is over."""
        now = self._clock()
        due = milestone != self._milestone or now >= self._next
        if line == self._line or not (due or self._live):
            return False
        self._gap = _FIRST_GAP if milestone != self._milestone else min(2 * self._gap, _LONGEST_GAP)
        self._line, self._milestone, self._next = line, milestone, now + self._gap
        return True


@cache
def is_live() -> bool:
    """Whether there is a terminal. The program cannot see whether the engine writes to it."""
    chosen = os.environ.get(PROGRESS)
    if chosen:
        return chosen == "live"
    if os.environ.get("CI"):
        return False
    try:
        with Path("/dev/tty").open("rb"):
            return True
    except OSError:
        return False
