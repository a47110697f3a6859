"""Polls for all training jobs of a Region and account that a program waits for.

Input: waits. Output: the end of each, when its job has ended. One task polls for all of them, with at most two API
calls a poll.
"""

from __future__ import annotations

import asyncio
import time
import traceback
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import pulumi

from sagemaker_constructs.api.masking import masked
from sagemaker_constructs.aws.errors import ReconcileError, ServiceError
from sagemaker_constructs.aws.training_jobs import AwsTrainingJobs
from sagemaker_constructs.program.interruption import tell_on_interrupt
from sagemaker_constructs.program.stack_settings import settings_of
from sagemaker_constructs.program.wait import TIMEOUT
from sagemaker_constructs.results.logs import LogReader
from sagemaker_constructs.results.poll_errors import poll_error_line, unexpected_error_text
from sagemaker_constructs.results.poll_interval import SHORTEST, seconds_to_next_poll
from sagemaker_constructs.results.poller import CALLS, Poller
from sagemaker_constructs.results.progress import milestone, progress_line

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sagemaker_constructs.aws.answers import ExistingJob
    from sagemaker_constructs.aws.protocols import TrainingJobs
    from sagemaker_constructs.aws.settings import AwsSettings
    from sagemaker_constructs.program.wait import Wait

BATCH_DELAY = 0.3
"""Seconds before the first poll: a program begins many waits at once, and one poll serves them all."""
ERROR_LIMIT = 15 * 60.0
"""Seconds for which polls may fail, once one has succeeded: time to sign in again, or for a laptop to wake."""
NEW_LIMIT = 20.0
"""Seconds for which a job that this update may have started may not be found."""
RETRIES = 2
"""Retries of an API call within a poll."""


def waits_of(region: str, owner: str, stored: str | None) -> RegionWaits:
    """The waits of this run of a program.

    Args:
        region: the jobs' Region.
        owner: the stack, whose jobs are found by one search.
        stored: the AWS settings that the jobs store. None: the stack's.
    """
    tell_on_interrupt(_running)
    waits = _waits.setdefault(asyncio.get_running_loop(), {})
    if (region, stored) not in waits:
        waits[region, stored] = RegionWaits(lambda region: _jobs(region, stored), region, owner)
    return waits[region, stored]


