"""Rounds in which calls get every kind of wrong answer, before and after they have taken effect.

Input: an account. Output: a `Case` for each wrong answer. One command has all of them, each for a job of its own; only
Search is about no job, so that its answers are tried one after the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from bench.chaos.case import Case
from bench.chaos.clone import Job
from localaws.wrong_answers import ANSWERS, trials

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bench.chaos.account import Account

_READ = tuple((name, True) for name in ANSWERS)
"""Answers to a call that has no effect."""


class Disturbance(NamedTuple):
    """Which calls are answered wrongly, of which command, and what follows."""

    kind: str
    command: Literal["up", "destroy"]
    operations: tuple[str, ...]
    answers: Sequence[tuple[str, bool]]
    times: int | None = None
    """How many calls; None for all of them, until the command has ended."""
    about: Literal["own", "twin"] = "own"
    repeated: bool = True
    """Whether an `up` is repeated before the stack is destroyed."""
    on_delete: Literal["stop", "delete"] = "stop"


_CREATE = ("CreateTrainingJob",)
_BLIND = ("CreateTrainingJob", "DescribeTrainingJob")
DISTURBANCES = (
    Disturbance("CreateTrainingJob, one wrong answer; up, destroy", "up", _CREATE, trials(), times=1),
    Disturbance("CreateTrainingJob, wrong answers; up, destroy", "up", _CREATE, trials()),
    Disturbance("CreateTrainingJob, wrong answers; destroy", "up", _CREATE, trials(), repeated=False),
    Disturbance("Create and one Describe, wrong answers; destroy", "up", _BLIND, trials(), times=1, repeated=False),
    Disturbance("Describe of a job of theirs, wrong answers", "up", ("DescribeTrainingJob",), _READ, about="twin"),
    Disturbance("ListTags of a job of theirs, wrong answers", "up", ("ListTags",), _READ, about="twin"),
    Disturbance("AddTags to a job of theirs, wrong answers", "up", ("AddTags",), trials(), about="twin"),
    Disturbance("destroy: DescribeTrainingJob, wrong answers", "destroy", ("DescribeTrainingJob",), _READ),
    Disturbance("destroy: ListTags, wrong answers", "destroy", ("ListTags",), _READ),
    Disturbance("destroy: ListTags of theirs, wrong answers", "destroy", ("ListTags",), _READ, about="twin"),
    Disturbance("destroy: StopTrainingJob, wrong answers", "destroy", ("StopTrainingJob",), trials()),
    Disturbance(
        "destroy: DeleteTrainingJob, wrong answers", "destroy", ("DeleteTrainingJob",), trials(), on_delete="delete"
    ),
)


@dataclass(frozen=True)
class Answers:
    """A round: one disturbance, a job for each wrong answer."""

    disturbance: Disturbance

    def cases(self, first: int) -> list[Case]:
        """The trials, numbered from `first` on."""
        return [
            Case(self.disturbance.kind, f"{name}, {'done' if done else 'not done'}", number)
            for number, (name, done) in enumerate(self.disturbance.answers, start=first)
        ]

    def run(self, account: Account, cases: Sequence[Case]) -> Iterator[Case]:
        """Answer wrongly in one command, then repeat it rightly, then destroy."""
        ours, disturbance = account.ours, self.disturbance
        on_delete = disturbance.on_delete
        ours.declare({name: Job("1", on_delete) for case in cases for name in (case.own, case.twin)})
        said = [] if disturbance.command == "up" else [ours.up()]
        for case, (name, done) in zip(cases, disturbance.answers, strict=True):
            job = f"{case.own if disturbance.about == 'own' else case.twin}-"
            for operation in disturbance.operations:
                account.proxy.wrong(operation, ANSWERS[name], done=done, times=disturbance.times, job=job)
        disturbed = ours.up() if disturbance.command == "up" else ours.destroy()
        account.calm()
        if disturbance.command == "up" and disturbance.repeated:
            said.append(ours.up())
            running, recorded = account.running(), ours.recorded()
            for case in cases:
                case.compare(running, recorded)
        said.append(ours.destroy())
        for case in cases:
            case.heard(disturbed, expect=False)
            for outcome in said:
                case.heard(outcome)
            yield case


@dataclass(frozen=True)
class Searches:
    """A round in which Search is answered wrongly, beside a job that runs: an index decides nothing."""

    kind = "up, refresh: Search, wrong answers"

    def cases(self, first: int) -> list[Case]:
        """The trials, which all have the job of the first one."""
        return [Case(self.kind, name, first) for name in ANSWERS]

    def run(self, account: Account, cases: Sequence[Case]) -> Iterator[Case]:
        """One `up --refresh` for each answer; then destroy."""
        ours, job = account.ours, cases[0]
        ours.declare({job.own: Job(), job.twin: Job()})
        job.heard(ours.up())
        for case, name in zip(cases, ANSWERS, strict=True):
            account.proxy.wrong("Search", ANSWERS[name])
            case.heard(ours.up("--refresh"), expect=False)
            account.calm()
            case.compare(account.running(), ours.recorded())
        job.heard(ours.destroy())
        yield from cases


@dataclass(frozen=True)
class Shared:
    """A round without faults in which the other stack is destroyed first, though this one uses its jobs."""

    kind = "their stack is destroyed while this one uses its job"

    def cases(self, first: int) -> list[Case]:
        """The trials, numbered from `first` on."""
        return [Case(self.kind, f"job {number}", number) for number in range(first, first + 4)]

    def run(self, account: Account, cases: Sequence[Case]) -> Iterator[Case]:
        """Nobody's job is stopped; the job runs on, and somebody is told."""
        account.ours.declare({name: Job() for case in cases for name in (case.own, case.twin)})
        said = [account.ours.up(), account.theirs.destroy()]
        running, recorded = account.running(), account.ours.recorded()
        said.append(account.ours.destroy())
        for case in cases:
            for outcome in said:
                case.heard(outcome)
            case.stopped |= {recorded[case.twin]} - running
            yield case
