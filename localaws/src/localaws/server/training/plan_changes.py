"""Changes the plan of a job as things happen: a stop, a failure, a reclaimed instance, the end of a container. Pure.

Input: the plan, and the time. Output: the plan from then on; what has happened before stays.
"""

from __future__ import annotations

from dataclasses import replace

from localaws.server.training.timeline import ENDS, Phase, Plan


def stopped(plan: Plan, now: float, grace: float) -> Plan:
    """The plan of a job that is told to stop now; where a container runs, it ends when that has ended."""
    stopping = (*plan.entered(now), Phase("Stopping", now))
    if plan.run is None:
        return Plan((*stopping, Phase("Stopped", now + grace)))
    return Plan(stopping, run=replace(plan.run, end="Stopped", until=now + grace))


def failed(plan: Plan, now: float, reason: str) -> Plan:
    """The plan of a job that fails now."""
    return Plan((*plan.entered(now), Phase("Failed", now)), reason)


def interrupted(plan: Plan, now: float) -> Plan:
    """The plan of a job whose instances are reclaimed now; what limits it still does."""
    return replace(plan, phases=(*plan.entered(now), Phase("Interrupted", now), *limits(plan, now)))


def limits(plan: Plan, now: float) -> tuple[Phase, ...]:
    """The stop at a limit that is planned for later, if one is."""
    return tuple(phase for phase in plan.phases[len(plan.entered(now)) :] if phase.status == "Stopping")


def uploading(plan: Plan, now: float) -> Plan:
    """The plan of a job whose container has ended by itself now, well or badly."""
    return replace(plan, phases=(*plan.entered(now), Phase("Uploading", now)))


def restarted(plan: Plan, now: float) -> Plan:
    """The plan of a job whose instances were lost now, and are replaced; what limits it still does."""
    pause = plan.run.pause if plan.run else 0.0
    ends = limits(plan, now)
    again = (Phase("Restarting", now), Phase("Training", now + pause))
    in_time = (phase for phase in again if all(phase.start < end.start for end in ends))
    return replace(plan, phases=(*plan.entered(now), *in_time, *ends))


def ended_run(plan: Plan, now: float, reason: str | None) -> Plan:
    """The plan of a job whose container has ended and whose output is saved: a stop, a failure or a completion."""
    entered = plan.entered(now)
    if entered[-1].status in ENDS:
        return plan
    if entered[-1].status == "Stopping" and plan.run is not None:
        return Plan((*entered, Phase(plan.run.end, max(now, plan.run.until))))
    return failed(plan, now, reason) if reason is not None else Plan((*entered, Phase("Completed", now)))