class RegionWaits:
    """All waits for jobs of one Region and account, and the task that polls for them.

    Args:
        connect: connects to the jobs of a Region.
        region: the Region.
        owner: the stack.
        clock: seconds that pass.
        sleep: waits for seconds of that clock.
    """

    def __init__(
        self,
        connect: Callable[[str], TrainingJobs],
        region: str,
        owner: str,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.poller = Poller(connect(region), owner)
        self._connect = connect
        self._region = region
        self._clock = clock
        self._sleep = sleep
        self._logs = LogReader()
        self._waits: list[Wait] = []
        self._seen: dict[str, ExistingJob | None] = {}
        self._ended: set[str] = set()
        self._warned = False
        self._arrived = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def running(self) -> set[str]:
        """The names of the jobs that are waited for and run, as far as polls have seen."""
        return {wait.training_job_name for wait in self._waits if wait.running and not wait.over.done()}

    async def wait(self, wait: Wait) -> str | None:
        """Wait for one job among the others."""
        if wait.training_job_name in self._ended:
            return None
        wait.began = self._clock()
        self._waits.append(wait)
        self._arrived.set()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._poll_while_waited_for())
            self._task.add_done_callback(self._propagate_error)
        try:
            return await asyncio.wait_for(wait.over, wait.timeout)
        except TimeoutError:
            return TIMEOUT
        finally:
            self._waits.remove(wait)

    async def _poll_while_waited_for(self) -> None:
        """Poll, report and pause until no wait is left."""
        succeeded = began = self._clock()
        failed = 0
        await self._sleep(BATCH_DELAY)
        while self._waits:
            self._arrived.clear()
            pulumi.log.debug(f"waiting for {len(self._waits)} results")  # raises where the engine has ended
            try:
                await asyncio.to_thread(self._poll)
            except ServiceError as error:
                failed += 1
                without_access = succeeded == began and error.no_access
                failing_for = self._clock() - succeeded
                if without_access or failing_for > ERROR_LIMIT:
                    self._give_up(f"AWS could not be polled: {error}")
                    return
                self._report_error(error, ERROR_LIMIT - failing_for)
                if not error.throttled:
                    self.poller.jobs = self._connect(self._region)  # with the credentials of that time
            except ReconcileError:
                raise
            except Exception as error:  # a mistake of this library: one sentence, and the traceback under --debug
                pulumi.log.debug(masked("".join(traceback.format_exception(error))))
                raise ReconcileError(unexpected_error_text(error)) from error
            else:
                succeeded, failed = self._clock(), 0
                self._report()
            await self._pause(failed)

    def _poll(self) -> None:
        """One poll, in a thread: of the jobs and, where logs are requested, of the log of one of them."""
        turn = self._logs.next_of([wait.training_job_name for wait in self._waits if wait.logs and wait.running])
        names = {wait.training_job_name for wait in self._waits}
        before = {name: job for name, job in self._seen.items() if name in names}
        self._seen = {**before, **self.poller.poll(names, calls=CALLS - 1 if turn else CALLS)}
        for wait in self._waits:
            job = self._seen.get(wait.training_job_name)
            wait.found = wait.found or job is not None
            wait.running = wait.running or (job is not None and not job.ended)
        for name in {wait.training_job_name for wait in self._waits if wait.logs and wait.running}:
            job = self._seen.get(name)
            if job is not None and job.ended:
                self._logs.read_to_end(self.poller.jobs, job)  # the last poll that sees this job
            elif job is not None and name == turn:
                self._logs.read(self.poller.jobs, job)

    def _report(self) -> None:
        """Show the progress of each wait, and end those whose job has ended or does not exist."""
        if not (self.poller.may_search or self._warned) and len(self._waits) > CALLS:
            self._warned = True
            pulumi.log.warn("without sagemaker:Search a poll describes two of the jobs, so ends are noticed later")
        now = datetime.now(UTC)
        for wait in self._waits:
            name = wait.training_job_name
            if wait.over.done() or name not in self._seen:
                continue
            job = self._seen[name]
            if job is not None and wait.running and wait.row:
                secrets = job.secrets(wait.secret_members)
                lines = self._logs.take(name, wait.logs, secrets)
                wait.row.progress(masked(progress_line(job, now), secrets), milestone(job), lines)
            if job is not None and job.ended:
                self._ended.add(name)
            if job.ended if job is not None else self._is_gone(wait):
                wait.over.set_result(None)

    def _is_gone(self, wait: Wait) -> bool:
        """Whether a job that a poll did not find does not exist."""
        return wait.found or not wait.may_be_new or self._clock() - wait.began > NEW_LIMIT

    def _report_error(self, error: ServiceError, left: float) -> None:
        for row in [wait.row for wait in self._waits if wait.row]:
            row.progress(poll_error_line(error, left), error.code)

    def _give_up(self, reason: str) -> None:
        for wait in self._waits:
            if not wait.over.done():
                wait.over.set_result(reason)

    def _propagate_error(self, task: asyncio.Task[None]) -> None:
        """An error of the polling task ends every wait: nothing else would."""
        error = None if task.cancelled() else task.exception()
        for wait in self._waits:
            if error is not None and not wait.over.done():
                wait.over.set_exception(error)

    async def _pause(self, failed: int) -> None:
        """Pause as long as the jobs allow; a wait that arrives ends the pause, for its job may have ended long ago."""
        awaited = {wait.training_job_name for wait in self._waits if not wait.over.done()}
        jobs = [job for name in awaited if (job := self._seen.get(name)) is not None]
        all_seen = jobs if len(jobs) == len(awaited) else ()
        seconds = seconds_to_next_poll(all_seen, datetime.now(UTC), failed=failed)
        shortest = min(SHORTEST, seconds)
        await self._sleep(shortest)
        rest = asyncio.ensure_future(self._sleep(seconds - shortest))
        arrival = asyncio.ensure_future(self._arrived.wait())
        try:
            await asyncio.wait((rest, arrival), return_when=asyncio.FIRST_COMPLETED)
        finally:
            rest.cancel()
            arrival.cancel()


_waits: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[tuple[str, str | None], RegionWaits]] = WeakKeyDictionary()
"""By the program's event loop, for the Automation API runs several in one process; then by Region and settings."""


def _running() -> set[str]:
    """The jobs of all Regions that are waited for and run."""
    return {name for regions in _waits.values() for waits in regions.values() for name in waits.running()}


connect: Callable[[AwsSettings, str], TrainingJobs] = AwsTrainingJobs
"""How the program connects to the jobs of a Region."""


def _jobs(region: str, stored: str | None) -> TrainingJobs:
    """The jobs with few retries inside of a call: there are pauses between polls, and the rows tell why."""
    few = settings_of(stored).model_copy(update={"max_retries": RETRIES, "retry_mode": "standard"})
    return connect(few, region)
