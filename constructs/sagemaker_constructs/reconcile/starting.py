"""From a declaration to a job: look before starting, adopt what fits, start only where nothing does.

Input: the declared properties and the jobs that exist. Output: a `Run`. It never raises once a job was started.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sagemaker_constructs.reconcile import properties
from sagemaker_constructs.reconcile.decisions import Adopt, Refuse, on_existing
from sagemaker_constructs.reconcile.errors import JobConflictError, ReconcileError, ServiceError
from sagemaker_constructs.reconcile.fingerprint import candidate_names
from sagemaker_constructs.reconcile.tags import CLAIM_TAG, CONTENT_TAGS, FINGERPRINT_TAG, OWNER_TAG, share_tag

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sagemaker_constructs.reconcile.jobs import Say, TrainingJobs
    from sagemaker_constructs.reconcile.observed import ExistingJob
    from sagemaker_constructs.reconcile.properties import Properties
    from sagemaker_constructs.reconcile.settings import AwsSettings

ROLE_PATIENCE = 120.0
"""Seconds for which a refused role may be one that IAM created a moment ago."""
ROLE_PAUSE = 3.0
"""Seconds between tries meanwhile."""


@dataclass(frozen=True, slots=True)
class Run:
    """The job that serves a declaration."""

    job: ExistingJob
    adopted: bool
    """Whether another stack owns it."""
    claim: str | None
    """What the job's claim says from now on; None where another stack owns it."""


def start_or_adopt(
    jobs: TrainingJobs, declared: Properties, contents: Mapping[str, str], settings: AwsSettings, say: Say
) -> Run:
    """The job for `declared`, started where there was none. Returns as soon as it exists.

    Args:
        jobs: the jobs of the account and Region.
        declared: the checked properties.
        contents: digests of what lies behind the declared addresses, where that counts.
        settings: the stack's AWS settings, for default tags.
        say: how to tell the user.

    Raises:
        JobConflictError: the name was given by hand and belongs to a job that differs.
        ServiceError: AWS refused.
    """
    by_hand, claim = declared.named_by_hand, uuid.uuid4().hex[:12]
    names = [declared.training_job_name] if by_hand else candidate_names(declared.training_job_name)
    for name in names:
        existing = jobs.describe(name)
        if existing is None:
            request = properties.request(declared, name, claim=claim, contents=contents, settings=settings)
            started = _start(jobs, request, say)
            if isinstance(started, str):
                return Run(properties.just_started(declared, name, started), adopted=False, claim=claim)
            existing = started
        tags = jobs.tags(existing.arn)
        decision = on_existing(
            existing,
            declared.members,
            by_hand=by_hand,
            strict=declared.strict,
            same_fingerprint=tags.get(FINGERPRINT_TAG) == declared.fingerprint,
            other_contents=_others(contents, tags),
        )
        if isinstance(decision, Adopt):
            if _adopted(existing, tags, declared, say):
                _share(jobs, existing, declared, say)
                return Run(existing, adopted=True, claim=None)
            if tags.get(CLAIM_TAG) != claim:
                jobs.add_tags(existing.arn, {CLAIM_TAG: claim})
            return Run(existing, adopted=False, claim=claim)
        if isinstance(decision, Refuse):
            raise _conflict(existing, declared, decision)
        say(f"job {name} is {existing.status} and cannot serve ({decision.reason}); looking at the next name")
    raise ReconcileError(f"every name from {declared.training_job_name!r} to its suffix -99 is used up")


def _start(jobs: TrainingJobs, request: Mapping[str, object], say: Say) -> str | ExistingJob:
    """The ARN of the job that was started, or the job that took the name meanwhile: perhaps by our own lost call."""
    deadline = time.monotonic() + ROLE_PATIENCE
    while True:
        try:
            return jobs.create(request)
        except ServiceError as error:
            refusal = error
        looks = refusal.name_taken or refusal.unanswered
        if looks and (taken := jobs.describe(str(request["TrainingJobName"]))) is not None:
            return taken
        if not refusal.role_not_ready or time.monotonic() > deadline:
            raise refusal
        say("the execution role is not ready everywhere yet; trying again", ephemeral=True)
        time.sleep(ROLE_PAUSE)


def _adopted(existing: ExistingJob, tags: Mapping[str, str], declared: Properties, say: Say) -> bool:
    owner = tags.get(OWNER_TAG)
    if owner == declared.owner:
        say(f"job {existing.name} has this configuration and is {existing.status}: taken up again, nothing started")
        return False
    say(
        f"job {existing.name} of {owner or 'somebody else'} has this configuration and is {existing.status}: "
        "adopted, nothing started; it is never stopped or deleted from here"
    )
    return True


def _share(jobs: TrainingJobs, existing: ExistingJob, declared: Properties, say: Say) -> None:
    """Tell the stack that owns the job that it is not alone with it."""
    try:
        jobs.add_tags(existing.arn, share_tag(declared.owner))
    except ServiceError as error:
        if not error.no_access:
            raise
        say(f"job {existing.name} cannot be tagged, so the stack that owns it may stop or delete it: {error}")


def _others(contents: Mapping[str, str], tags: Mapping[str, str]) -> tuple[str, ...]:
    """The kinds of contents for which the job says that it had other ones."""
    return tuple(kind for kind, digest in contents.items() if tags.get(CONTENT_TAGS[kind]) != digest)


def _conflict(existing: ExistingJob, declared: Properties, refuse: Refuse) -> JobConflictError:
    lines = [f"training_job_name {existing.name!r} is taken by a job that cannot serve: {refuse.reason}"]
    lines += [
        f"  - {c.path}: declared {declared.shown(c.plain, c.new)}, exists {declared.shown(c.plain, c.old)}"
        for c in refuse.differences
    ]
    lines.append("Give another training_job_name, or leave it out to have one planned.")
    return JobConflictError("\n".join(lines))
