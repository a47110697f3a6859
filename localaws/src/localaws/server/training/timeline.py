"""Plans the phases of a job, and computes its status at a time. Pure.

Two kinds of jobs: the end of a simulated one is planned when it is created; that of a job whose container runs is known
when it happens, so its plan is open (`Plan.run`) and grows: see `plan_changes`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from operator import itemgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

PRIMARY: Mapping[str, str] = {
    "Stopping": "Stopping",
    "Completed": "Completed",
    "Failed": "Failed",
    "Stopped": "Stopped",
    "MaxRuntimeExceeded": "Stopped",
    "MaxWaitTimeExceeded": "Stopped",
}
"""TrainingJobStatus by SecondaryStatus; every other secondary status is InProgress."""

ENDS = frozenset(PRIMARY) - {"Stopping"}
"""The final secondary statuses."""

LIMITS = frozenset({"MaxRuntimeExceeded", "MaxWaitTimeExceeded"})
"""The final statuses that SageMaker causes by stopping the job."""

WAITING = frozenset({"Starting", "Pending", "LaunchingMLInstances"})
"""The secondary statuses in which no instance runs yet, so nothing is billed."""

INFINITE = float("inf")
"""The planned end of a job that ends when its container does."""

SHORTEST = 0.05
"""How long a container runs at least before it is interrupted, in seconds."""

MESSAGES: Mapping[str, str] = {
    "Starting": "Preparing the instances for training",
    "Pending": "Training job waiting for capacity",
    "LaunchingMLInstances": "Insufficient capacity error from EC2 while launching instances, retrying!",
    "Downloading": "Downloading input data",
    "DownloadingTrainingImage": "Downloading the training image",
    "Training": "Training image download completed. Training in progress.",
    "Interrupted": "Training job interrupted: the Spot capacity was reclaimed",
    "Restarting": "Restarting the training job",
    "Uploading": "Uploading generated training model",
    "Stopping": "Stopping the training job",
    "Completed": "Training job completed",
    "Failed": "Training job failed",
    "Stopped": "Training job stopped",
    "MaxRuntimeExceeded": "Training job runtime exceeded MaxRuntimeInSeconds provided",
    "MaxWaitTimeExceeded": "Training job wait time exceeded MaxWaitTimeInSeconds provided",
}


@dataclass(frozen=True)
class Phase:
    """A secondary status, and when it begins, in seconds since the epoch."""

    status: str
    start: float


@dataclass(frozen=True)
class Run:
    """What is decided about a container before it ends. Durations in seconds.

    Attributes:
        grace: From SIGTERM to SIGKILL.
        pause: From an interruption to the next start.
        end: The final status that a stop leads to.
        until: The earliest time of that end, in seconds since the epoch.
    """

    grace: float = 0.0
    pause: float = 0.0
    end: str = "Stopped"
    until: float = 0.0


@dataclass(frozen=True)
class Plan:
    """The phases of a job from its creation on. The last one is final, unless the end is not known yet."""

    phases: tuple[Phase, ...]
    failure_reason: str | None = None
    run: Run | None = None

    def entered(self, now: float) -> tuple[Phase, ...]:
        """The phases that have begun by a time; the last of them is the job's status.

        The first has, whatever the time: who lists jobs may have looked at the clock before one was created.
        """
        return tuple(takewhile(lambda phase: phase.start <= now, self.phases)) or self.phases[:1]


@dataclass(frozen=True)
class Failure:
    """A planned failure: `after` seconds from creation, or at the end of the phase `during`."""

    reason: str
    after: float | None = None
    during: str = "Training"


@dataclass(frozen=True)
class Course:
    """What is known of a job when it is created. Durations in seconds.

    Attributes:
        seconds: From creation to completion where nothing delays or ends it.
        usual_seconds: The same of a usual job: a longer one trains longer, and does not wait longer for its instances.
        max_runtime: The limit on the time that instances run.
        max_wait: The limit on the time since creation (Spot only).
        queued: The job waits in Pending first.
        capacity_wait: How long there is no capacity.
        warm: The instances come from a warm pool.
        interrupted: Spot capacity is reclaimed once, half-way.
        interruption: When, in seconds from creation, for a job whose container runs; None: half-way of its training.
        failure: How it fails, if it does.
        grace: The time from reaching a limit to the end.
        simulated: Why no container runs; empty for a job whose container does, and whose end is not planned.
    """

    seconds: float
    max_runtime: float
    usual_seconds: float = INFINITE
    max_wait: float | None = None
    queued: bool = False
    capacity_wait: float = 0.0
    warm: bool = False
    interrupted: bool = False
    interruption: float | None = None
    failure: Failure | None = None
    grace: float = 0.0
    simulated: str = "no container is run"

    @property
    def unit(self) -> float:
        """The time that most stages take."""
        return min(self.seconds, self.usual_seconds) / 20

    @property
    def training(self) -> float:
        """What the other stages leave of its seconds."""
        return self.seconds - self.unit * (9 if self.queued else 8)


def stages(course: Course) -> Iterator[tuple[str, float]]:
    """Each status of a job that nothing ends early, with its duration."""
    unit = course.unit
    yield "Starting", unit * (0.5 if course.warm else 3)
    if course.queued:
        yield "Pending", unit
    if course.capacity_wait:
        yield "LaunchingMLInstances", course.capacity_wait
    yield "Downloading", unit * 2
    yield "DownloadingTrainingImage", unit
    if course.interrupted:
        yield "Training", course.training / 2
        yield "Interrupted", unit
        yield "Restarting", unit
    yield "Training", course.training
    yield "Uploading", unit * 2


def planned(created: float, course: Course) -> Plan:
    """The plan of a job: its stages one after the other, up to the first event that ends it.

    Where its container runs, they reach as far as is known: up to the training, an interruption or a limit.
    """
    phases: list[Phase] = []
    ends: dict[str, float] = {}
    start = created
    for status, duration in stages(course):
        phases.append(Phase(status, start))
        start += duration
        ends[status] = start
    if not course.simulated:
        phases, start = list(until_trained(phases, created, course)), INFINITE
    running = next(phase.start for phase in phases if phase.status not in WAITING)
    limits: list[tuple[float, str]] = []
    if course.failure:
        after = course.failure.after
        limits.append((ends[course.failure.during] if after is None else created + after, "Failed"))
    limits += [(start, "Completed"), (running + course.max_runtime, "MaxRuntimeExceeded")]
    if course.max_wait is not None:
        limits.append((created + course.max_wait, "MaxWaitTimeExceeded"))
    moment, end = min(limits, key=itemgetter(0))  # of several at the same moment the first: a failure before its end
    kept = tuple(phase for phase in phases if phase.start < moment) or (phases[0],)
    stops = end in LIMITS and kept[-1].status not in WAITING
    if stops and not course.simulated:
        return Plan((*kept, Phase("Stopping", moment)), run=Run(course.grace, course.unit, end))
    if stops:
        return Plan((*kept, Phase("Stopping", moment), Phase(end, moment + course.grace)))
    reason = course.failure.reason if course.failure and end == "Failed" else None
    return Plan((*kept, Phase(end, moment)), reason)


def until_trained(phases: Sequence[Phase], created: float, course: Course) -> Iterator[Phase]:
    """The phases up to the first training, and its interruption."""
    trained = next(number for number, phase in enumerate(phases) if phase.status == "Training")
    yield from phases[: trained + 1]
    if course.interrupted:
        begun = phases[trained].start
        moment = begun + course.training / 2 if course.interruption is None else created + course.interruption
        yield Phase("Interrupted", max(moment, begun + SHORTEST))


def began(phases: Sequence[Phase]) -> float | None:
    """When the instances began to run, if they did."""
    return next((phase.start for phase in phases if phase.status not in WAITING | ENDS | {"Stopping"}), None)


def ended(phases: Sequence[Phase]) -> float | None:
    """When the job ended, if it has."""
    return phases[-1].start if phases[-1].status in ENDS else None
