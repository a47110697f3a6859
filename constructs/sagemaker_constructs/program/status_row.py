"""The row of a result in the terminal, from the moment that its job is watched.

Input: what is to be told. Output: messages to the engine under the URN that the result will have; a row is there as
soon as it has a message. In a terminal the row is rewritten with every look; where lines stay, as in CI, there is
one for each step of the job, and now and then one that says that it lasts.
"""

from __future__ import annotations

import os
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pulumi

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from pulumi import Output, Resource

PROGRESS = "SAGEMAKER_CONSTRUCTS_PROGRESS"
"""Environment variable: `live` for a terminal, `plain` for lines that stay. Default: what there is."""
_FIRST_GAP = 60.0
_LONGEST_GAP = 600.0


class Row:
    """A row that may be written before its resource is registered.

    Args:
        name: the resource's name.
        type_: its type token.
        parent: its parent, if it has one.
    """

    urn: Output[str]

    def __init__(self, name: str, type_: str, parent: Resource | None) -> None:
        self.urn = pulumi.create_urn(name, type_, parent)
        self._milestone: Hashable = None
        self._said = ""
        self._gap = _FIRST_GAP
        self._next = 0.0

    def say(self, message: str, *, ephemeral: bool = False) -> None:
        """A message; ephemeral where it matters only while it lasts."""
        pulumi.log.info(message, cast("Resource", self), ephemeral=ephemeral)

    def progress(self, line: str, milestone: Hashable, log_lines: Sequence[str] = ()) -> None:
        """How far the job is. Lines of its log are kept; the line itself is not.

        Args:
            line: what the row is to say.
            milestone: what differs when the line is worth its place where lines stay.
            log_lines: lines of the job's log.
        """
        if log_lines:
            self.say("\n".join(log_lines))
        now = time.monotonic()
        due = milestone != self._milestone or now >= self._next
        if line == self._said or not (due or is_live()):
            return
        self._gap = _FIRST_GAP if milestone != self._milestone else min(2 * self._gap, _LONGEST_GAP)
        self._said, self._milestone, self._next = line, milestone, now + self._gap
        self.say(line, ephemeral=True)


@cache
def is_live() -> bool:
    """Whether somebody looks at a terminal. The program cannot see the engine's, but whether there is one at all."""
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
