"""Builds the outputs of a result, or the failure report.

Input: a job that ended. Output: values that the engine can store, or one screen of text with the job, AWS's reason,
what to do, the last lines of the log, and the addresses in the AWS console.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sagemaker_constructs.api.masking import masked
from sagemaker_constructs.aws.answers import LOG_GROUP, ExistingJob
from sagemaker_constructs.results.console import console_address, log_address
from sagemaker_constructs.results.endings import POLICY_OF, WORDS, Ending, ended_by
from sagemaker_constructs.results.failures import failure_of
from sagemaker_constructs.results.status_message import status_remark

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

LAST_LINES = 10
"""Lines of the log in a failure report."""
_LONGEST_LINE = 200


def outputs(job: ExistingJob, attempts: Sequence[ExistingJob], secrets: Iterable[str]) -> dict[str, Any]:
    """The outputs of a result. Where AWS gives none, a text is empty and a number 0: the engine keeps no null.

    `spot_saving_percent` is (1 - billable / training seconds) x 100, as in the console; `instance_seconds` are the
    billable seconds of all machines together.
    """
    trained, billed = job.training_seconds or 0, job.billable_seconds or 0
    ending = ended_by(job)
    return {
        "attempts": [_attempt(each, secrets) for each in attempts],
        "console_address": console_address(job.arn),
        "log_address": log_address(job.arn),
        "training_job_arn": job.arn,
        "training_job_status": job.status,
        "secondary_status": job.secondary_status,
        "ended_by": ending.value if ending else "",
        "failure_reason": job.masked_reason(secrets),
        "model_artifacts": job.model_artifacts or "",
        "final_metrics": job.metrics,
        "training_seconds": trained,
        "billable_seconds": billed,
        "instance_seconds": billed * job.instance_count,
        "spot_saving_percent": round((1 - billed / trained) * 100, 1) if trained else 0.0,
        "start_time": _text(job.started),
        "end_time": _text(job.finished),
        "transitions": [_transition(each, secrets) for each in job.transitions],
    }


def failure_report(
    job: ExistingJob, ending: Ending, lines: Sequence[str], secrets: Iterable[str], earlier: Sequence[ExistingJob] = ()
) -> str:
    """Why there is no result, on one screen.

    Args:
        job: the job.
        ending: how it ended.
        lines: the last lines of its log, or one that tells why there are none.
        secrets: the job's own secrets, which are masked.
        earlier: the runs that were made before it for the same result.
    """
    failure = failure_of(job.failure_reason or "")
    failed = ending is Ending.FAILED
    text = [f"training job {job.name} {WORDS[ending]}" + (f" ({failure.kind})" if failed else "")]
    if job.failure_reason:
        text.append(f"  AWS says: {job.masked_reason(secrets)}")
    if remark := status_remark(job):
        text.append(f"  Status message: {masked(remark, secrets)}")
    text.append(f"  What to do: {failure.advice if failed else masked(_stopped_advice(job, ending), secrets)}")
    for tried in (_attempt(each, secrets) for each in earlier):
        machines = f"{tried['instance_count']} x {tried['instance_type'] or 'several types'}"
        why = tried["failure_reason"] or tried["secondary_status"]
        text.append(f"  Earlier run: {tried['training_job_name']} on {machines}: {why}")
    if lines:
        text.append(f"  Last lines of {LOG_GROUP} {job.name}:")
        shown = masked("\n".join(lines[-LAST_LINES:]), secrets).split("\n")  # at once: a key has several lines
        text += [f"    {line[:_LONGEST_LINE]}" for line in shown]
    text.append(f"  Job: {console_address(job.arn)}")
    text.append(f"  Log: {log_address(job.arn)}")
    return "\n".join(text)


def _stopped_advice(job: ExistingJob, ending: Ending) -> str:
    limits = {
        Ending.STOPPED: "Run `up` again to start a new run.",
        Ending.MAX_RUNTIME_EXCEEDED: "Raise max_runtime_in_seconds, or use larger machines.",
        Ending.MAX_WAIT_TIME_EXCEEDED: "Raise max_wait_time_in_seconds, declare fallbacks=…, or do not use spot.",
    }
    model = f" Its model so far is at {job.model_artifacts}." if job.model_artifacts else ""
    return f"{limits[ending]} {POLICY_OF[ending]}='accept' accepts it as it is.{model}"


def _attempt(job: ExistingJob, secrets: Iterable[str]) -> dict[str, Any]:
    return {
        "training_job_name": job.name,
        "training_job_status": job.status,
        "secondary_status": job.secondary_status,
        "instance_type": job.instance_type,
        "instance_count": job.instance_count,
        "failure_reason": job.masked_reason(secrets),
    }


def _transition(transition: Mapping[str, Any], secrets: Iterable[str]) -> dict[str, str]:
    return {
        "status": transition["Status"],
        "start_time": _text(transition.get("StartTime")),
        "end_time": _text(transition.get("EndTime")),
        "status_message": masked(transition.get("StatusMessage") or "", secrets),
    }


def _text(moment: datetime | None) -> str:
    """ISO 8601 in UTC: the time zone of this machine has nothing to do with the job."""
    return "" if moment is None else moment.astimezone(UTC).isoformat(timespec="seconds")
