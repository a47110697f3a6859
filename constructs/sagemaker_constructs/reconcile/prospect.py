"""Foresees what `create` will do with a declared job: start it, adopt one, or refuse.

Input: the declaration, what is known of the job that it replaces, and the jobs of the stack. Output: a `Prospect`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sagemaker_constructs.api.deferred import is_deferred
from sagemaker_constructs.reconcile.contents import contents_of
from sagemaker_constructs.reconcile.decision_record import Decision
from sagemaker_constructs.reconcile.looking_ahead import outlook

if TYPE_CHECKING:
    from sagemaker_constructs.reconcile.access import Access
    from sagemaker_constructs.reconcile.bag import Properties
    from sagemaker_constructs.reconcile.checked_resource import CheckedResource


@dataclass(frozen=True, slots=True)
class Prospect:
    """What `create` will do."""

    decision: Decision
    name: str | None
    """The job's."""
    reason: str = ""
    unsure: str = ""
    """What could not be looked up."""


def prospect(access: Access, declared: Properties, resource: CheckedResource) -> Prospect:
    """What `create` will do.

    Args:
        access: the jobs of the stack.
        declared: the properties.
        resource: what is known of the resource, and of the job that is replaced.
    """
    known = resource.comparison
    start = Decision.RESTART if known and resource.present else Decision.START
    name = None if is_deferred(declared.training_job_name) else declared.training_job_name
    if "after" in declared.bag:
        return Prospect(start, name, "only if the run before it finds no capacity")
    if name is None or not access.is_known(declared):
        return Prospect(start, name)
    found = access.if_allowed(lambda: _outlook(access, declared))
    if found is None:
        return Prospect(start, name, unsure=f"whether job {name} exists already could not be looked up")
    name, sentence, reusable = found
    if reusable:
        return Prospect(Decision.ADOPT, name, sentence)
    replaced_first = known is not None and known.deleted_first and resource.present == name
    if sentence and not replaced_first:
        return Prospect(Decision.REFUSED, name, sentence)
    return Prospect(start, name)


def _outlook(access: Access, declared: Properties) -> tuple[str | None, str, bool]:
    jobs = access.jobs(declared)
    return outlook(jobs, declared, contents_of(jobs, declared, _silent))


def _silent(message: str, *, warning: bool = False, ephemeral: bool = False) -> None:
    """`create` says it."""
    del message, warning, ephemeral
