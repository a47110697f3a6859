"""Describes a job as DescribeTrainingJob, ListTrainingJobs and Search do. Pure: the time is an argument."""

from __future__ import annotations

from copy import deepcopy
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from localaws.server.training.timeline import ENDS, MESSAGES, began, ended

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from localaws.server.training.job import Job
    from localaws.server.training.timeline import Phase

UNSEEN = frozenset({"Tags", "SessionChainingConfig"})
"""Members of the request that AWS does not return."""

DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "AlgorithmSpecification": {"EnableSageMakerMetricsTimeSeries": False},
    "OutputDataConfig": {"KmsKeyId": "", "CompressionType": "GZIP"},
    "ResourceConfig": {},
    "StoppingCondition": {"MaxRuntimeInSeconds": 86_400},
}
"""Defaults that the service adds to structures."""

SWITCHES = ("EnableNetworkIsolation", "EnableInterContainerTrafficEncryption", "EnableManagedSpotTraining")
CHANNEL_DEFAULTS: Mapping[str, Any] = {"CompressionType": "None", "RecordWrapperType": "None"}

RULE_STATUSES = (
    ("DebugRuleConfigurations", "DebugRuleEvaluationStatuses"),
    ("ProfilerRuleConfigurations", "ProfilerRuleEvaluationStatuses"),
)
"""Each list of rules in the request, and that of their statuses in the answer."""

SPOT_BILLED = 0.3
"""The part of a Spot job's training time that this server bills."""


def describe(job: Job, now: float) -> dict[str, Any]:
    """Every member that was sent, and what the service adds."""
    phases = job.phases(now)
    return {
        **sent(job.request),
        "TrainingJobArn": job.arn,
        "TrainingJobStatus": job.status(now),
        "SecondaryStatus": phases[-1].status,
        "CreationTime": job.created,
        "LastModifiedTime": max(job.modified, phases[-1].start),
        "SecondaryStatusTransitions": transitions(job, phases),
        "ProfilingStatus": "Enabled" if profiled(job.request) else "Disabled",
        **times(job, phases),
        **results(job, phases),
        **instances(job, phases),
        **warm_pool(job, phases, now),
        **evaluations(job, phases),
    }


def sent(request: Mapping[str, Any]) -> dict[str, Any]:
    """The request with the defaults filled in."""
    shown = {name: deepcopy(value) for name, value in request.items() if name not in UNSEEN}
    for name, defaults in DEFAULTS.items():
        if name in shown or name == "StoppingCondition":
            shown[name] = {**defaults, **shown.get(name, {})}
    if "InputDataConfig" in shown:
        shown["InputDataConfig"] = [{**CHANNEL_DEFAULTS, **channel} for channel in shown["InputDataConfig"]]
    for name, _ in RULE_STATUSES:
        for rule in shown.get(name, []):
            rule.setdefault("VolumeSizeInGB", 0)
    if "InstanceType" in shown.get("ResourceConfig", {}):
        shown["ResourceConfig"].setdefault("InstanceCount", 1)
    return dict.fromkeys(SWITCHES, False) | shown


def profiled(request: Mapping[str, Any]) -> bool:
    """Whether the profiler is on for the job."""
    return "ProfilerConfig" in request and not request["ProfilerConfig"].get("DisableProfiler", False)


def transitions(job: Job, phases: Sequence[Phase]) -> list[dict[str, Any]]:
    """SecondaryStatusTransitions: each phase ends when the next begins; an end ends at once."""
    entries: list[dict[str, Any]] = []
    for phase, following in zip(phases, [*phases[1:], None], strict=True):
        entry: dict[str, Any] = {"Status": phase.status, "StartTime": phase.start}
        entry["StatusMessage"] = status_message(job, phase, phases)
        if following is not None:
            entry["EndTime"] = following.start
        elif phase.status in ENDS:
            entry["EndTime"] = phase.start
        entries.append(entry)
    return entries


def status_message(job: Job, phase: Phase, phases: Sequence[Phase]) -> str:
    """The message of a phase: AWS's, and that a training was simulated, while it is and when it has ended."""
    if job.simulated and phase.status == "Training":
        return f"Training is simulated: {job.simulated}"
    if job.simulated and phase.status in ENDS and any(each.status == "Training" for each in phases):
        return f"{MESSAGES[phase.status]}. Training was simulated: {job.simulated}"
    return MESSAGES[phase.status]


