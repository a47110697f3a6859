"""Says what becomes of the jobs that are waited for when the update is interrupted.

Input: the names of the jobs that run. Output: a warning, before the program ends.
The engine interrupts the program when it is interrupted itself, or when another resource fails, and takes messages from
it for as long as it runs.
"""

from __future__ import annotations

import signal
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import grpc
import pulumi

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import FrameType

_MOST = 3
"""Jobs that are named."""


def tell_on_interrupt(running: Callable[[], Iterable[str]]) -> None:
    """Warn of the jobs that keep running when the program is interrupted, before what handles the signal anyway.

    Once for a process; not where the signal is ignored, and not in a thread, such as those of the Automation API.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    handler = signal.getsignal(signal.SIGINT)
    if callable(handler) and not isinstance(handler, _Telling):
        signal.signal(signal.SIGINT, _Telling(running, handler))


@dataclass(frozen=True, slots=True)
class _Telling:
    """A handler that warns, and then does what the one before does: asyncio's cancels the program."""

    running: Callable[[], Iterable[str]]
    then: Callable[[int, FrameType | None], object]

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if names := sorted(self.running()):
            with suppress(grpc.RpcError):  # the engine has ended
                pulumi.log.warn(text(names))
        self.then(number, frame)


def text(names: list[str]) -> str:
    """What becomes of the jobs, in a sentence."""
    others = len(names) - _MOST
    shown = ", ".join(names[:_MOST]) + (f" and {others} more" if others > 0 else "")
    verb, pronoun = ("keeps", "it") if len(names) == 1 else ("keep", "them")
    return f"{shown} {verb} running: `up` waits on, `destroy` stops {pronoun} where this stack started {pronoun}"
