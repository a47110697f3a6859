"""Rounds in which `up` or `destroy` is killed at a point; then it is repeated or not, and the stack is destroyed.

Input: an account. Output: a `Case` for each kill. Every kill is followed by `pulumi cancel`, as Pulumi asks for.
"""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import psutil

from bench.chaos.case import Case
from bench.chaos.clone import Job
from localaws.trial import Outcome

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator, Sequence

    from bench.chaos.account import Account
    from localaws.faulty_proxy import FaultyProxy, Hold

_LONGEST = 60.0
"""Seconds until a point that never comes is given up, and the command killed wherever it is."""
_WITHOUT_CHECKPOINTS = "PULUMI_SKIP_CHECKPOINTS" in os.environ
"""Whether a state is written at the end of a command only. A stack then has to have its identity before it is killed,
by an earlier `up` of another job: otherwise nothing would tell whose the jobs are."""
Victims = Literal["engine", "all"]
"""Whom the kill meets: the engine alone, so that its plugin runs on for a moment, or every process of the command."""


@dataclass(frozen=True)
class Point:
    """Where a command is killed: while a call is held on its way, or after some seconds."""

    name: str
    operation: str = ""
    """The call; empty for a time."""
    done: bool = False
    """Whether the service has carried it out."""
    seconds: float = 0.0
    of_twin: bool = False
    """Whether the call is about the job that the other stack has."""

    def hold(self, proxy: FaultyProxy, job: str) -> Hold | None:
        """Hold the call about a job."""
        return proxy.hold(self.operation, done=self.done, job=job) if self.operation else None

    def wait(self, process: subprocess.Popen[str], hold: Hold | None) -> None:
        """Return when the point is reached, or the command has ended."""
        deadline = time.monotonic() + (_LONGEST if hold else self.seconds)
        while process.poll() is None and time.monotonic() < deadline:
            if hold and hold.reached.wait(0.02):
                return
            if not hold:
                time.sleep(0.02)


def _around(operation: str) -> tuple[Point, Point]:
    return Point(f"before {operation} arrives", operation), Point(f"before {operation} is answered", operation, True)


_CREATE = (
    *_around("CreateTrainingJob"),
    Point("while looking at a job of others", "DescribeTrainingJob", done=True, of_twin=True),
)
_TIMES = tuple(Point(f"{seconds:.1f} s after the start", seconds=seconds) for seconds in (0.6, 1.2, 1.8, 2.4, 3.0, 4.0))
UP = (*_CREATE, *_TIMES)
DESTROY = (*_around("StopTrainingJob"), *_around("DeleteTrainingJob"), *_TIMES[:4])


class Plan(NamedTuple):
    """What is killed, at which points, and what follows."""

    kind: str
    command: Literal["first up", "replacing up", "destroy"]
    points: Sequence[Point]
    repeated: bool
    """Whether the killed command is repeated before the stack is destroyed."""


PLANS = (
    Plan("first up is killed; up, destroy", "first up", UP, repeated=True),
    Plan("first up is killed; cancel, destroy", "first up", UP, repeated=False),
    Plan("replacing up is killed; up, destroy", "replacing up", UP, repeated=True),
    Plan("replacing up is killed; cancel, destroy", "replacing up", _CREATE, repeated=False),
    Plan("destroy is killed; destroy", "destroy", DESTROY, repeated=False),
)


@dataclass(frozen=True)
class Kills:
    """A round: one plan, one kind of victims."""

    plan: Plan
    victims: Victims

    def cases(self, first: int) -> list[Case]:
        """The trials, numbered from `first` on."""
        return [
            Case(self.plan.kind, f"{self.plan.command}, {self.victims}, {point.name}", number)
            for number, point in enumerate(self.plan.points, start=first)
        ]

    def run(self, account: Account, cases: Sequence[Case]) -> Iterator[Case]:
        """Kill at every point, one after the other."""
        for case, point in zip(cases, self.plan.points, strict=True):
            self._run(account, case, point)
            yield case

    def _run(self, account: Account, case: Case, point: Point) -> None:
        ours, plan = account.ours, self.plan
        on_delete = "delete" if plan.command == "destroy" else "stop"
        jobs = {case.own: Job("1", on_delete), case.twin: Job("1", "stop")}
        if plan.command == "first up" and _WITHOUT_CHECKPOINTS:
            ours.declare({case.twin: jobs[case.twin]})
            case.heard(ours.up())
        ours.declare(jobs)
        if plan.command != "first up":
            case.heard(ours.up())
        if plan.command == "replacing up":
            ours.declare({**jobs, case.own: Job("2", on_delete)})
        command = "destroy" if plan.command == "destroy" else "up"
        job = case.twin if point.of_twin else case.own
        case.heard(killed(account, command, point, self.victims, job), expect=False)
        account.calm()
        case.heard(ours.cancel(), expect=False)
        if plan.repeated:
            case.heard(ours.up())
            case.compare(account.running(), ours.recorded())
        case.heard(ours.destroy())


def killed(account: Account, command: str, point: Point, victims: Victims, job: str) -> Outcome:
    """Begin a command and kill it at a point; what it had printed until then."""
    hold = point.hold(account.proxy, job)
    process = account.ours.begin(command)
    point.wait(process, hold)
    family = [psutil.Process(process.pid)] if process.poll() is None else []
    plugins = family[0].children(recursive=True) if family else []
    _kill([*family, *(plugins if victims == "all" else [])])
    if hold:
        hold.released.set()  # what was on its way arrives after all
    _, running = psutil.wait_procs(plugins, timeout=10)
    _kill(running)
    text, _ = process.communicate()
    return Outcome(process.returncode, text)


def _kill(processes: Sequence[psutil.Process]) -> None:
    for each in processes:
        try:
            os.kill(each.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue  # it ended on its own meanwhile
