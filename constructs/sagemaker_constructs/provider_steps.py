"""Adapts the engine's calls to the life of a job: what the providers of `providers.py` do.

Input: the engine's requests, as the SDK passes them. Output: the SDK's results. Nothing is decided here.
"""

from __future__ import annotations

import os
from functools import cache, wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pulumi import dynamic

from sagemaker_constructs.api.confidential import secrets_masked, without_secrets
from sagemaker_constructs.api.deferred import is_deferred
from sagemaker_constructs.aws.prices import PriceLists
from sagemaker_constructs.aws.settings import aws_settings, stored_settings
from sagemaker_constructs.aws.training_jobs import AwsTrainingJobs
from sagemaker_constructs.decision_file import review
from sagemaker_constructs.engine_log import report
from sagemaker_constructs.guardrails.file import KEY as GUARDRAILS
from sagemaker_constructs.guardrails.file import read_guardrails
from sagemaker_constructs.reconcile import identity
from sagemaker_constructs.reconcile.bag import Properties
from sagemaker_constructs.reconcile.compliance import Compliance
from sagemaker_constructs.reconcile.fallback import FallbackLifecycle
from sagemaker_constructs.reconcile.lifecycle import JobLifecycle
from sagemaker_constructs.reconcile.unrecorded import end_unrecorded
from sagemaker_constructs.results.conclude import (
    ResultProperties,
    as_before,
    conclude,
    continues,
    no_job,
    reconsider,
)
from sagemaker_constructs.results.job_name import wrong_name
from sagemaker_constructs.state_backend import state_backend

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sagemaker_constructs.aws.protocols import Say
    from sagemaker_constructs.aws.settings import AwsSettings
    from sagemaker_constructs.cost.prices import PriceList
    from sagemaker_constructs.guardrails.document import Guardrails

_Step = TypeVar("_Step", bound="Callable[..., Any]")


def _confidential(step: _Step) -> _Step:
    """A step of the engine, in which the secrets of the bags that it gets are masked in what is told and raised."""

    @wraps(step)
    def masking(steps: JobSteps, *arguments: Any) -> Any:
        bags = [Properties(each) for each in arguments if isinstance(each, dict)]
        with secrets_masked(secret for bag in bags for secret in bag.secrets):
            return step(steps, *arguments)

    return cast("_Step", masking)


def _say(report: Say) -> Say:
    """`report`, without the secrets of the present step."""

    def say(message: str, *, warning: bool = False, ephemeral: bool = False) -> None:
        report(without_secrets(message), warning=warning, ephemeral=ephemeral)

    return say


class Steps(dynamic.ResourceProvider):
    """What the steps of all providers share: the AWS settings, and one connection for each and Region.

    Args:
        config: looks a key of the stack's configuration up.
        connect: reaches the jobs of a Region; None for AWS.
        price_lists: makes what reads the price lists; None for those of AWS.
    """

    def __init__(
        self,
        config: Callable[[str], Any],
        connect: Callable[[AwsSettings, str], Any] | None = None,
        price_lists: type[PriceLists] | None = None,
    ) -> None:
        super().__init__()
        self._connect = connect or AwsTrainingJobs
        self._price_lists = price_lists or PriceLists
        self._settings = aws_settings(config)
        self._connections: dict[tuple[str, str | None], Any] = {}

    def _jobs(self, region: str, stored: str | None) -> Any:
        """The jobs of a Region, the same for every thread: by the settings that a resource stores, or the stack's.

        Where a damaged state lacks the Region, it is the stack's own.
        """
        settings = self._settings if stored is None else stored_settings(stored)
        region = region or settings.region or ""
        return self._connections.setdefault((region, stored), self._connect(settings, region))


