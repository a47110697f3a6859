"""Lines of the jobs' logs, read one job at a time and no faster than people read.

Input: the jobs whose logs are wanted. Output: their new lines, masked; of a flood the last ones, and how many there
were.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from sagemaker_constructs.reconcile.errors import ServiceError
from sagemaker_constructs.reconcile.masking import masked

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sagemaker_constructs.reconcile.jobs import WatchedJobs

Logs = Literal["tail", "all"]
"""`tail`: of each look the last lines; `all`: every line."""
MOST_LINES = {"tail": 5, "all": 200}
"""Lines that one look shows at most."""


@dataclass(slots=True)
class _Log:
    since: int = 0
    known: set[str] = field(default_factory=set[str])
    """Identities of the events at `since`, which the next answer repeats."""
    fresh: list[str] = field(default_factory=list[str])
    closed: bool = False
    """Whether the log may not be read, which is said once."""


class LogReader:
    """Reads logs in turn. Not for several threads at once."""

    def __init__(self) -> None:
        self._logs: dict[str, _Log] = {}
        self._turn: list[str] = []

    def next_of(self, names: Sequence[str]) -> str | None:
        """The job whose log is read next: the one that was read longest ago."""
        open_ = [name for name in dict.fromkeys(names) if not self._log(name).closed]
        self._turn = [name for name in self._turn if name in open_]
        self._turn += [name for name in open_ if name not in self._turn]
        if not self._turn:
            return None
        self._turn.append(self._turn.pop(0))
        return self._turn[-1]

    def read(self, jobs: WatchedJobs, name: str) -> None:
        """One call: the events since the last one. That a log may not be read stops nothing."""
        log = self._log(name)
        try:
            events = [event for event in jobs.log_events(name, log.since) if event.identity not in log.known]
        except ServiceError as error:
            log.closed = True
            log.fresh.append(f"the log cannot be read: {error}")
            return
        if not events:
            return
        latest = max(event.time for event in events)
        log.known = {event.identity for event in events if event.time == latest} | (
            log.known if latest == log.since else set()
        )
        log.since = latest
        log.fresh += [event.line.rstrip() for event in events]

    def take(self, name: str, logs: Logs | None, secrets: Iterable[str]) -> list[str]:
        """What is new since it was taken last."""
        if logs is None:
            return []
        log = self._log(name)
        lines, log.fresh = [masked(line, secrets) for line in log.fresh], []
        cut = max(0, len(lines) - MOST_LINES[logs])
        return [*([f"[{cut} lines more]"] if cut else []), *lines[cut:]]

    def _log(self, name: str) -> _Log:
        return self._logs.setdefault(name, _Log())
