"""Waiting for what a test is about, instead of for a time in which it should have happened."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

DEADLINE = 120.0
"""Seconds after which something is taken not to happen any more: more than the slowest machine needs."""


async def eventually(condition: Callable[[], object]) -> None:
    """Return when the condition holds. Raises TimeoutError."""
    deadline = time.monotonic() + DEADLINE
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("the condition does not come to hold")
        await asyncio.sleep(0.001)
