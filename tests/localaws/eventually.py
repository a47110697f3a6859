"""Waits for what another process does: for the thing itself, however long this machine takes for it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

SECONDS = 60.0
"""Far longer than anything takes; only a test that fails waits for it."""


def eventually(look: Callable[[], T]) -> T:
    """The first answer of `look` that is true.

    Raises:
        AssertionError: There was none in time; the message has the last answer.
    """
    deadline = time.monotonic() + SECONDS
    while not (found := look()):
        assert time.monotonic() < deadline, f"it did not happen within {SECONDS:.0f} s; the last answer was {found!r}"
        time.sleep(0.02)
    return found
