"""Spaces the calls of one operation, for all threads of a process: as fast as the service takes them.

Input: what became of each call. Output: a wait before the next one. There is none until the service throttles a call;
from then on the calls come at the operation's rate, which success raises, slowly near a rate that was too high, and
each throttled call lowers. Every call waits for a turn of its own, so that none is throttled again and again.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

CREATES_A_SECOND = 1.0
"""CreateTrainingJob calls that AWS takes by default, of an account in a Region (Service Quotas, Amazon SageMaker)."""
_LONGEST = 30.0
"""Seconds between two starts at most."""


class Rate(NamedTuple):
    """How the calls of an operation are paced once one was throttled."""

    per_second: float
    """With which the search for the right rate begins."""
    longest: float
    """Seconds between two calls at most."""


_OTHERS = Rate(5.0, 3.0)
"""AWS documents no rate of other calls; a look has half a minute, in which a turn must come."""
RATES: Mapping[str, Rate] = {
    "CreateTrainingJob": Rate(CREATES_A_SECOND, _LONGEST),
    "AddTags": _OTHERS,
    "DeleteTags": _OTHERS,
    "DeleteTrainingJob": _OTHERS,
    "DescribeTrainingJob": _OTHERS,
    "ListTags": _OTHERS,
    "Search": _OTHERS,
    "StopTrainingJob": _OTHERS,
    "UpdateTrainingJob": _OTHERS,
}
"""The operations of SageMaker that are called for each of hundreds of jobs."""
_SLOWER, _MUCH_SLOWER = 1.02, 1.5
"""By what the seconds between calls are multiplied where one is throttled, and where several are in a row."""
_ROW = 5
_FASTER, _MUCH_FASTER = 0.999, 0.95
_NEAR = 30
"""By what they are multiplied for each call that passes, first, and after so many."""
_MISSED = 0.5
"""Part of these seconds after which the next call follows one that was throttled: it was a little early."""


class Pace:
    """The rate of one operation.

    Args:
        per_second: the rate with which the search for the right one begins.
        longest: seconds between two calls at most.
        clock: the time in seconds.
        sleep: waits so many seconds.
    """

    def __init__(
        self,
        per_second: float,
        longest: float = _LONGEST,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._first = 1 / per_second
        self._longest = longest
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._seconds = 0.0
        """Between two calls."""
        self._next = 0.0
        """When the next call has its turn."""
        self._passed = 0
        """Calls since the last one that was throttled."""
        self._row = 0
        """Calls in a row that were throttled."""
        self._throttled = 0
        """How often the calls were made slower."""

    def attach(self, client: Any, operation: str, throttled: Collection[str]) -> None:
        """Pace an operation of a boto3 client: each attempt, for those that the client repeats by itself count, too.

        Args:
            client: the client.
            operation: such as `CreateTrainingJob`.
            throttled: the error codes of throttled calls.
        """
        turns = threading.local()

        def before(**_: Any) -> None:
            turns.at = self.wait()

        def after(response: tuple[Any, Mapping[str, Any]] | None, **_: Any) -> None:
            code = response[1].get("Error", {}).get("Code") if response else None
            self.throttled(turns.at) if code in throttled else self.passed()

        service = client.meta.service_model.service_id.hyphenize()
        client.meta.events.register(f"before-send.{service}.{operation}", before)
        client.meta.events.register(f"needs-retry.{service}.{operation}", after)

    def wait(self) -> int:
        """Return when a call has its turn, with what `throttled` is to be told of it."""
        with self._lock:
            now = self._clock()
            turn = max(now, self._next)
            self._next = turn + self._seconds
            throttled = self._throttled
        if turn > now:
            self._sleep(turn - now)
        return throttled

    def passed(self) -> None:
        """Note that the service took a call."""
        with self._lock:
            self._passed += 1
            self._seconds *= _FASTER if self._passed <= _NEAR else _MUCH_FASTER

    def throttled(self, at: int) -> None:
        """Note that the service throttled a call, which had its turn when `wait` returned `at`.

        Calls that had theirs before the calls were made slower say nothing new.
        """
        with self._lock:
            if at == self._throttled:
                self._row = 1 if self._passed else self._row + 1
                missed, factor = (_MISSED, _SLOWER) if self._row < _ROW else (1.0, _MUCH_SLOWER)
                slower = self._seconds * factor
                self._seconds = min(slower or self._first, self._longest)
                self._passed = 0
                self._throttled += 1
                self._next = self._clock() + self._seconds * missed
