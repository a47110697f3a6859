"""Waiting for jobs in the program: a result is registered with the engine when its job has ended, not before.

So a wait takes no worker of the engine and no thread of the provider process, however many there are; the row of a
result, which is there as soon as something is said in it, tells how far the job has come. The first Ctrl-C ends the
program and with it every wait; there is no half-made resource, for none was begun.

One room a Region: one task asks for all jobs, two service calls a look at most, and wakes those whose job has ended.
"""

from __future__ import annotations

import asyncio
import traceback
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import pulumi
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.settings import get_monitor

from sagemaker_constructs.api.masking import masked
from sagemaker_constructs.aws.errors import ReconcileError, ServiceError
from sagemaker_constructs.aws.training_jobs import AwsTrainingJobs
from sagemaker_constructs.program.stack_settings import stack_settings
from sagemaker_constructs.results.logs import LogReader, Logs
from sagemaker_constructs.results.poll_errors import broken_text, refusal_line
from sagemaker_constructs.results.poll_interval import SHORTEST, pause
from sagemaker_constructs.results.poller import CALLS, Lookout
from sagemaker_constructs.results.progress import milestone, progress_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sagemaker_constructs.aws.answers import ExistingJob
    from sagemaker_constructs.aws.protocols import TrainingJobs
    from sagemaker_constructs.aws.settings import AwsSettings
    from sagemaker_constructs.program.status_row import Row

TIMEOUT = "timeout"
"""Why a wait was cut short: its own `timeout`. Any other reason is a sentence."""
GATHER = 0.3
"""Seconds from a result that begins to wait to the look that includes it: a program begins many at once."""
PATIENCE = 15 * 60.0
"""Seconds for which AWS may refuse to answer, once it has: time to sign in again, or for a laptop to wake."""
RETRIES = 2
"""Tries of a look's call after the first."""


