"""The life of a fallback: a job that is started only where the run before it found no capacity.

Input: as of a job, with the name of the run before it in `after`. Output: as of a job; a fallback that was not needed
is recorded with the status `NotNeeded` and has no job.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from sagemaker_constructs.aws.answers import NOT_NEEDED
from sagemaker_constructs.reconcile.bag import Properties
from sagemaker_constructs.reconcile.checked_resource import Comparison
from sagemaker_constructs.reconcile.deciding import Review
from sagemaker_constructs.reconcile.earlier_states import current_form, differs_in_form_only
from sagemaker_constructs.reconcile.lifecycle import Compared, JobLifecycle, Recorded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sagemaker_constructs.aws.protocols import Say, TrainingJobs
    from sagemaker_constructs.reconcile.compliance import Compliance


IsNeeded = Callable[["TrainingJobs", Properties, str, "Say"], bool]
"""Whether the run of the given name ended for lack of capacity, so that the declared one is due."""


class FallbackLifecycle(JobLifecycle):
    """The steps of the engine for fallbacks.

    Args:
        connect: the jobs of a Region by the settings that a resource stores, or by the stack's (None).
        say: how to tell the user.
        is_needed: whether the run before makes the fallback necessary.
        backend: where the state is, as far as that is known.
        compliance: the guardrails and the prices.
        review: where decisions are written, and what was approved.
    """

    def __init__(
        self,
        connect: Callable[[str, str | None], TrainingJobs],
        say: Say,
        is_needed: IsNeeded,
        backend: str = "",
        compliance: Compliance | None = None,
        *,
        review: Review = Review(),  # noqa: B008  frozen
    ) -> None:
        super().__init__(connect, say, backend, compliance, review=review)
        self._is_needed = is_needed

    @override
    def diff(self, id_: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> Compared:
        """Replaced after another run, for the fallback may be needed now. Otherwise as of a job, if there is one."""
        if olds.get("after") != news.get("after"):
            recorded, declared = Properties(current_form(olds)), Properties(news)
            resource = self._resources.of(declared)
            resource.present = recorded.training_job_name if recorded.started else None
            resource.comparison = Comparison(replaces=True, reason="the run before it is another one")
            self._decisions.replaced(resource, recorded, declared)
            return Compared(replaces=("after",))
        if _started(olds):
            return super().diff(id_, olds, news)
        self._decisions.not_started(Properties(news))
        return Compared(changes=False if differs_in_form_only(olds, news) else None)

    @override
    def create(self, props: Mapping[str, Any]) -> Recorded:
        """Start the run, or adopt it, where it is needed."""
        declared, before = Properties(props), props["after"]
        if self._is_needed(self._access.jobs(declared), declared, before, self._say):
            return super().create(props)
        return Recorded(f"{before}/not-needed", _not_needed(props))

    @override
    def read(self, id_: str, props: Mapping[str, Any]) -> Recorded:
        """The live job, if there is one."""
        return super().read(id_, props) if _started(props) else Recorded(id_, dict(props))

    @override
    def update(self, id_: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> dict[str, Any]:
        """Record what is declared now, and change the job, if there is one."""
        return super().update(id_, olds, news) if _started(olds) else _not_needed(news)

    @override
    def delete(self, id_: str, props: Mapping[str, Any]) -> None:
        """Follow `on_delete`, if there is a job."""
        if _started(props):
            super().delete(id_, props)


def _started(outputs: Mapping[str, Any]) -> bool:
    return Properties(current_form(outputs)).started


def _not_needed(declared: Mapping[str, Any]) -> dict[str, Any]:
    return {**declared, "training_job_status": NOT_NEEDED}