def times(job: Job, phases: Sequence[Phase]) -> dict[str, Any]:
    """Start, end and durations; a job whose instances never ran has none of them."""
    start, end = began(phases), ended(phases)
    if start is None:
        return {}
    if end is None:
        return {"TrainingStartTime": start}
    trained = max(1, round(end - start))
    billed = max(1, round(trained * SPOT_BILLED)) if job.request.get("EnableManagedSpotTraining") else trained
    return {
        "TrainingStartTime": start,
        "TrainingEndTime": end,
        "TrainingTimeInSeconds": trained,
        "BillableTimeInSeconds": billed,
    }


def results(job: Job, phases: Sequence[Phase]) -> dict[str, Any]:
    """The results: metrics so far, artifacts at the end, or the reason of a failure."""
    shown: dict[str, Any] = {}
    if job.metrics:
        shown["FinalMetricDataList"] = [
            {"MetricName": name, "Value": value, "Timestamp": when} for name, (value, when) in job.metrics.items()
        ]
    if phases[-1].status in ENDS and job.artifacts is not None:
        shown["ModelArtifacts"] = {"S3ModelArtifacts": job.artifacts}
    if phases[-1].status == "Failed" and job.plan.failure_reason is not None:
        shown["FailureReason"] = job.plan.failure_reason[:1024]
    return shown


def instances(job: Job, phases: Sequence[Phase]) -> dict[str, Any]:
    """ResourceConfig with the instances that were chosen among the preferred ones, once they run."""
    if began(phases) is None or not job.selected:
        return {}
    return {"ResourceConfig": job.request["ResourceConfig"] | job.selected}


def warm_pool(job: Job, phases: Sequence[Phase], now: float) -> dict[str, Any]:
    """WarmPoolStatus, where the job asked for a pool and its instances have run."""
    if job.pool is not None:
        return {"WarmPoolStatus": job.pool.describe(now)}
    keep = job.request.get("ResourceConfig", {}).get("KeepAlivePeriodInSeconds", 0)
    return {"WarmPoolStatus": {"Status": "InUse"}} if keep and phases[-1].status not in ENDS else {}


def evaluations(job: Job, phases: Sequence[Phase]) -> dict[str, Any]:
    """The status of each debugger and profiler rule: in progress, then without a finding."""
    status = "NoIssuesFound" if phases[-1].status in ENDS else "InProgress"
    return {
        shown: [
            {
                "RuleConfigurationName": rule["RuleConfigurationName"],
                "RuleEvaluationJobArn": job.arn_of("sagemaker", f"processing-job/{evaluation(job, rule)}"),
                "RuleEvaluationStatus": status,
                "LastModifiedTime": phases[-1].start,
            }
            for rule in job.request[configured]
        ]
        for configured, shown in RULE_STATUSES
        if configured in job.request
    }


def evaluation(job: Job, rule: Mapping[str, Any]) -> str:
    """The name of the processing job that evaluates a rule: parts of both names, and a digest of the whole."""
    name: str = rule["RuleConfigurationName"]
    digest = sha256(f"{job.arn} {name}".encode()).hexdigest()[:8]
    return f"{job.name[:26]}-{name.lower()[:26]}-{digest}"


SUMMARY = (
    "TrainingJobName",
    "TrainingJobArn",
    "CreationTime",
    "TrainingEndTime",
    "LastModifiedTime",
    "TrainingJobStatus",
    "SecondaryStatus",
    "WarmPoolStatus",
)


def summary(job: Job, now: float) -> dict[str, Any]:
    """A job as ListTrainingJobs shows it."""
    described = describe(job, now)
    plan = job.request.get("ResourceConfig", {}).get("TrainingPlanArn")
    return {name: described[name] for name in SUMMARY if name in described} | (
        {"TrainingPlanArn": plan} if plan else {}
    )


def tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Tags as the API lists them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def search_record(job: Job, now: float) -> dict[str, Any]:
    """A job as Search shows it: a description with its tags."""
    return describe(job, now) | {"Tags": tag_list(job.tags)}
