"""Changes an existing job in place, as far as its status allows it.

Input: the changes of a declaration and the job as it is. Output: a `LivePlan`: what to send with UpdateTrainingJob,
and what is only recorded for the next run. Source: API reference, UpdateTrainingJob; the windows as ACK's
sagemaker-controller found them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sagemaker_constructs.api.defaults import DEFAULTS
from sagemaker_constructs.api.wire import wire_form
from sagemaker_constructs.reconcile.bag import changes_of
from sagemaker_constructs.reconcile.effects import Effect, effect_of
from sagemaker_constructs.reconcile.job_tags import all_tags, is_ignored, is_of_another_state

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sagemaker_constructs.aws.answers import ExistingJob
    from sagemaker_constructs.aws.protocols import Say, TrainingJobs
    from sagemaker_constructs.reconcile.bag import Properties
    from sagemaker_constructs.reconcile.changes import Change


@dataclass(frozen=True, slots=True)
class Window:
    """When a member can be changed in place."""

    open: Callable[[ExistingJob], bool]
    sentence: str
    """When that is, for people."""


_LAUNCHED = Window(
    lambda job: job.status == "InProgress" and job.secondary_status != "Starting",
    "while the job is InProgress, once its instances have started",
)

WINDOWS: Mapping[str, Window] = {
    "profiler_config": _LAUNCHED,
    "profiler_rule_configurations": _LAUNCHED,
    "remote_debug_config": Window(
        lambda job: job.secondary_status in ("Downloading", "Training"), "while the job is Downloading or Training"
    ),
    "resource_config": Window(
        lambda job: job.warm_pool_status == "Available", "while the job's warm pool is Available"
    ),
}
"""By top-level member; of `resource_config` only the keep-alive period is live. Tags can always be changed."""


@dataclass(frozen=True, slots=True)
class LivePlan:
    """What of a change can be made in place."""

    members: frozenset[str]
    """Top-level members to send with UpdateTrainingJob."""
    postponed: tuple[str, ...]
    """What is only recorded, a sentence each."""


def change_in_place(
    jobs: TrainingJobs, existing: ExistingJob, recorded: Properties, declared: Properties, say: Say
) -> bool:
    """Change the tags and the live members of a job; say what is only recorded.

    False where there is something to change, but another state of a stack has taken the job over.

    Args:
        jobs: the jobs of the account and Region.
        existing: the job.
        recorded: what was declared before.
        declared: what is declared now.
        say: how to tell the user.
    """
    before, after = all_tags(recorded), all_tags(declared)
    gone = [key for key in before if key not in after and not is_ignored(key, declared)]
    changed = {key: value for key, value in after.items() if before.get(key) != value}
    plan = live_plan(changes_of(recorded, declared), existing)
    to_change = gone or changed or plan.members
    if to_change and is_of_another_state(jobs.tags(existing.arn), recorded.state, declared.state):
        say(f"job {existing.name} belongs to another state of a stack now; it is only recorded", warning=True)
        return False
    if gone:
        jobs.delete_tags(existing.arn, gone)
    if changed:
        jobs.add_tags(existing.arn, changed)
    if plan.members:
        jobs.update(existing.name, update_request(plan, wire_form(declared.members)))
    for sentence in plan.postponed:
        say(sentence)
    return True


def live_plan(changes: Iterable[Change], job: ExistingJob) -> LivePlan:
    """Which live changes the job's status allows now."""
    now: set[str] = set()
    postponed: dict[str, None] = {}
    for change in changes:
        window = WINDOWS.get(change.member)
        if change.effect is not Effect.LIVE or window is None:
            continue
        if not window.open(job):
            why = f"{change.path} can be changed in place only {window.sentence}; the job is {job.status}"
            postponed[f"{why}. It is recorded and applies to the next run"] = None
        elif change.member == "profiler_rule_configurations" and change.new is None:
            rule = change.path.partition(".")[0]
            postponed[f"{rule} cannot be removed from the present job; the removal applies to the next run"] = None
        else:
            now.add(change.member)
    return LivePlan(frozenset(now), tuple(postponed))


def update_request(plan: LivePlan, wire: Mapping[str, Any]) -> dict[str, Any]:
    """The members of UpdateTrainingJob, out of the wire form of the declaration."""
    request: dict[str, Any] = {}
    if "profiler_config" in plan.members:
        request["ProfilerConfig"] = wire.get("ProfilerConfig", {"DisableProfiler": True})
    if "profiler_rule_configurations" in plan.members:
        request["ProfilerRuleConfigurations"] = wire["ProfilerRuleConfigurations"]
    if "remote_debug_config" in plan.members:
        request["RemoteDebugConfig"] = wire.get("RemoteDebugConfig", {"EnableRemoteDebug": False})
    if "resource_config" in plan.members:
        period = wire.get("ResourceConfig", {}).get("KeepAlivePeriodInSeconds", 0)
        request["ResourceConfig"] = {"KeepAlivePeriodInSeconds": period}
    return request


def unseen(declared: Mapping[str, Any], job: ExistingJob) -> bool:
    """Whether a declared member that can be changed now is missing in the answer: Search omits some of them."""
    return any(
        window.open(job) and member in declared and member not in job.members for member, window in WINDOWS.items()
    )


def drifted(declared: Mapping[str, Any], job: ExistingJob) -> dict[str, Any]:
    """The declared live members that somebody changed on the job, as they are there.

    Only while they can be changed: otherwise what is declared may only be recorded for the next run, and could not be
    restored. A member that is missing in the answer is no drift: see `unseen`.
    """
    return {
        member: {**declared[member], **changed}
        for member, window in WINDOWS.items()
        if window.open(job) and isinstance(declared.get(member), dict) and member in job.members
        if (changed := _changed(member, declared[member], job.members[member]))
    }


def _changed(member: str, declared: Mapping[str, Any], live: Mapping[str, Any]) -> dict[str, Any]:
    paths = {key: f"{member}.{key}" for key in declared if effect_of(f"{member}.{key}") is Effect.LIVE}
    there = {key: live.get(key, DEFAULTS[path].value if path in DEFAULTS else None) for key, path in paths.items()}
    return {key: value for key, value in there.items() if value is not None and value != declared[key]}
