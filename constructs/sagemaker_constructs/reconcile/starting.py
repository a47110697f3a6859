"""Starts the job for a declaration, or finds it: where its name is taken, what fits is reused or adopted.

Input: the declared properties and the jobs of the service, where a name belongs to one job. Output: a `Run`. Never
raises once a job was started.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sagemaker_constructs.api.tag_keys import CONTENT_TAGS, FINGERPRINT_TAG, OUR_TAGS, OWNER_TAG, RETAIN_TAG
from sagemaker_constructs.aws.answers import ExistingJob
from sagemaker_constructs.aws.errors import JobConflictError, ReconcileError, ServiceError
from sagemaker_constructs.reconcile import planning
from sagemaker_constructs.reconcile.decisions import Adopt, Refuse, TryNextName, on_existing
from sagemaker_constructs.reconcile.fingerprint import candidate_names
from sagemaker_constructs.reconcile.job_tags import (
    all_tags,
    claim_tag,
    claims,
    is_crowded,
    is_ignored,
    may_be_taken,
    new_claim,
    share_tag,
)
from sagemaker_constructs.reconcile.presence import LOOKS, found_within, stop_command, was_just_created
from sagemaker_constructs.reconcile.shown_changes import lines_of_differences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sagemaker_constructs.aws.protocols import ExistingJobs, Say, TrainingJobs
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


@dataclass(frozen=True, slots=True)
class Run:
    """The job for a declaration."""

    job: ExistingJob
    adopted: bool
    """Whether another stack owns it."""
    claim: str | None
    """What the job's claim tag says from now on; None where another stack owns it."""


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
    if earlier := _with_secrets_in_its_name(jobs, declared, contents):
        return _take(jobs, earlier.existing, declared, tags=earlier.tags, claim=claim, say=say)
    for name in _names(declared):
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
        decision = _decision(existing, tags, declared, contents)
        if isinstance(decision, Adopt):
            return _take(jobs, existing, declared, tags=tags, claim=claim, say=say)
        if isinstance(decision, Refuse):
            raise _conflict(existing, declared, decision)
        say(f"job {name} cannot be reused ({decision.reason}); trying the next name")
    raise ReconcileError(
        f"every name from {declared.training_job_name!r} to its suffix -99 is taken by a job that cannot be reused: "
        "give the resource another name_prefix"
    )


def look_ahead(
    jobs: ExistingJobs, declared: Properties, contents: Mapping[str, str]
) -> tuple[str, ExistingJob | None] | None:
    """The name that `start_or_adopt` will come to, and the job of this stack that has it. None where it is refused."""
    ahead = _ahead(jobs, declared, contents)
    if ahead is None or ahead.refusal:
        return None
    own = ahead.existing and _may_take(ahead.existing, ahead.tags, declared)
    return ahead.name, ahead.existing if own else None


def job_of_others(jobs: ExistingJobs, declared: Properties) -> tuple[str, bool] | None:
    """What `start_or_adopt` will say of a job that another stack owns, and whether it adopts it; None without one."""
    ahead = _ahead(jobs, declared, {})
    if ahead is None or ahead.existing is None or _may_take(ahead.existing, ahead.tags, declared):
        return None
    if ahead.refusal:
        return str(_conflict(ahead.existing, declared, ahead.refusal)), False
    return _adopted(ahead.existing, ahead.tags, declared), True


def outlook(jobs: ExistingJobs, declared: Properties, contents: Mapping[str, str]) -> tuple[str | None, str, bool]:
    """The name that `start_or_adopt` will come to, what is to be said of the job that has it, and whether it fits.

    No sentence where the name is free; no name where every name is taken.
    """
    ahead = _ahead(jobs, declared, contents)
    if ahead is None:
        return None, f"every name from {declared.training_job_name!r} to its suffix -99 is taken", False
    if ahead.existing is None:
        return ahead.name, "", False
    if ahead.refusal:
        return ahead.name, str(_conflict(ahead.existing, declared, ahead.refusal)), False
    if _may_take(ahead.existing, ahead.tags, declared):
        return ahead.name, _fits(ahead.existing), True
    return ahead.name, _fits(ahead.existing, _owner(ahead.tags, declared)), True


def name_of_another_run(jobs: ExistingJobs, declared: Properties, present: str | None) -> str | None:
    """The name of another run beside the present one, although that could be reused.

    A run of this stack that is still in progress is the one that an earlier update, which was killed, has started.
    """
    for name in _names(declared):
        existing = None if name == present else jobs.describe(name)
        free = name != present and existing is None
        if free or (existing and existing.running and _may_take(existing, jobs.tags(existing.arn), declared)):
            return name
    return None


class _Ahead(NamedTuple):
    """The first name that is free, or whose job can be reused or conflicts."""

    name: str
    existing: ExistingJob | None
    """The job that has the name; None where it is free."""
    tags: Mapping[str, str]
    refusal: Refuse | None
    """Why that job conflicts with the declaration, under a name that was given by hand."""


def _ahead(jobs: ExistingJobs, declared: Properties, contents: Mapping[str, str]) -> _Ahead | None:
    """Where `start_or_adopt` will end; None where every name is taken."""
    if earlier := _with_secrets_in_its_name(jobs, declared, contents):
        return _Ahead(earlier.existing.name, earlier.existing, earlier.tags, None)
    for name in _names(declared):
        existing = jobs.describe(name)
        if existing is None:
            return _Ahead(name, None, {}, None)
        tags = jobs.tags(existing.arn)
        decision = _decision(existing, tags, declared, contents)
        if not isinstance(decision, TryNextName):
            return _Ahead(name, existing, tags, decision if isinstance(decision, Refuse) else None)
    return None


