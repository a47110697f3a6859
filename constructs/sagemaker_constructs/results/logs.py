"""Follows the jobs' logs, one page per poll.

Input: the jobs whose logs are requested. Output: their new lines, masked; of many the last ones, and the number of the
others. Every line is read, or it is reported what was not: a log is followed page by page, and to its end when the job
has ended.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from sagemaker_constructs.api.masking import masked
from sagemaker_constructs.aws.errors import ServiceError
from sagemaker_constructs.results.console import log_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sagemaker_constructs.aws.answers import ExistingJob
    from sagemaker_constructs.aws.protocols import LogEvent, TrainingJobs

Logs = Literal["tail", "all"]
"""`tail`: the last five lines of each poll; `all`: every line, up to 200 per poll. The rest is counted."""
MOST_LINES = {"tail": 5, "all": 200}
"""Maximum lines that one poll shows."""
LAST_CALLS = 20
"""Maximum calls for the rest of a log when its job has ended; 10,000 lines each, or 1 MB."""
LATE = 15_000
"""Milliseconds by which a line may arrive later than others of its time: each machine sends lines in batches."""
_EXPIRED_PAGE = "InvalidParameterException"
"""Error code of a page token that is older than 24 hours, as after a laptop's sleep."""


@dataclass(slots=True)
class _Log:
    since: int = 0
    """Start time of the present pass over the pages, milliseconds since the epoch."""
    page: str | None = None
    """The token of the next page; None where the next read begins another pass."""
    latest: int = 0
    known: dict[str, int] = field(default_factory=dict[str, int])
    """Times of the events that another pass may repeat, by identity."""
    fresh: list[str] = field(default_factory=list[str])
    closed: bool = False
    """Whether the caller may not read the log, which is reported once."""

    def add(self, job: ExistingJob, events: Sequence[LogEvent], following: str | None) -> None:
        """Another page."""
        new = [event for event in events if event.identity not in self.known]
        self.fresh += [line_of(event, job) for event in new]
        self.latest = max([self.latest, *(event.time for event in new)])
        times = {**self.known, **{event.identity: event.time for event in new}}
        self.known = {identity: time for identity, time in times.items() if time >= self.latest - LATE}
        self.page = following
        if following is None:
            self.since = self.latest - LATE


def line_of(event: LogEvent, job: ExistingJob) -> str:
    """A line of a log as it is shown: after the instance that printed it, where the job has several."""
    line = event.line.rstrip()
    return f"{event.host}: {line}" if job.instance_count > 1 else line


class LogReader:
    """Reads logs in turn. Not thread-safe."""

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

    def read(self, jobs: TrainingJobs, job: ExistingJob) -> ServiceError | None:
        """Read the next page, which may be empty, with one call. An error is returned, not raised: the wait goes on.

        The next call repeats what failed.
        """
        log = self._log(job.name)
        since = max(log.since, int(job.created.timestamp() * 1000))
        try:
            log.add(job, *jobs.log_events(job.name, since, log.page))
        except ServiceError as error:
            if error.code == _EXPIRED_PAGE:
                log.page, log.since = None, log.latest - LATE
            if error.denied:
                log.closed = True
                log.fresh.append(f"the log cannot be read: {error}")
            return error
        return None

    def read_to_end(self, jobs: TrainingJobs, job: ExistingJob) -> None:
        """Read the rest of the log of a job that has ended; if that is not possible now, tell where it is."""
        log, why = self._log(job.name), ""
        for _ in range(0 if log.closed else LAST_CALLS):
            error = self.read(jobs, job)
            if log.closed or (error is None and log.page is None):
                return
            if error is not None and error.code != _EXPIRED_PAGE:
                why = f" ({error.code}: {error.said.rstrip('. ')})"
                break
        if not log.closed:
            log.fresh.append(f"[the rest of the log was not read{why}: {log_address(job.arn)}]")

    def take(self, name: str, logs: Logs | None, secrets: Iterable[str]) -> list[str]:
        """The lines since the last call, masked and limited."""
        log = self._log(name)
        if logs is None or not log.fresh:
            return []
        lines, log.fresh = log.fresh, []
        cut = max(0, len(lines) - MOST_LINES[logs])
        shown = masked("\n".join(lines[cut:]), secrets).split("\n")  # at once: a key has several lines
        return [*([f"[{cut} lines more]"] if cut else []), *shown]

    def _log(self, name: str) -> _Log:
        return self._logs.setdefault(name, _Log())
