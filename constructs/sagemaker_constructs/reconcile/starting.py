"""Starts the job for a declaration, or finds it: where its name is taken, what fits is reused or adopted.

Input: the declared properties and the jobs of the service, where a name belongs to one job. Output: a `Run`. Never
raises once a job was started.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sagemaker_constructs.aws.answers import ExistingJob
from sagemaker_constructs.aws.errors import ReconcileError, ServiceError
from sagemaker_constructs.reconcile import planning
from sagemaker_constructs.reconcile.decisions import Adopt, Refuse
from sagemaker_constructs.reconcile.fitting import conflict, decision_on, names_for, with_secrets_in_its_name
from sagemaker_constructs.reconcile.job_tags import claims, new_claim
from sagemaker_constructs.reconcile.presence import LOOKS, found_within, stop_command, was_just_created
from sagemaker_constructs.reconcile.taking import Run, take

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sagemaker_constructs.aws.protocols import Say, TrainingJobs
    from sagemaker_constructs.reconcile.bag import Properties

ROLE_PATIENCE = 120.0
"""Seconds for which SageMaker may reject a role that IAM created a moment ago."""
NEW_ROLE = 600.0
"""Age of a role, in seconds, up to which it may be that of this very update."""
NO_ROLE_PATIENCE = 15.0
"""Seconds for which IAM itself may not know a role that exists (seldom, so mostly the ARN is wrong), or for which the
caller may not ask."""
ROLE_PAUSE = 3.0
"""Seconds between tries meanwhile."""


def start_or_adopt(
    jobs: TrainingJobs,
    declared: Properties,
    contents: Mapping[str, str],
    say: Say,
    *,
    is_taken: Callable[[str], bool] = lambda _: False,
    require_approval: Callable[[str], None] = lambda _: None,
) -> Run:
    """The job for `declared`, started where there was none. Returns as soon as it exists.

    CreateTrainingJob itself tells whether a name is taken, so a job is looked up only where AWS refuses to start it.

    Args:
        jobs: the jobs of the account and Region.
        declared: the checked properties.
        contents: digests of what lies behind the declared addresses, where that counts.
        say: how to tell the user.
        is_taken: whether a job of this name may be known to exist, so that it is looked up before it is tried.
        require_approval: raises ReconcileError where the job of a name may not be started; called right before that.

    Raises:
        JobConflictError: the name was given by hand and belongs to a job that differs.
        ServiceError: AWS refused.
    """
    claim = new_claim(declared.declared_as)
    if earlier := with_secrets_in_its_name(jobs, declared, contents):
        return take(jobs, earlier.existing, declared, tags=earlier.tags, claim=claim, say=say)
    for name in names_for(declared):
        existing = jobs.describe(name) if is_taken(name) else None
        if existing is None:
            require_approval(name)
            request = planning.request(declared, name, claim=claim, contents=contents)
            started = _start(jobs, request, declared, say)
            if isinstance(started, str):
                return Run(ExistingJob.just_started(request, started), adopted=False, claim=claim)
            existing, tags = started
            if claim in claims(tags):
                say(f"job {name} was started, although the answer to CreateTrainingJob was lost")
                return Run(existing, adopted=False, claim=claim)
        else:
            tags = _tags(jobs, existing, declared)
        decision = decision_on(existing, tags, declared, contents)
        if isinstance(decision, Adopt):
            return take(jobs, existing, declared, tags=tags, claim=claim, say=say)
        if isinstance(decision, Refuse):
            raise conflict(existing, declared, decision)
        say(f"job {name} cannot be reused ({decision.reason}); trying the next name")
    raise ReconcileError(
        f"every name from {declared.training_job_name!r} to its suffix -99 is taken by a job that cannot be reused: "
        "give the resource another name_prefix"
    )


def _start(
    jobs: TrainingJobs, request: Mapping[str, object], declared: Properties, say: Say
) -> str | tuple[ExistingJob, dict[str, str]]:
    """The ARN of the job that was started, or the job that has the name, with its tags: perhaps by a lost answer.

    Whatever the reason of a refusal, the job that has the name may be what is wanted.

    Raises:
        ServiceError: AWS refused to start the job.
        ReconcileError: it is not known whether the job was started.
    """
    name = str(request["TrainingJobName"])
    deadline: float | None = None
    while True:
        try:
            return jobs.create(request)
        except ServiceError as error:
            refusal = error
        if deadline is None or refusal.name_taken or refusal.unanswered or refusal.retried:
            taken = _under_its_name(jobs, name, refusal, declared)
            if taken is not None:
                return taken
        now = time.monotonic()
        if deadline is None:
            patience = _patience(jobs, request, refusal)
            deadline = now + patience
            if patience:
                say(f"SageMaker rejects the role, which may be too new; retrying for up to {patience:.0f} seconds")
        if not refusal.role_not_ready or now >= deadline:
            raise refusal
        time.sleep(ROLE_PAUSE)


def _under_its_name(
    jobs: TrainingJobs, name: str, refusal: ServiceError, declared: Properties
) -> tuple[ExistingJob, dict[str, str]] | None:
    """The job that has the name which AWS refused, with its tags; None where there is none.

    Raises:
        ServiceError: the job of another update cannot be read.
        ReconcileError: it is not known whether this one was started.
    """
    may_be_ours = refusal.unanswered or refusal.retried  # of several attempts the first may have started it
    may_exist = refusal.name_taken or refusal.unanswered
    of_others = refusal.name_taken and not may_be_ours
    looks = LOOKS if may_exist else 1
    taken = found_within(jobs, lambda: jobs.describe(name) if of_others else _described(jobs, name), looks)
    if taken is not None:
        try:
            return taken, _tags(jobs, taken, declared, has_some=may_be_ours)
        except ServiceError as error:
            raise (_unresolved(error, name, declared.region) if may_be_ours else error) from None
    if may_exist:
        raise _unresolved(refusal, name, declared.region)
    return None


def _described(jobs: TrainingJobs, name: str) -> ExistingJob | None:
    """The job, if the service finds it: one that has lost an answer may lose the next, too."""
    try:
        return jobs.describe(name)
    except ServiceError:
        return None


def _tags(jobs: TrainingJobs, existing: ExistingJob, declared: Properties, *, has_some: bool = False) -> dict[str, str]:
    """The job's tags; ListTags may lag behind CreateTrainingJob, and without tags the job would be somebody else's.

    A planned name is nobody's but this library's, which gives each job tags.
    """
    lags = has_some or not declared.named_by_hand or was_just_created(existing)
    return found_within(jobs, lambda: jobs.tags(existing.arn) or None, LOOKS if lags else 1) or {}


def _unresolved(error: ServiceError, name: str, region: str) -> ReconcileError:
    return ReconcileError(
        f"{error} Whether this update has started job {name} is not known. The next `up` looks for it again; without "
        f"one, this command stops it: {stop_command(name, region)}"
    )


def _patience(jobs: TrainingJobs, request: Mapping[str, object], refusal: ServiceError) -> float:
    """Seconds for which a refusal may pass by itself: only while the role is new.

    Raises:
        ReconcileError: the role has another ARN.
    """
    if not refusal.role_not_ready:
        return 0.0
    arn = str(request["RoleArn"])
    try:
        role = jobs.role(arn)
    except ServiceError as error:
        if not error.no_access:
            raise
        return NO_ROLE_PATIENCE
    if role is None:
        return NO_ROLE_PATIENCE
    if role.arn != arn:
        raise ReconcileError(f"{refusal} The role of this name is {role.arn}.")
    return ROLE_PATIENCE if role.age <= NEW_ROLE else 0.0
