"""Runs actions at their times, on one thread."""

from __future__ import annotations

import heapq
import itertools
import logging
import time
from threading import Condition, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger(__name__)


class Scheduler:
    """Runs the scheduled actions in order of time; an action that raises is logged and does not stop the others."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._actions: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._thread = Thread(target=self._run, name="scheduler", daemon=True)
        self._thread.start()

    def at(self, moment: float, action: Callable[[], None]) -> None:
        """Runs an action at a time (seconds since the epoch), or at once if that is past."""
        with self._changed:
            heapq.heappush(self._actions, (moment, next(self._order), action))
            self._changed.notify()

    def _next(self) -> Callable[[], None]:
        """Waits for the next action that is due."""
        with self._changed:
            while not self._actions or self._actions[0][0] > time.time():
                self._changed.wait(self._actions[0][0] - time.time() if self._actions else None)
            return heapq.heappop(self._actions)[2]

    def _run(self) -> None:
        while True:
            action = self._next()
            try:
                action()
            except Exception:  # the thread serves every job: one that breaks must not end it
                logger.exception("an action of a training job failed")
