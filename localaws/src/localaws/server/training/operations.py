"""Handles the SageMaker operations on training jobs; the table at the end lists them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from localaws.server import peers
from localaws.server.errors import in_use, not_found, validation
from localaws.server.fault_kinds import ASSUMING, CREATING, DELETING, RECLAIMING, STOPPING
from localaws.server.training import places, preconditions, rules
from localaws.server.training.builtin_metrics import with_builtin_metrics
from localaws.server.training.description import describe, search_record, tag_list
from localaws.server.training.job import Job
from localaws.server.training.listing import listed
from localaws.server.training.plan_changes import interrupted, stopped
from localaws.server.training.planning import dictated, plan
from localaws.server.training.search import searched
from localaws.server.training.timeline import ENDS, PRIMARY
from localaws.server.training.updates import update
from sagemaker_constructs.addresses.arns import parse_arn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from localaws.server.calls import Call
    from localaws.server.faults import Faults
    from localaws.server.settings import Settings
    from localaws.server.training.jobs import Jobs
    from localaws.server.training.timeline import Plan

Request = dict[str, Any]
Response = dict[str, Any]

MOST_TAGS = 50


@dataclass(frozen=True)
class TrainingJobs:
    """The state that the operations work on."""

    settings: Settings
    faults: Faults
    jobs: Jobs

    def find(self, call: Call, request: Request) -> Job:
        """The job that a request names.

        Raises:
            ServiceError: ValidationException "Requested resource not found."
        """
        return self.jobs.find(call.account, call.region, request["TrainingJobName"])

    def tagged(self, call: Call, request: Request) -> Job:
        """The job whose ARN a request names.

        Raises:
            ServiceError: ValidationException "Requested resource not found."
        """
        arn = parse_arn(request["ResourceArn"])
        job = self.jobs.find(call.account, call.region, arn.resource_name) if arn else None
        if job is None or job.arn != request["ResourceArn"]:
            raise not_found()
        return job


def create(service: TrainingJobs, call: Call, request: Request) -> Response:
    """CreateTrainingJob."""
    rules.check(request, (*rules.RULES, *rules.TAG_RULES))
    tags = {tag["Key"]: tag["Value"] for tag in request.pop("Tags", [])}
    created = time.time()
    completed = with_builtin_metrics(request, call.account)
    job = Job(call.account, call.region, completed, created, tags=tags, modified=created)
    propagation = [fault.parameters.seconds for fault in service.faults.take(call.name, job.name, ASSUMING)]
    places.check(job)
    preconditions.check(job, max(propagation, default=0.0))

    def planned(warm: bool) -> Plan:
        faults = service.faults.take(call.name, job.name, CREATING)
        job.simulated = service.jobs.containers.unable(job) or dictated(job, faults) or foreign(call) or ""
        return plan(job, service.settings, faults, warm)

    service.jobs.add(job, planned)
    return {"TrainingJobArn": job.arn}


def foreign(call: Call) -> str | None:
    """Why a job that could run does not: its code would run as the user of this server, whoever sent it."""
    return "another user of this machine has created it" if peers.is_foreign(*call.ports) else None


def describe_one(service: TrainingJobs, call: Call, request: Request) -> Response:
    """DescribeTrainingJob. A fault may reclaim the instances of a job whose container runs."""
    job = service.find(call, request)
    if reclaimable(job, time.time()) and service.faults.take(call.name, job.name, RECLAIMING):
        service.jobs.change(job, interrupted)
    return describe(job, time.time())


def reclaimable(job: Job, now: float) -> bool:
    """Whether a job's container runs, as far as its status tells."""
    return job.plan.run is not None and job.secondary(now) == "Training"


def stop(service: TrainingJobs, call: Call, request: Request) -> Response:
    """StopTrainingJob: refused for a job that has ended, without effect for one that is stopping."""
    job = service.find(call, request)
    now = time.time()
    with service.jobs.lock:
        status = "Deleting" if job.deleting else PRIMARY.get(job.plan.entered(now)[-1].status, "InProgress")
        if status not in {"InProgress", "Stopping"}:
            raise validation(f"The request was rejected because the training job is in status {status}")
        if status == "InProgress":
            lasting = service.faults.take(call.name, job.name, STOPPING)
            grace = max((fault.parameters.seconds for fault in lasting), default=service.settings.stop_seconds)
            service.jobs.replan(job, stopped(job.plan, now, grace))
    return {}


