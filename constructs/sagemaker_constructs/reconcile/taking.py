"""Takes a job that fits, as one's own or as another stack's, and says so by its tags.

Input: the job, its tags, and the declared properties. Output: a `Run`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sagemaker_constructs.api.tag_keys import OUR_TAGS, RETAIN_TAG
from sagemaker_constructs.aws.errors import ServiceError
from sagemaker_constructs.reconcile.fitting import adopted, may_take, reused
from sagemaker_constructs.reconcile.job_tags import all_tags, claim_tag, is_ignored, share_tag

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sagemaker_constructs.aws.answers import ExistingJob
    from sagemaker_constructs.aws.protocols import Say, TrainingJobs
    from sagemaker_constructs.reconcile.bag import Properties


@dataclass(frozen=True, slots=True)
class Run:
    """The job for a declaration."""

    job: ExistingJob
    adopted: bool
    """Whether another stack owns it."""
    claim: str | None
    """What the job's claim tag says from now on; None where another stack owns it."""


def take(
    jobs: TrainingJobs, existing: ExistingJob, declared: Properties, *, tags: Mapping[str, str], claim: str, say: Say
) -> Run:
    """Take a job that fits: as one's own, with the tags that are declared now, or as another stack's, as it is."""
    wanted = all_tags(declared)
    if may_take(existing, tags, declared):
        say(reused(existing))
        # The start of this very call may have been answered too late; then everything is there.
        missing = {key: value for key, value in {**wanted, **claim_tag(claim)}.items() if tags.get(key) != value}
        if missing:
            jobs.add_tags(existing.arn, missing)
        if RETAIN_TAG in tags and RETAIN_TAG not in wanted:
            jobs.delete_tags(existing.arn, [RETAIN_TAG])
        return Run(existing, adopted=False, claim=claim)
    say(adopted(existing, tags, declared))
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


def _share(jobs: TrainingJobs, existing: ExistingJob, tags: Mapping[str, str], declared: Properties, say: Say) -> None:
    """Tell the stack that owns the job that it is not alone with it."""
    try:
        jobs.add_tags(existing.arn, share_tag(tags, declared.options.owner, declared.state))
    except ServiceError as error:
        if not error.no_access:
            raise
        say(f"job {existing.name} cannot be tagged as shared, so the stack that owns it may stop or delete it: {error}")
