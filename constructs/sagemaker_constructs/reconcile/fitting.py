"""Says whether the job that has a name fits a declaration, which names a declaration may have, and whose the job is.

Input: the declared properties, and a job with its tags. Output: a decision, and the sentences about the job.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sagemaker_constructs.api.tag_keys import CONTENT_TAGS, FINGERPRINT_TAG, OWNER_TAG
from sagemaker_constructs.aws.errors import JobConflictError
from sagemaker_constructs.reconcile import planning
from sagemaker_constructs.reconcile.decisions import Adopt, Refuse, TryNextName, on_existing
from sagemaker_constructs.reconcile.fingerprint import candidate_names
from sagemaker_constructs.reconcile.job_tags import claim_on, is_crowded, may_be_taken
from sagemaker_constructs.reconcile.shown_changes import lines_of_differences

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sagemaker_constructs.aws.answers import ExistingJob
    from sagemaker_constructs.aws.protocols import ExistingJobs
    from sagemaker_constructs.reconcile.bag import Properties


def names_for(declared: Properties) -> Iterable[str]:
    """The names under which its job may be, in the order in which they are tried."""
    if declared.named_by_hand:
        return [declared.training_job_name]
    return candidate_names(declared.training_job_name, declared.fingerprint)


def decision_on(
    existing: ExistingJob, tags: Mapping[str, str], declared: Properties, contents: Mapping[str, str]
) -> Adopt | TryNextName | Refuse:
    """What becomes of the job that has a name of the declaration."""
    return on_existing(
        existing,
        declared.members,
        by_hand=declared.named_by_hand,
        strict=declared.options.strict,
        same_fingerprint=tags.get(FINGERPRINT_TAG) == declared.fingerprint,
        other_contents=_others(contents, tags),
    )


def _others(contents: Mapping[str, str], tags: Mapping[str, str]) -> tuple[str, ...]:
    """The kinds of contents for which the job says that it had other ones."""
    return tuple(kind for kind, digest in contents.items() if tags.get(CONTENT_TAGS[kind]) != digest)


class Reusable(NamedTuple):
    """A job that can be reused, and its tags."""

    existing: ExistingJob
    tags: Mapping[str, str]


def with_secrets_in_its_name(jobs: ExistingJobs, declared: Properties, contents: Mapping[str, str]) -> Reusable | None:
    """The job that an earlier version has started for the declaration, under a name that its secrets are part of."""
    name = planning.name_with_secrets(declared)
    existing = jobs.describe(name) if name and name != declared.training_job_name else None
    if existing is None:
        return None
    tags = jobs.tags(existing.arn)
    fits = isinstance(decision_on(existing, tags, declared, contents), Adopt)
    return Reusable(existing, tags) if fits else None


def is_own(existing: ExistingJob, tags: Mapping[str, str], declared: Properties) -> bool:
    """Whether a job is this stack's own, or may become it."""
    return may_be_taken(tags, declared.options.owner, declared.state, running=existing.running)


def may_take(existing: ExistingJob, tags: Mapping[str, str], declared: Properties) -> bool:
    """Whether the resource may have a job as the stack's own; otherwise it is adopted, as a job that another one owns.

    So is a job that so many stacks and resources have that no more are named: it has no room for the resource's tag.
    """
    has_room = not is_crowded(tags) or claim_on(tags, declared.declared_as) is not None
    return is_own(existing, tags, declared) and has_room


def reused(existing: ExistingJob) -> str:
    """What is said of a job of this stack that fits: that it will be reused, and when it is."""
    return f"{same_configuration(existing)}: it is reused, no job starts"


def adopted(existing: ExistingJob, tags: Mapping[str, str], declared: Properties) -> str:
    """The same of a job that is adopted."""
    fits = fits_without_being_taken(existing, tags, declared)
    return f"{fits}: it is adopted, this stack never stops or deletes it, and no job starts"


def fits_without_being_taken(existing: ExistingJob, tags: Mapping[str, str], declared: Properties) -> str:
    """What is said of a job that is adopted, before what becomes of it."""
    if is_own(existing, tags, declared):
        return f"{same_configuration(existing)} and no room for another tag"
    return same_configuration(existing, owner_of(tags, declared))


def same_configuration(existing: ExistingJob, owner: str = "") -> str:
    """What is said of a job that fits, before what becomes of it."""
    of = f" of {owner}" if owner else ""
    return f"job {existing.name}{of} already has this configuration (status {existing.status})"


def owner_of(tags: Mapping[str, str], declared: Properties) -> str:
    """Who owns a job, as it is said to somebody else."""
    owner = tags.get(OWNER_TAG) or "another owner"
    return f"another state of {owner}" if owner == declared.options.owner else owner


def conflict(existing: ExistingJob, declared: Properties, refuse: Refuse) -> JobConflictError:
    """The error of a name that was given by hand and belongs to a job that differs."""
    lines = [f"training_job_name {existing.name!r} is taken by a job that cannot be reused: {refuse.reason}"]
    lines += lines_of_differences(refuse.differences, declared, declared)
    lines.append("Give another training_job_name, or leave it out so that the name is planned.")
    return JobConflictError("\n".join(lines))
