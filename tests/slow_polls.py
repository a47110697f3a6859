"""Slows polling down by the factor in SLOW_POLLS: `SLOW_POLLS=10 pytest`. No test may depend on how fast polls are.

`tests/conftest.py` slows the tests' own process, `tests/engine/result_program.py` the programs under the real engine.
"""

from __future__ import annotations

import os
import time
from functools import wraps
from typing import TYPE_CHECKING

from sagemaker_constructs.program import region_waits
from sagemaker_constructs.reconcile import presence, removal, starting
from sagemaker_constructs.results.poller import Poller

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

FACTOR = float(os.environ.get("SLOW_POLLS", "1"))
_POLL_SECONDS = 0.01
"""What a poll lasts longer, by the factor."""


def slow_down() -> None:
    """Make polls rarer and longer, in this process."""
    if FACTOR == 1:
        return
    region_waits.BATCH_DELAY *= FACTOR
    region_waits.SHORTEST *= FACTOR
    presence.PAUSE *= FACTOR
    removal.PAUSE *= FACTOR
    starting.ROLE_PAUSE *= FACTOR
    region_waits.seconds_to_next_poll = _multiplied(region_waits.seconds_to_next_poll)
    Poller.poll = _delayed(Poller.poll)


def _multiplied(interval: Callable[..., float]) -> Callable[..., float]:
    @wraps(interval)
    def multiplied(*arguments: Any, **more: Any) -> float:
        return FACTOR * interval(*arguments, **more)

    return multiplied


def _delayed(poll: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(poll)
    def delayed(*arguments: Any, **more: Any) -> Any:
        time.sleep(FACTOR * _POLL_SECONDS)
        return poll(*arguments, **more)

    return delayed