@dataclass(slots=True)
class Wait:
    """One result that waits."""

    training_job_name: str
    row: Row | None = None
    """Where it is told how far the job is, if anywhere."""
    timeout: float | None = None
    """Seconds."""
    logs: Logs | None = None
    secret_members: Sequence[str] = ()
    running: bool = False
    """Whether the job was seen to run; otherwise there is nothing to watch, and nothing is said."""
    over: asyncio.Future[str | None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


async def until_ended(wait: Callable[[], Wait], region: str, owner: str) -> str | None:
    """Return when the job has ended or is not there; why the wait was cut short, if it was.

    In a preview, and in a program's unit tests, nothing is waited for.

    Args:
        wait: makes the wait.
        region: the job's Region.
        owner: the stack, whose jobs are found by one search.
    """
    if pulumi.runtime.is_dry_run() or isinstance(get_monitor(), MockMonitor):
        return None
    rooms = _rooms.setdefault(asyncio.get_running_loop(), {})
    if region not in rooms:
        rooms[region] = WaitingRoom(_jobs, region, owner)
    return await rooms[region].wait(wait())


class WaitingRoom:
    """Everyone who waits for jobs of one Region."""

    def __init__(self, connect: Callable[[str], TrainingJobs], region: str, owner: str) -> None:
        self._connect = connect
        self._region = region
        self._lookout = Lookout(connect(region), owner)
        self._logs = LogReader()
        self._waits: list[Wait] = []
        self._seen: dict[str, ExistingJob | None] = {}
        self._ended: set[str] = set()
        self._said_slower = False
        self._arrived = asyncio.Event()
        self._watch: asyncio.Task[None] | None = None

    async def wait(self, wait: Wait) -> str | None:
        """Wait for one job among the others."""
        if wait.training_job_name in self._ended:
            return None
        self._waits.append(wait)
        self._arrived.set()
        if self._watch is None or self._watch.done():
            self._watch = asyncio.create_task(self._watch_all())
            self._watch.add_done_callback(self._end_all)
        try:
            return await asyncio.wait_for(wait.over, wait.timeout)
        except TimeoutError:
            return TIMEOUT
        finally:
            self._waits.remove(wait)

    async def _watch_all(self) -> None:
        """Look, tell, and rest, until nobody waits any more."""
        clock = asyncio.get_running_loop().time
        answered = began = clock()
        refused = 0
        await asyncio.sleep(GATHER)
        while self._waits:
            self._arrived.clear()
            pulumi.log.debug(f"waiting for {len(self._waits)} results")  # raises where the engine is gone
            try:
                await asyncio.to_thread(self._look)
            except ServiceError as error:
                refused += 1
                at_once = answered == began and error.no_access
                if at_once or clock() - answered > PATIENCE:
                    self._dismiss(f"AWS did not answer: {error}")
                    return
                self._say_refused(error, PATIENCE - (clock() - answered))
                if not error.throttled:
                    self._lookout.jobs = self._connect(self._region)  # with the credentials that there are by then
            except ReconcileError:
                raise
            except Exception as error:  # a mistake of ours: a sentence, and the rest for whoever mends it
                pulumi.log.debug(masked("".join(traceback.format_exception(error))))
                raise ReconcileError(broken_text(error)) from error
            else:
                answered, refused = clock(), 0
                self._tell()
            await self._rest(refused)

    def _look(self) -> None:
        """One look, in a thread of its own: at the jobs and, where logs are wanted, at those of one of them."""
        turn = self._logs.next_of([wait.training_job_name for wait in self._waits if wait.logs and wait.running])
        names = {wait.training_job_name for wait in self._waits}
        before = {name: job for name, job in self._seen.items() if name in names}
        self._seen = {**before, **self._lookout.look(names, calls=CALLS - 1 if turn else CALLS)}
        for wait in self._waits:
            job = self._seen.get(wait.training_job_name)
            wait.running = wait.running or (job is not None and not job.ended)
        for name in {wait.training_job_name for wait in self._waits if wait.logs and wait.running}:
            job = self._seen.get(name)
            if job is not None and job.ended:
                self._logs.read_to_end(self._lookout.jobs, job)  # now or never: the wait is over
            elif job is not None and name == turn:
                self._logs.read(self._lookout.jobs, job)

    def _tell(self) -> None:
        """Say in each row what was seen, and wake those whose job has ended or is not there."""
        if not (self._lookout.may_search or self._said_slower) and len(self._waits) > CALLS:
            self._said_slower = True
            pulumi.log.warn("without sagemaker:Search a look sees two jobs of all: their ends are noticed later")
        now = datetime.now(UTC)
        for wait in self._waits:
            name = wait.training_job_name
            if wait.over.done() or name not in self._seen:
                continue
            job = self._seen[name]
            if job is not None and wait.running and wait.row:
                lines = self._logs.take(name, wait.logs, job.secrets(wait.secret_members))
                wait.row.progress(progress_line(job, now), milestone(job), lines)
            if job is not None and job.ended:
                self._ended.add(name)
            if job is None or job.ended:
                wait.over.set_result(None)

    def _say_refused(self, error: ServiceError, left: float) -> None:
        for row in [wait.row for wait in self._waits if wait.row]:
            row.progress(refusal_line(error, left), error.code)

    def _dismiss(self, reason: str) -> None:
        for wait in self._waits:
            if not wait.over.done():
                wait.over.set_result(reason)

    def _end_all(self, watch: asyncio.Task[None]) -> None:
        """Whatever broke the watch breaks every wait: nobody would ever be woken."""
        error = None if watch.cancelled() else watch.exception()
        for wait in self._waits:
            if error is not None and not wait.over.done():
                wait.over.set_exception(error)

    async def _rest(self, refused: int) -> None:
        """Rest as long as the jobs allow, and no longer once somebody has come whose job may have ended long ago."""
        waited_for = {wait.training_job_name for wait in self._waits if not wait.over.done()}
        jobs = [job for name in waited_for if (job := self._seen.get(name)) is not None]
        seconds = pause(jobs if len(jobs) == len(waited_for) else (), datetime.now(UTC), refused=refused)
        await asyncio.sleep(min(SHORTEST, seconds))
        try:
            await asyncio.wait_for(self._arrived.wait(), max(0.0, seconds - SHORTEST))
        except TimeoutError:
            return


_rooms: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, WaitingRoom]] = WeakKeyDictionary()
"""By the loop of the program: the Automation API runs several in one process."""

connect: Callable[[AwsSettings, str], TrainingJobs] = AwsTrainingJobs
"""How the program comes by the jobs."""


def _jobs(region: str) -> TrainingJobs:
    """With few tries inside of a call: between looks there are pauses, and the rows say why."""
    return connect(stack_settings().model_copy(update={"max_retries": RETRIES, "retry_mode": "standard"}), region)
