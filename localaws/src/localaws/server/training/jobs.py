"""Stores the training jobs, and moves each through its plan."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from functools import partial
from threading import RLock
from typing import TYPE_CHECKING

from localaws.server.errors import in_use, not_found
from localaws.server.training.conclusion import STOPS, Conclusion
from localaws.server.training.effects import JobFailure
from localaws.server.training.plan_changes import ended_run, failed
from localaws.server.training.timeline import ENDS, Plan, began
from localaws.server.training.warmpool import WarmPool, signature

if TYPE_CHECKING:
    from collections.abc import Callable

    from localaws.server.training.effects import Effects
    from localaws.server.training.execution import Containers
    from localaws.server.training.job import Job
    from localaws.server.training.scheduler import Scheduler
    from localaws.server.training.timeline import Phase

logger = logging.getLogger(__name__)

INTERNAL = "InternalServerError: We encountered an internal error. Please try again."

Key = tuple[str, str, str]


class Jobs:
    """Every job, by account, Region and name. `lock` guards whatever is read and then changed."""

    def __init__(self, scheduler: Scheduler, effects: Effects, containers: Containers) -> None:
        self.lock = RLock()
        self.effects = effects
        self.containers = containers
        self._scheduler = scheduler
        self._jobs: dict[Key, Job] = {}

    def all(self) -> list[Job]:
        """Every job, oldest first."""
        with self.lock:
            return list(self._jobs.values())

    def within(self, account: str, region: str) -> list[Job]:
        """The jobs of an account in a Region, oldest first."""
        return [job for job in self.all() if (job.account, job.region) == (account, region)]

    def find(self, account: str, region: str, name: str) -> Job:
        """The job of a name.

        Raises:
            ServiceError: ValidationException "Requested resource not found."
        """
        with self.lock:
            job = self._jobs.get((account, region, name))
        if job is None:
            raise not_found()
        return job

    def add(self, job: Job, plan: Callable[[bool], Plan]) -> None:
        """Stores a new job under a plan, which is told whether instances wait for the job in a warm pool.

        Raises:
            ServiceError: ResourceInUse, where the name is taken.
        """
        with self.lock:
            key = (job.account, job.region, job.name)
            taken = self._jobs.get(key)
            if taken is not None:
                raise in_use(
                    "Training job names must be unique within an AWS account and region, and a training job with this "
                    f"name already exists ({taken.arn})"
                )
            lender = self._pool_for(job)
            if lender and lender.pool:
                lender.pool = replace(lender.pool, reused_by=job.name, reused_at=job.created)
            job.plan = plan(lender is not None)
            self._jobs[key] = job
        self._scheduler.at(job.created, partial(self.advance, job))

    def restore(self, job: Job) -> None:
        """Stores a job that has ended already; it has no effects."""
        with self.lock:
            self._jobs[(job.account, job.region, job.name)] = job

    def replan(self, job: Job, plan: Plan) -> None:
        """Replaces the plan of a job."""
        with self.lock:
            job.plan = plan
            job.modified = time.time()
        self._scheduler.at(time.time(), partial(self.advance, job))

    def remove(self, job: Job) -> None:
        """Removes a job; its name can be used again."""
        with self.lock:
            self._jobs.pop((job.account, job.region, job.name), None)

    def clear(self) -> None:
        """Removes every job; none has any further effect."""
        with self.lock:
            self._jobs.clear()
        self.containers.end()

    def remove_at(self, job: Job, moment: float) -> None:
        """Removes a job at a time."""
        self._scheduler.at(moment, partial(self.remove, job))

    def advance(self, job: Job) -> None:
        """Carries out the phases that have begun, and schedules the next one. Runs on the scheduler's thread."""
        if job not in self.all():
            return  # Everything was removed meanwhile.
        while job.settled < len(job.plan.entered(time.time())):
            phase = job.plan.phases[job.settled]
            try:
                self.effects.enter(job, phase)
                if not job.simulated:
                    self._drive(job, phase)
            except JobFailure as failure:
                self._fail(job, str(failure))
            except Exception:  # whatever broke, the job must not stay as it is for ever
                logger.exception("the effects of %s on %s failed", phase.status, job.name)
                self._fail(job, INTERNAL)
            if phase.status in ENDS:
                self._retire(job, phase)
            job.settled += 1
        if job.settled < len(job.plan.phases):
            self._scheduler.at(job.plan.phases[job.settled].start, partial(self.advance, job))

    def _drive(self, job: Job, phase: Phase) -> None:
        """Starts or stops the containers of a job as it enters a phase; a stop before they started ends the job."""
        if phase.status == "Training":
            job.attempts += 1
            self.containers.start(job, Conclusion(job, partial(self.change, job)))
        elif phase.status in STOPS and job.plan.run is not None:
            grace = job.plan.run.grace
            if not self.containers.stop(job, grace) and phase.status == "Stopping":
                self.change(job, lambda plan, now: ended_run(plan, now, None))

    def change(self, job: Job, change: Callable[[Plan, float], Plan]) -> str:
        """Changes the plan of a job now, as its containers do; the secondary status that it has then comes back."""
        with self.lock:
            now = time.time()
            job.plan = change(job.plan, now)
            status = job.plan.entered(now)[-1].status
        self._scheduler.at(now, partial(self.advance, job))
        return status

    def _fail(self, job: Job, reason: str) -> None:
        """Fails a job in the phase whose effects are being carried out."""
        with self.lock:
            job.plan = failed(Plan(job.plan.phases[: job.settled + 1]), time.time(), reason)

    def _retire(self, job: Job, end: Phase) -> None:
        """Keeps the instances of an ended job warm if its request says so, and schedules the end of its interfaces."""
        keep = job.request.get("ResourceConfig", {}).get("KeepAlivePeriodInSeconds", 0)
        if keep and began(job.plan.phases) is not None:
            job.pool = WarmPool(since=end.start, until=end.start + keep)
        self.release(job)

    def release(self, job: Job) -> None:
        """Removes a job's network interfaces some time after its instances have ended."""
        idle = job.pool.until if job.pool and job.pool.status(time.time()) == "Available" else time.time()
        self._scheduler.at(idle + self.effects.settings.linger_seconds, partial(self._detach, job))

    def _detach(self, job: Job) -> None:
        if job.pool and job.pool.status(time.time()) == "Available":
            self.release(job)
        else:
            self.effects.detach(job)

    def _pool_for(self, job: Job) -> Job | None:
        """The job whose warm pool a new job can use."""
        for other in self.within(job.account, job.region):
            if other.pool and other.pool.status(job.created) == "Available":
                wanted = job.request.get("ResourceConfig", {}).get("KeepAlivePeriodInSeconds")
                if wanted and signature(other.request) == signature(job.request):
                    return other
        return None