def delete(service: TrainingJobs, call: Call, request: Request) -> Response:
    """DeleteTrainingJob: only for an ended job without a warm pool."""
    job = service.find(call, request)
    now = time.time()
    with service.jobs.lock:
        status = job.status(now)
        if job.deleting or job.secondary(now) not in ENDS:
            raise in_use(f"The request was rejected because the training job is in status {status}")
        if job.pool and job.pool.status(now) == "Available":
            raise in_use("The request was rejected because the warm pool of the training job is in status Available")
        job.deleting = True
    lasting = service.faults.take(call.name, job.name, DELETING)
    if lasting:
        service.jobs.remove_at(job, now + max(fault.parameters.seconds for fault in lasting))
    else:
        service.jobs.remove(job)
    return {}


def update_one(service: TrainingJobs, call: Call, request: Request) -> Response:
    """UpdateTrainingJob."""
    job = service.find(call, request)
    with service.jobs.lock:
        now = time.time()
        if update(job, request, now):
            service.jobs.release(job)
        job.modified = now
    return {"TrainingJobArn": job.arn}


def list_jobs(service: TrainingJobs, call: Call, request: Request) -> Response:
    """ListTrainingJobs."""
    return listed(service.jobs.within(call.account, call.region), request, time.time())


def search(service: TrainingJobs, call: Call, request: Request) -> Response:
    """Search, for training jobs."""
    now = time.time()
    return searched([search_record(job, now) for job in service.jobs.within(call.account, call.region)], request)


def add_tags(service: TrainingJobs, call: Call, request: Request) -> Response:
    """AddTags on a training job: adds or overwrites."""
    job = service.tagged(call, request)
    rules.check(request, rules.TAG_RULES)
    with service.jobs.lock:
        tags = job.tags | {tag["Key"]: tag["Value"] for tag in request["Tags"]}
        if len(tags) > MOST_TAGS:
            raise validation(f"A resource can not have more than {MOST_TAGS} tags.")
        job.tags = tags
    return {"Tags": tag_list(tags)}


def list_tags(service: TrainingJobs, call: Call, request: Request) -> Response:
    """ListTags, of a training job."""
    return {"Tags": tag_list(service.tagged(call, request).tags)}


def delete_tags(service: TrainingJobs, call: Call, request: Request) -> Response:
    """DeleteTags on a training job; a missing key is not an error."""
    job = service.tagged(call, request)
    with service.jobs.lock:
        job.tags = {key: value for key, value in job.tags.items() if key not in request["TagKeys"]}
    return {}


def always(_request: Request) -> bool:
    """The operation is on training jobs only."""
    return True


def of_training_jobs(request: Request) -> bool:
    """The search is for training jobs."""
    return request["Resource"] == "TrainingJob"


def on_training_job(request: Request) -> bool:
    """The ARN is a training job's.

    Raises:
        ServiceError: ValidationException, where it is no ARN.
    """
    arn = parse_arn(request["ResourceArn"])
    if arn is None:
        raise validation(f"Invalid ARN: {request['ResourceArn']}")
    return arn.resource.startswith("training-job/")


@dataclass(frozen=True)
class Operation:
    """How an operation is handled, and which of its requests concern training jobs; moto handles the others."""

    handle: Callable[[TrainingJobs, Call, Request], Response]
    ours: Callable[[Request], bool] = always


OPERATIONS: Mapping[str, Operation] = {
    "CreateTrainingJob": Operation(create),
    "DescribeTrainingJob": Operation(describe_one),
    "StopTrainingJob": Operation(stop),
    "DeleteTrainingJob": Operation(delete),
    "UpdateTrainingJob": Operation(update_one),
    "ListTrainingJobs": Operation(list_jobs),
    "Search": Operation(search, of_training_jobs),
    "AddTags": Operation(add_tags, on_training_job),
    "ListTags": Operation(list_tags, on_training_job),
    "DeleteTags": Operation(delete_tags, on_training_job),
}
