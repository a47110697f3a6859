"""Looks things up for many jobs at once, each look in a time of its own.

Input: look-ups that block. Output: what they find, or a TimeoutError.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from contextlib import suppress
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

_AT_ONCE = 16
"""Look-ups that run at the same time."""
PATIENCE = 30.0
"""Seconds that one look-up may take, from when it starts."""

_Found = TypeVar("_Found")


class Looks:
    """Look-ups of one run of a program.

    Args:
        patience: seconds that one look-up may take.
        at_once: how many may run at the same time.
    """

    def __init__(self, patience: float = PATIENCE, at_once: int = _AT_ONCE) -> None:
        self._patience = patience
        self._slots = asyncio.Semaphore(at_once)
        self._unanswered: set[Hashable] = set()

    async def look(self, kind: Hashable, find: Callable[[], _Found]) -> _Found:
        """What `find` returns.

        Args:
            kind: what is looked up. Where one of a kind is not answered in time, those that have not started are not
                tried any more: otherwise every one of them would wait for a service that does not answer.
            find: looks it up, in a thread.

        Raises:
            TimeoutError: there was no answer in time.
        """
        async with self._slots:
            if kind in self._unanswered:
                raise TimeoutError
            try:
                return await asyncio.wait_for(_in_thread(find), self._patience)
            except TimeoutError:
                self._unanswered.add(kind)
                raise


class _Workers:
    """Threads that hold up no exit of the program, as those of a pool do; one more where none is free."""

    def __init__(self) -> None:
        self._work: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._free = threading.Semaphore(0)

    def do(self, work: Callable[[], None]) -> None:
        """Do some work, which raises nothing."""
        self._work.put(work)
        if not self._free.acquire(blocking=False):
            threading.Thread(target=self._run, name="preflight", daemon=True).start()

    def _run(self) -> None:
        while True:
            self._work.get()()
            self._free.release()


_WORKERS = _Workers()


def _in_thread(find: Callable[[], _Found]) -> asyncio.Future[_Found]:
    """The result of a look-up in a thread."""
    loop, context = asyncio.get_running_loop(), copy_context()
    answer: asyncio.Future[_Found] = loop.create_future()

    def deliver(give: Callable[[Any], None], value: object) -> None:
        with suppress(RuntimeError):  # the program has ended
            loop.call_soon_threadsafe(lambda: None if answer.done() else give(value))

    def run() -> None:
        try:
            found = context.run(find)
        except BaseException as error:  # noqa: BLE001  raised where the answer is awaited
            deliver(answer.set_exception, error)
        else:
            deliver(answer.set_result, found)

    _WORKERS.do(run)
    return answer
