"""Keeps what is the same for every resource of a program, for as long as the program runs.

Input: a function without arguments. Output: the same function, called once in a run. A run has an event loop of its
own; several runs, of the Automation API, share a process. Outside of a run, where unit tests with mocks make resources,
nothing is kept.
"""

from __future__ import annotations

import asyncio
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Callable

_Made = TypeVar("_Made")
_MADE: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Callable[[], Any], Any]] = WeakKeyDictionary()


def once_a_run(make: Callable[[], _Made]) -> Callable[[], _Made]:
    """What `make` returns, which it is asked for once in a run of the program."""

    @wraps(make)
    def made() -> _Made:
        try:
            of_run = _MADE.setdefault(asyncio.get_running_loop(), {})
        except RuntimeError:
            return make()
        if make not in of_run:
            of_run[make] = make()
        return of_run[make]

    return made