class _Reusable(NamedTuple):
    """A job that can be reused, and its tags."""

    existing: ExistingJob
    tags: Mapping[str, str]


def _with_secrets_in_its_name(
    jobs: ExistingJobs, declared: Properties, contents: Mapping[str, str]
) -> _Reusable | None:
    """The job that an earlier version has started for the declaration, under a name that its secrets are part of."""
    name = planning.name_with_secrets(declared)
    existing = jobs.describe(name) if name and name != declared.training_job_name else None
    if existing is None:
        return None
    tags = jobs.tags(existing.arn)
    fits = isinstance(_decision(existing, tags, declared, contents), Adopt)
    return _Reusable(existing, tags) if fits else None


def _names(declared: Properties) -> Iterable[str]:
    if declared.named_by_hand:
        return [declared.training_job_name]
    return candidate_names(declared.training_job_name, declared.fingerprint)


def _decision(
    existing: ExistingJob, tags: Mapping[str, str], declared: Properties, contents: Mapping[str, str]
) -> Adopt | TryNextName | Refuse:
    return on_existing(
        existing,
        declared.members,
        by_hand=declared.named_by_hand,
        strict=declared.options.strict,
        same_fingerprint=tags.get(FINGERPRINT_TAG) == declared.fingerprint,
        other_contents=_others(contents, tags),
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


def _take(
    jobs: TrainingJobs, existing: ExistingJob, declared: Properties, *, tags: Mapping[str, str], claim: str, say: Say
) -> Run:
    """Take a job that fits: as one's own, with the tags that are declared now, or as another stack's, as it is."""
    wanted = all_tags(declared)
    if _may_take(existing, tags, declared) and not is_crowded(tags):
        say(reused(existing))
        # The start of this very call may have been answered too late; then everything is there.
        missing = {key: value for key, value in {**wanted, **claim_tag(claim)}.items() if tags.get(key) != value}
        if missing:
            jobs.add_tags(existing.arn, missing)
        if RETAIN_TAG in tags and RETAIN_TAG not in wanted:
            jobs.delete_tags(existing.arn, [RETAIN_TAG])
        return Run(existing, adopted=False, claim=claim)
    say(_adopted(existing, tags, declared))
    if others := sorted(key for key in wanted if not key.startswith(OUR_TAGS) and tags.get(key) != wanted[key]):
        say(f"job {existing.name} keeps its own tags; the declared tags {', '.join(others)} are not on it")
    if declared.named_by_hand and (undeclared := _undeclared(tags, declared)):
        say(f"job {existing.name} has tags that are not declared, so the next job lacks them: {', '.join(undeclared)}")
    _share(jobs, existing, tags, declared, say)
    return Run(existing, adopted=True, claim=None)


def _undeclared(tags: Mapping[str, str], declared: Properties) -> list[str]:
    """The keys of a job's tags that somebody gave it and that a job of this declaration would not have."""
    wanted = all_tags(declared)
    return sorted(
        key
        for key in tags
        if key not in wanted and not key.startswith((OUR_TAGS, "aws:")) and not is_ignored(key, declared)
    )


def reused(existing: ExistingJob) -> str:
    """What is said of a job of this stack that fits: that it will be reused, and when it is."""
    return f"{_fits(existing)}: it is reused, no job starts"


def _adopted(existing: ExistingJob, tags: Mapping[str, str], declared: Properties) -> str:
    """The same of a job that another stack owns."""
    fits = _fits(existing, _owner(tags, declared))
    return f"{fits}: it is adopted, this stack never stops or deletes it, and no job starts"


def _fits(existing: ExistingJob, owner: str = "") -> str:
    of = f" of {owner}" if owner else ""
    return f"job {existing.name}{of} already has this configuration (status {existing.status})"


def _owner(tags: Mapping[str, str], declared: Properties) -> str:
    owner = tags.get(OWNER_TAG) or "another owner"
    return f"another state of {owner}" if owner == declared.options.owner else owner


def _may_take(existing: ExistingJob, tags: Mapping[str, str], declared: Properties) -> bool:
    return may_be_taken(tags, declared.options.owner, declared.state, running=existing.running)


def _share(jobs: TrainingJobs, existing: ExistingJob, tags: Mapping[str, str], declared: Properties, say: Say) -> None:
    """Tell the stack that owns the job that it is not alone with it."""
    try:
        jobs.add_tags(existing.arn, share_tag(tags, declared.options.owner, declared.state))
    except ServiceError as error:
        if not error.no_access:
            raise
        say(f"job {existing.name} cannot be tagged as shared, so the stack that owns it may stop or delete it: {error}")


def _others(contents: Mapping[str, str], tags: Mapping[str, str]) -> tuple[str, ...]:
    """The kinds of contents for which the job says that it had other ones."""
    return tuple(kind for kind, digest in contents.items() if tags.get(CONTENT_TAGS[kind]) != digest)


def _conflict(existing: ExistingJob, declared: Properties, refuse: Refuse) -> JobConflictError:
    lines = [f"training_job_name {existing.name!r} is taken by a job that cannot be reused: {refuse.reason}"]
    lines += lines_of_differences(refuse.differences, declared, declared)
    lines.append("Give another training_job_name, or leave it out so that the name is planned.")
    return JobConflictError("\n".join(lines))
