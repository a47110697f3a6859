"""Examines the jobs that a preview starts: tells which exist already, and checks the others.

Input: the jobs that start, as far as they are known. Output: lines on their rows. First it is looked up whether they
exist already, then what would make them fail. What is not known yet is not looked at. Nothing of it stops an update.

The jobs are examined together: a role is asked about all its jobs at once, and what several jobs have in common is said
once, on the row of the first.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from functools import partial
from itertools import starmap
from typing import TYPE_CHECKING, Any, NamedTuple

import pulumi
from pulumi import Output

from sagemaker_constructs.api.masking import masked
from sagemaker_constructs.aws.errors import FORBIDDEN_ACCOUNT, ReconcileError, ServiceError
from sagemaker_constructs.preflight.account_check import require_account
from sagemaker_constructs.preflight.announcement import run_of, span_of_starts
from sagemaker_constructs.preflight.checks import CHECKS, PERMISSIONS, role_questions
from sagemaker_constructs.preflight.findings import Finding, grouped, listed
from sagemaker_constructs.preflight.free_names import ONE_BY_ONE, BesidesFree, free_names
from sagemaker_constructs.preflight.looks import PATIENCE
from sagemaker_constructs.preflight.readers import readers_of_run
from sagemaker_constructs.preflight.starting_job import StartingJob, starting_job
from sagemaker_constructs.reconcile.looking_ahead import job_of_others, look_ahead

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import TypeVar

    from sagemaker_constructs.aws.account import AccountReader
    from sagemaker_constructs.preflight.readers import Place
    from sagemaker_constructs.reconcile.bag import Properties

    _Found = TypeVar("_Found")


class StartingJobs:
    """The jobs that one run of a program starts, and what was said of them."""

    def __init__(self) -> None:
        self._arrived: dict[int, StartingJob] = {}
        self._said: set[str] = set()

    async def add(
        self, number: int, resource: pulumi.Resource, properties: Mapping[str, Any], *, own_role: bool, look: bool
    ) -> None:
        """Take up a job when it is known: it is examined with others, or announced at once.

        Args:
            number: its place in the program.
            resource: its resource.
            properties: its properties as the program has them.
            own_role: whether the program has the role as a resource.
            look: whether AWS is asked anything but for the account of the credentials.
        """
        # Beside the rest, which goes on without an answer.
        Output.from_input(require_account(resource.pulumi_resource_name, properties))
        job = await starting_job(resource, properties, own_role=own_role)
        if look and job.place:
            self._arrived[number] = job
        else:
            _say(job, f"starts {_run(job)}{_UNLESS}")

    async def announce_fallback(self, resource: pulumi.Resource, properties: Mapping[str, Any]) -> None:
        """Announce what a fallback may start."""
        job = await starting_job(resource, properties, own_role=False)
        _say(job, f"stands by, and starts only if the run before it finds no capacity: {_run(job)}")

    async def examine(self) -> None:
        """Examine the jobs that have arrived."""
        arrived, self._arrived = self._arrived, {}
        if arrived:
            await Examination([arrived[number] for number in sorted(arrived)], self._said).run()


class _Outlook(NamedTuple):
    """What becomes of a job in the next `up`."""

    sentence: str
    """What is said of it; empty for nothing."""
    starts: bool = True
    warning: bool = False


class Examination:
    """What is found about jobs that are examined together.

    Args:
        jobs: the jobs.
        said: what was said of the whole stack, which is said once.
    """

    def __init__(self, jobs: Iterable[StartingJob], said: set[str]) -> None:
        self._jobs = list(jobs)
        self._said = said
        self._readers = readers_of_run()
        self._not_examined: dict[str, tuple[str, dict[StartingJob, None]]] = {}
        self._unreachable: set[Place] = set()
        self._free: dict[Place, frozenset[str]] = {}
        """The names that no job has, where many were looked up together."""

    async def run(self) -> None:
        """Tell which jobs exist already, and check the others."""
        await self._find_free_names()
        starting = await self._announced()
        if span := span_of_starts(Counter(job.place and job.place[0] for job in starting).values()):
            pulumi.log.info(f"preflight: {span}")
        checks = [(job, name) for job in starting if job.place not in self._unreachable for name in _checks_of(job)]
        questions = {place: role_questions(jobs) for place, jobs in _asking_roles(checks).items()}
        found = await asyncio.gather(*(self._check(job, name, questions) for job, name in checks))
        for finding, jobs in grouped(each for some in found for each in some).items():
            others = f" (also for {listed(job.name for job in jobs[1:])})" if jobs[1:] else ""
            _say(jobs[0], f"{finding.text}{others}", warning=True)
        for what, (why, jobs) in self._not_examined.items():
            if what not in self._said:
                self._said |= set() if jobs else {what}
                of = f" for {listed(job.name for job in self._jobs if job in jobs)}" if jobs else ""
                log = pulumi.log.warn if why is _NO_ANSWER else pulumi.log.info
                log(f"preflight: {what}{of}: {why}")

    async def _find_free_names(self) -> None:
        """Note which names are free, for each place where many jobs start."""
        declared: dict[Place, list[Properties]] = {}
        for job in self._jobs:
            if (place := job.place) and (each := job.declared()):
                declared.setdefault(place, []).append(each)
        many = {place: each for place, each in declared.items() if len(each) > ONE_BY_ONE}
        found = await asyncio.gather(*starmap(self._free_names, many.items()))
        self._free = dict(zip(many, found, strict=True))

    async def _free_names(self, place: Place, declared: Iterable[Properties]) -> frozenset[str]:
        try:
            reader = self._readers[place]
            return await self._readers.looks.look((place, "free names"), partial(free_names, reader, declared))
        except (TimeoutError, ReconcileError):  # then each job is described, and what prevents that is told
            return frozenset()

    async def _announced(self) -> list[StartingJob]:
        """The jobs that start. Looks at all of them at once, and tells of each in the order of the program."""
        outlooks = await asyncio.gather(*map(self._outlook, self._jobs))
        for job, outlook in zip(self._jobs, outlooks, strict=True):
            if outlook.sentence:
                _say(job, outlook.sentence, warning=outlook.warning)
        return [job for job, outlook in zip(self._jobs, outlooks, strict=True) if outlook.starts]

    async def _outlook(self, job: StartingJob) -> _Outlook:
        """What becomes of a job, which another stack may have."""
        declared = job.declared()
        if declared is None:
            return _Outlook(f"starts {_run(job)}{_UNLESS if job.planned_name else ''}")

        def find(reader: AccountReader) -> tuple[tuple[str, bool] | None, tuple[str, Any] | None]:
            jobs = BesidesFree(reader, free)
            return job_of_others(jobs, declared), look_ahead(jobs, declared, {})

        free = self._free.get(job.place or ("", None), frozenset())
        found = await self._look(job, _EXISTING, "whether the job exists", find)
        if found is None:
            return _Outlook(f"starts {_run(job)}{_UNLESS}")
        others, ahead = found
        if others:
            sentence, adopted = others
            compared = declared.options.retrain_on_new_data or declared.options.pin_image
            differs = (
                ", unless its data or its image was another" if adopted and compared else ""
            )  # `up` compares those
            return _Outlook(masked(sentence, job.secrets) + differs, starts=False, warning=not adopted)
        name, own = ahead or (job.planned_name, None)
        if own is not None:
            return _Outlook("", starts=False)  # the provider has told of the stack's own
        return _Outlook(f"starts {run_of(job.known, name, job.unknown)}")

    async def _check(
        self, job: StartingJob, name: str, questions: Mapping[Place, Mapping[str, Any]]
    ) -> list[tuple[Finding, StartingJob]]:
        check = CHECKS[name]
        members = {**job.known, "questions": questions.get(job.place or ("", None), {})}
        found = await self._look(job, name, check.what, lambda reader: list(check.find(reader, members)))
        return [(finding.changed(lambda text: masked(text, job.secrets)), job) for finding in found or ()]

    async def _look(
        self, job: StartingJob, kind: str, what: str, find: Callable[[AccountReader], _Found]
    ) -> _Found | None:
        """What a look finds; None where nobody may look or there was no answer, which is noted."""
        place = job.place
        assert place is not None  # noqa: S101  others are not looked at
        try:
            reader = self._readers[place]  # not in the thread, for all looks share them
            return await self._readers.looks.look((place, kind), lambda: find(reader))
        except TimeoutError:
            self._cannot_look(job, what, _NO_ANSWER)
        except ServiceError as error:
            self._cannot_look(job, None if _of_every_look(error) else what, masked(str(error), job.secrets))
        except ReconcileError as error:  # the settings, before anything is asked
            self._cannot_look(job, None, str(error))
        return None

    def _cannot_look(self, job: StartingJob, what: str | None, why: str) -> None:
        """Note that something of a job was not looked at; None for a cause that all looks have in common."""
        if what is None:
            self._unreachable.add(job.place or ("", None))
        text = "cannot look" if what is None else f"{what} cannot be looked at"
        self._not_examined.setdefault(text, (why, {}))[1].update({job: None} if what else {})


_EXISTING = "existing jobs"
"""The kind of the looks for them."""
_UNLESS = " (unless that job exists already)"
_NO_ANSWER = f"no answer in {PATIENCE:.0f} seconds"


def _checks_of(job: StartingJob) -> Iterator[str]:
    """The checks for which enough of a job is known."""
    for name, check in CHECKS.items():
        needed = {path.partition(".")[0] for path in check.members}
        if not (needed & job.unknown or (job.own_role and check.of_a_foreign_role)):
            yield name


def _asking_roles(checks: Iterable[tuple[StartingJob, str]]) -> Mapping[Place, list[Mapping[str, Any]]]:
    """The jobs whose roles are asked what they allow, by the place where they run."""
    found: dict[Place, list[Mapping[str, Any]]] = {}
    for job, name in checks:
        if name == PERMISSIONS and job.place:
            found.setdefault(job.place, []).append(job.known)
    return found


def _run(job: StartingJob) -> str:
    return run_of(job.known, job.planned_name, job.unknown)


def _say(job: StartingJob, sentence: str, *, warning: bool = False) -> None:
    (pulumi.log.warn if warning else pulumi.log.info)(sentence, job.resource)


def _of_every_look(error: ServiceError) -> bool:
    """Whether the cause is in the credentials or on the way to AWS."""
    of_the_way = error.no_access and not error.denied
    return of_the_way or error.code in _OF_THE_CREDENTIALS or str(error).startswith("AssumeRole for ")


_OF_THE_CREDENTIALS = frozenset(
    {"AuthFailure", FORBIDDEN_ACCOUNT, "InvalidAccessKeyId", "InvalidSignatureException", "SignatureDoesNotMatch"}
)
"""What other services than SageMaker say of credentials, and what a stack does."""
