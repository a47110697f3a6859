"""Plans a new job from its request, the server's settings and the faults that apply to it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from localaws.server.fault_kinds import CAPACITY
from localaws.server.settings import seconds
from localaws.server.training.rules import runtime, spot, wait
from localaws.server.training.timeline import Course, Failure, Plan, planned

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from localaws.server.fault_kinds import Parameters
    from localaws.server.faults import Rule
    from localaws.server.settings import Settings
    from localaws.server.training.job import Job

SECONDS = "LOCALAWS_SECONDS"
"""The variable in a job's Environment that sets its duration in seconds."""


def plan(job: Job, settings: Settings, faults: Sequence[Rule], warm: bool) -> Plan:
    """The plan of a job as it is created; `warm` where instances wait for it."""
    course = Course(
        seconds=duration(job.request.get("Environment", {}), settings.job_seconds),
        usual_seconds=settings.job_seconds,
        max_runtime=runtime(job.request),
        max_wait=wait(job.request) if spot(job.request) else None,
        queued="MaxPendingTimeInSeconds" in job.request.get("StoppingCondition", {}),
        warm=warm,
        grace=settings.stop_seconds if job.simulated else settings.grace_seconds,
        simulated=job.simulated,
    )
    for fault in faults:
        course = replace(course, **CHANGES[fault.kind](fault.parameters))
    return planned(job.created, course)


def dictated(job: Job, faults: Sequence[Rule]) -> str | None:
    """Why no container can run though one is there: how long the job takes, or that it fails, is decided already."""
    if SECONDS in job.request.get("Environment", {}):
        return f"{SECONDS} decides how long it takes"
    return next((f"the fault {fault.kind!r} decides how it ends" for fault in faults if fault.kind in DECIDE), None)


def duration(environment: Mapping[str, str], default: float) -> float:
    """The duration of a job: that of its own variable, if it is a number of seconds."""
    try:
        return seconds(environment, SECONDS, default)
    except ValueError:
        return default


def fails(reason: str, during: str) -> Callable[[Parameters], dict[str, Any]]:
    """A failure; the fault's own reason, phase and time override."""
    return lambda p: {"failure": Failure(p.reason or reason, p.after, p.during or during)}


CHANGES: Mapping[str, Callable[[Parameters], dict[str, Any]]] = {
    "fail": fails("AlgorithmError: ExecuteUserScriptError, exit code: 1", "Training"),
    "capacity": fails(CAPACITY, "Starting"),
    "wait": lambda p: {"capacity_wait": p.seconds},
    "interrupt": lambda p: {"interrupted": True, "interruption": p.after},
    "seconds": lambda p: {"seconds": p.seconds},
}
"""What each fault changes in the course of a new job."""

DECIDE = frozenset({"fail", "capacity", "seconds"})
"""The faults that decide when or how a job ends."""
