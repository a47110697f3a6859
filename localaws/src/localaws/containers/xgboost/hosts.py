"""Connects the hosts of a job, so that they train one model together.

Input: the names of the hosts. Output: a context in which XGBoost's operations go through all of them.
"""

from __future__ import annotations

import socket
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
from xgboost import collective
from xgboost.tracker import RabitTracker

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

PORT = 9099
"""Where the first host coordinates the others."""
_PATIENCE = 300.0
"""Seconds until the first host must have started, with its data to be downloaded before."""
_PAUSE, _RETRIES = 0.5, 20
"""Seconds between look-ups of its name, and connections that are tried, ever more slowly."""


@contextmanager
def together(hosts: Sequence[str], current: str) -> Generator[None]:
    """Where there are several hosts, wait until all are there, and connect them.

    Args:
        hosts: the names of all hosts, sorted; the first coordinates the others, and has rank 0.
        current: the name of this one.
    """
    if len(hosts) == 1:
        yield
        return
    address = _address(hosts[0])
    tracker = None
    if current == hosts[0]:
        tracker = RabitTracker(len(hosts), address, PORT, sortby="task")
        tracker.start()
    with collective.CommunicatorContext(
        dmlc_tracker_uri=address, dmlc_tracker_port=PORT, dmlc_task_id=f"{hosts.index(current):04}", dmlc_retry=_RETRIES
    ):
        yield
    if tracker is not None:
        tracker.wait_for()


def is_first() -> bool:
    """Whether this host writes what all hosts have in common."""
    return collective.get_rank() == 0


def any_host(*, here: bool) -> bool:
    """Whether something holds on one of the hosts."""
    if collective.get_world_size() == 1:
        return here
    return bool(collective.allreduce(np.array([int(here)]), collective.Op.MAX)[0])


def _address(host: str) -> str:
    """The address of a host, whose name is known some time after the first hosts start."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            return socket.gethostbyname(host)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE)
