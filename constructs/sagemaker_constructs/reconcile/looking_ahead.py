"""Looks ahead, for a preview: which name a declaration will come to, and which job will be reused or adopted.

Input: the jobs of the service, and the declared properties. Output: the name, the job, or what will be said of it. It
follows the same names and decisions as `starting`, and changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sagemaker_constructs.reconcile.decisions import Refuse, TryNextName
from sagemaker_constructs.reconcile.fitting import (
    adopted,
    conflict,
    decision_on,
    fits_without_being_taken,
    is_own,
    may_take,
    names_for,
    same_configuration,
    with_secrets_in_its_name,
)
from sagemaker_constructs.reconcile.planning import name_with_secrets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sagemaker_constructs.aws.answers import ExistingJob
    from sagemaker_constructs.aws.protocols import ExistingJobs
    from sagemaker_constructs.reconcile.bag import Properties


def first_names(declared: Properties) -> set[str]:
    """The names that are looked up where no job has one of them."""
    return {name for name in (name_with_secrets(declared), declared.training_job_name) if name}


def look_ahead(
    jobs: ExistingJobs, declared: Properties, contents: Mapping[str, str]
) -> tuple[str, ExistingJob | None] | None:
    """The name that `start_or_adopt` will come to, and the job of this stack that has it. None where it is refused."""
    ahead = _ahead(jobs, declared, contents)
    if ahead is None or ahead.refusal:
        return None
    own = ahead.existing and may_take(ahead.existing, ahead.tags, declared)
    return ahead.name, ahead.existing if own else None


def job_of_others(jobs: ExistingJobs, declared: Properties) -> tuple[str, bool] | None:
    """What `start_or_adopt` will say of a job that another stack owns, and whether it adopts it; None without one."""
    ahead = _ahead(jobs, declared, {})
    if ahead is None or ahead.existing is None or may_take(ahead.existing, ahead.tags, declared):
        return None
    if ahead.refusal:
        return str(conflict(ahead.existing, declared, ahead.refusal)), False
    return adopted(ahead.existing, ahead.tags, declared), True


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
        return ahead.name, str(conflict(ahead.existing, declared, ahead.refusal)), False
    if may_take(ahead.existing, ahead.tags, declared):
        return ahead.name, same_configuration(ahead.existing), True
    return ahead.name, fits_without_being_taken(ahead.existing, ahead.tags, declared), True


def name_of_another_run(jobs: ExistingJobs, declared: Properties, present: str | None) -> str | None:
    """The name of another run beside the present one, although that could be reused.

    A run of this stack that is still in progress is the one that an earlier update, which was killed, has started.
    """
    for name in names_for(declared):
        existing = None if name == present else jobs.describe(name)
        free = name != present and existing is None
        if free or (existing and existing.running and is_own(existing, jobs.tags(existing.arn), declared)):
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
    if earlier := with_secrets_in_its_name(jobs, declared, contents):
        return _Ahead(earlier.existing.name, earlier.existing, earlier.tags, None)
    for name in names_for(declared):
        existing = jobs.describe(name)
        if existing is None:
            return _Ahead(name, None, {}, None)
        tags = jobs.tags(existing.arn)
        decision = decision_on(existing, tags, declared, contents)
        if not isinstance(decision, TryNextName):
            return _Ahead(name, existing, tags, decision if isinstance(decision, Refuse) else None)
    return None