class JobSteps(Steps):
    """Check, diff, create, read, update and delete of a declared training job."""

    def __init__(self, config: Callable[[str], Any], *of_a_test: Any) -> None:
        super().__init__(config, *of_a_test)
        self._guardrails = config(GUARDRAILS)
        self._lifecycle = self._new_lifecycle()

    @_confidential
    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> dynamic.CheckResult:
        """Validate the declaration and plan the job's name."""
        found = self._lifecycle.check(_olds, news)
        # Tied to no property: with one, the engine would print the property's value, a secret's in plain text.
        failures = [dynamic.CheckFailure("", without_secrets(str(mistake))) for mistake in found.mistakes]
        return dynamic.CheckResult(found.inputs, failures)

    @_confidential
    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> dynamic.DiffResult:
        """Whether a new job is necessary."""
        found = self._lifecycle.diff(_id, _olds, _news)
        return dynamic.DiffResult(
            changes=found.changes,
            replaces=list(found.replaces),
            delete_before_replace=found.delete_before_replace,
        )

    @_confidential
    def create(self, props: dict[str, Any]) -> dynamic.CreateResult:
        """Adopt the job that fits, or start one."""
        made = self._lifecycle.create(props)
        return dynamic.CreateResult(made.id, made.outputs)

    @_confidential
    def read(self, id_: str, props: dict[str, Any]) -> dynamic.ReadResult:
        """The live job."""
        found = self._lifecycle.read(id_, props)
        return dynamic.ReadResult(found.id, found.outputs, found.inputs)

    @_confidential
    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> dynamic.UpdateResult:
        """Record what is declared now, and change the job in place where that is possible."""
        return dynamic.UpdateResult(self._lifecycle.update(_id, _olds, _news))

    @_confidential
    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Follow `on_delete`."""
        self._lifecycle.delete(_id, _props)

    def _compliance(self) -> Compliance:
        lists = self._price_lists()

        def prices(region: str, stored: str | None) -> PriceList:
            return lists.of(self._settings if stored is None else stored_settings(stored), region)

        @cache
        def guardrails() -> Guardrails | None:
            return read_guardrails(self._guardrails) if self._guardrails else None

        return Compliance(guardrails, prices)

    def _new_lifecycle(self) -> JobLifecycle:
        return JobLifecycle(self._jobs, _say(report), state_backend(), self._compliance(), review=review())


class FallbackSteps(JobSteps):
    """The same for a training job that is started only where the run before it found no capacity."""

    def _new_lifecycle(self) -> JobLifecycle:
        return FallbackLifecycle(
            self._jobs, _say(report), continues, state_backend(), self._compliance(), review=review()
        )


class IdentitySteps(Steps):
    """The identity by which the jobs of a Region belong to one state, and not to another of the same name."""

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> dynamic.CheckResult:
        """Add the present backend."""
        if warning := identity.not_recorded_before_the_end(_olds, os.environ):
            report(warning, warning=True)
        return dynamic.CheckResult(identity.checked(_olds, news, state_backend()), [])

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> dynamic.DiffResult:
        """Refuse a copy of a state. The engine itself finds what else differs."""
        if identity.is_taken_over(_olds, _news):
            before = identity.Identity.parse(_olds["identity"])
            report(f"the jobs of this stack are taken over from its state in {before.backend}")
        return dynamic.DiffResult()

    def create(self, props: dict[str, Any]) -> dynamic.CreateResult:
        """Make an identity, or take up that of a state that was lost."""
        return dynamic.CreateResult("state-identity", identity.recorded(props, props.get("take_over")))

    def read(self, id_: str, props: dict[str, Any]) -> dynamic.ReadResult:
        """What was recorded: AWS knows it only by the tags of jobs."""
        return dynamic.ReadResult(id_, props)

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> dynamic.UpdateResult:
        """Keep the identity; a new one where the state has come from another backend, which then owns nothing."""
        state = None if identity.is_taken_over(_olds, _news) else identity.Identity.parse(_olds["identity"]).state
        return dynamic.UpdateResult(identity.recorded(_news, state))

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Stop what an interrupted update has left running."""
        recorded = identity.Identity.parse(_props.get("identity"))
        identity.require_here(recorded, state_backend(), "StateIdentity is not deleted")
        if recorded.state:  # a damaged state may lack it
            region = _props.get("region") or self._settings.region or ""
            jobs = self._jobs(region, _props.get("aws_settings"))
            end_unrecorded(jobs, recorded.state, region, _say(report))


class ResultSteps(Steps):
    """The result of a job that ended. The program has waited for it: nothing waits here."""

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> dynamic.CheckResult:
        """Validate the name of a job that was not known in the program; the program has validated the options."""
        name = news.get("training_job_name")
        wrong = [] if is_deferred(name) else wrong_name(name)
        if urn := news.get("missing_job"):  # the program sends it only where there is no job
            wrong = [no_job(urn)]
        inputs = as_before(_olds, news) if _olds else news
        return dynamic.CheckResult(inputs, [dynamic.CheckFailure("", each) for each in wrong])

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> dynamic.DiffResult:
        """Another run is another result, also under the same name. Which options differ, the engine itself finds."""
        return dynamic.DiffResult(
            replaces=[name for name in ("training_job_name", "region", "claim") if _olds.get(name) != _news.get(name)]
        )

    def create(self, props: dict[str, Any]) -> dynamic.CreateResult:
        """Read the job's outputs. A job that failed fails here, and only the job itself is recorded."""
        declared = ResultProperties(props)
        found = conclude(self._jobs(declared.region, declared.aws_settings), declared, _say(report))
        return dynamic.CreateResult(declared.training_job_name, declared.with_outputs(found))

    def read(self, id_: str, props: dict[str, Any]) -> dynamic.ReadResult:
        """What was recorded: a job that ended does not change."""
        return dynamic.ReadResult(id_, props)

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> dynamic.UpdateResult:
        """Judge the same result by other options."""
        declared = ResultProperties(_news)
        reconsider(self._jobs(declared.region, declared.aws_settings), _olds, declared, _say(report))
        inputs = {name: value for name, value in _news.items() if name != "model_artifacts"}
        return dynamic.UpdateResult({**_olds, **inputs})


STEPS: Mapping[str, type[Steps]] = {
    "TrainingJob": JobSteps,
    "TrainingFallback": FallbackSteps,
    "TrainingResult": ResultSteps,
    "StateIdentity": IdentitySteps,
}
"""The steps of each resource that has a provider."""
