"""Observes the job that a resource has: its status, why it failed, and what lies behind its addresses now.

Input: the recorded and the declared properties. Output: `Observed`; as recorded where the caller may not look.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sagemaker_constructs.api.tag_keys import SETTLED_TAG
from sagemaker_constructs.aws.answers import MISSING, UNSUCCESSFUL
from sagemaker_constructs.reconcile.contents import contents_of
from sagemaker_constructs.reconcile.decisions import SETTLED
from sagemaker_constructs.reconcile.job_tags import is_of_another_state

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sagemaker_constructs.aws.answers import ExistingJob
    from sagemaker_constructs.aws.protocols import Say
    from sagemaker_constructs.reconcile.access import Access
    from sagemaker_constructs.reconcile.bag import Properties


@dataclass(frozen=True, slots=True)
class Observed:
    """A job as it is."""

    status: str
    """TrainingJobStatus, or `Missing`, or `Settled`."""
    failure_reason: str | None = None
    """Why it failed, in AWS's words, without credentials and secrets."""
    contents: Mapping[str, str] = field(default_factory=dict[str, str])
    """Digests of what lies behind the declared addresses, where that counts."""
    job: ExistingJob | None = None
    """The job itself, where it was found."""

    def other_contents(self, recorded: Properties) -> list[str]:
        """The kinds of contents that were others when the job was started."""
        before = recorded.contents
        return [kind for kind, digest in self.contents.items() if before.get(kind, digest) != digest]


def observed(access: Access, name: str, recorded: Properties, declared: Properties, say: Say) -> Observed:
    """The job `name` that `recorded` describes, with the contents that `declared` asks for."""

    def look_up() -> Observed:
        existing = access.find(name, recorded)
        contents = contents_of(access.jobs(declared), declared, say) if access.is_known(declared) else {}
        if existing is not None and existing.status in UNSUCCESSFUL:
            existing = access.described(name, recorded)
        if existing is not None and _is_taken(existing, recorded):
            say(f"job {name} belongs to another state of a stack now, and this one leaves it alone", warning=True)
        if existing is None:
            return Observed(MISSING, contents=contents)
        if existing.status in UNSUCCESSFUL and SETTLED_TAG in access.tags(existing, recorded):
            return Observed(SETTLED, contents=contents, job=existing)
        return Observed(existing.status, existing.masked_reason(recorded.secrets), contents, existing)

    return access.if_allowed(look_up) or Observed(recorded.training_job_status)


def _is_taken(existing: ExistingJob, recorded: Properties) -> bool:
    """Whether the job has the tag of another state than the one that recorded it as its own, as Search tells."""
    had = bool(recorded.state) and not recorded.adopted
    return had and is_of_another_state(existing.tags or {}, recorded.state)
