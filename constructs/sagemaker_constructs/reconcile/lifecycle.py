"""The life of a declared training job: what each step of the engine means for it.

Input: the property bags that the engine passes to a provider, and the jobs of the service. Output: what the provider
answers, in values that know nothing of the engine. `providers.py` calls one method for each step.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from sagemaker_constructs.addresses.partitions import is_region_name
from sagemaker_constructs.api.deferred import has_deferred, is_deferred
from sagemaker_constructs.api.rule_context import RuleContext
from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.aws.answers import MISSING, RUNNING
from sagemaker_constructs.aws.errors import ReconcileError, ServiceError
from sagemaker_constructs.cost.formula import READS
from sagemaker_constructs.reconcile import decisions, planning, same_name
from sagemaker_constructs.reconcile.access import Access
from sagemaker_constructs.reconcile.bag import Properties, changes_of, is_within
from sagemaker_constructs.reconcile.checked_resource import CheckedResources
from sagemaker_constructs.reconcile.compliance import Compliance
from sagemaker_constructs.reconcile.contents import contents_of
from sagemaker_constructs.reconcile.deciding import Decisions, Review
from sagemaker_constructs.reconcile.decision_record import MaximumCost
from sagemaker_constructs.reconcile.declared_values import DECLARED_VALUES, foreign_paths
from sagemaker_constructs.reconcile.earlier_states import current_form, differs_in_form_only
from sagemaker_constructs.reconcile.identity import require_here
from sagemaker_constructs.reconcile.job_tags import added_tags, all_tags, is_ignored, live_tags
from sagemaker_constructs.reconcile.next_run import NextRuns
from sagemaker_constructs.reconcile.observing import observed
from sagemaker_constructs.reconcile.presence import recorded_job
from sagemaker_constructs.reconcile.removal import remove, retain
from sagemaker_constructs.reconcile.shown_changes import transition
from sagemaker_constructs.reconcile.starting import start_or_adopt
from sagemaker_constructs.reconcile.updating import change_in_place, drifted, unseen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sagemaker_constructs.api.mistakes import Mistake
    from sagemaker_constructs.aws.answers import ExistingJob
    from sagemaker_constructs.aws.protocols import Say, TrainingJobs
    from sagemaker_constructs.reconcile.checked_resource import CheckedResource


@dataclass(frozen=True, slots=True)
class Checked:
    """What `check` found."""

    inputs: dict[str, Any]
    mistakes: tuple[Mistake | str, ...] = ()
    """What is wrong with the declaration, and why it is not approved."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What `diff` found."""

    changes: bool | None = None
    """Whether anything changed; None leaves it to the engine, which compares the inputs in detail."""
    replaces: tuple[str, ...] = ()
    """The properties because of which the job is replaced."""
    delete_before_replace: bool | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the state records of a resource."""

    id: str
    """The job's name; empty where the job is gone."""
    outputs: dict[str, Any]
    inputs: dict[str, Any] | None = None
    """Other inputs than those recorded, where somebody changed the job."""


class JobLifecycle:
    """The steps of the engine for the training jobs of one stack, in one process.

    Args:
        connect: the jobs of a Region by the settings that a resource stores, or by the stack's (None).
        say: how to tell the user.
        backend: where the state is, as far as that is known.
        compliance: the guardrails and the prices.
        review: where decisions are written, and what was approved. Default: nowhere, and everything.
    """

    def __init__(
        self,
        connect: Callable[[str, str | None], TrainingJobs],
        say: Say,
        backend: str = "",
        compliance: Compliance | None = None,
        *,
        review: Review = Review(),  # noqa: B008  frozen
    ) -> None:
        self._say = say
        self._backend = backend
        self._compliance = compliance or Compliance()
        self._access = Access(connect, say)
        self._next_runs = NextRuns(self._access, say)
        self._decisions = Decisions(
            self._access, review, self._maximum_cost, self._compliance.limits_cost, self._compliance.network_prices
        )
        self._advised: set[str] = set()
        self._resources = CheckedResources()

    def check(self, olds: Mapping[str, Any], news: Mapping[str, Any]) -> Checked:
        """Validate the declaration and plan its name; every mistake at once.

        Looks for earlier jobs of the stack, by one Search for all, and for a name that is free where the user forces a
        replacement.
        """
        sent = Properties(news)
        declared = Properties({name: value for name, value in news.items() if name != DECLARED_VALUES})
        region = declared.options.region
        region = None if is_deferred(region) or not is_region_name(region) else region
        reading = TrainingJobSpec.read(declared.declared_members(), RuleContext(region, added_tags(declared)))
        resource = self._resources.of(declared)
        resource.sent = news
        examined = self._compliance.examined(declared, reading.members, lambda: self._earlier_runs(declared))
        own = [*reading.mistakes, *declared.option_mistakes()]
        if mistakes := [*own, *examined.refused]:
            shown = tuple(sent.presentable(mistakes))
            self._decisions.refused(declared, [*["request"] * len(own), *examined.codes], shown)
            return Checked(dict(declared.bag), shown)
        before = Properties(current_form(olds))
        inputs = planning.planned(declared, reading.members, before)
        told = [*examined.told, *(f"advice: {advice}" for advice in sent.presentable(reading.advice))]
        if told and (not olds or changes_of(before, Properties(inputs))):
            self._advise(told)
        if examined.cost and not olds:
            self._say(f"costs, if it starts: {examined.cost}")
        if olds:
            resource.on_delete, resource.present = declared.options.on_delete, before.training_job_name
            name = self._next_runs.checked(resource, Properties(inputs), before)
            return Checked(planning.renamed(inputs, name) if name else inputs)
        if name := self._next_runs.name_of_replacement(resource, Properties(inputs)):
            inputs = planning.renamed(inputs, name)
        refused = self._decisions.next_run(resource, Properties(inputs), sent.presentable(reading.advice))
        resource.comparison = None
        return Checked(inputs, tuple(refused))

    def diff(self, id_: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> Compared:
        """Whether a new job is necessary. Which inputs differ, the engine itself finds."""
        recorded, declared = Properties(current_form(olds)), planning.planned_again(Properties(current_form(news)))
        resource = self._resources.of(declared)
        checked = resource.comparison
        if not checked and not has_deferred(dict(news)):
            return Compared()  # a refresh: nothing is declared anew, and nothing will be done
        seen = observed(self._access, id_, _by_declared_settings(recorded, declared), declared, self._say)
        verdict = decisions.verdict(
            changes_of(recorded, declared),
            status=seen.status,
            options=declared.options,
            failure_reason=seen.failure_reason,
            other_contents=seen.other_contents(recorded),
            other_region=recorded.region not in ("", declared.region),
            adopted=recorded.adopted,
            transition=lambda change: transition(change, declared, recorded, foreign_paths(resource.sent)),
        )
        for sentence in verdict.sentences:
            self._say(sentence)
        if checked:
            resource.present = recorded.training_job_name
            resource.comparison = self._next_runs.compared(resource, checked, declared, verdict.replaces, seen.contents)
        if verdict.replaces and same_name.is_kept(recorded, declared) and seen.status != MISSING:
            found = self._replaced_under_its_name(resource, recorded, declared, verdict)
            if checked:
                verdict = decisions.Verdict(found.replaces, verdict.sentences)
                self._decisions.compared(resource, recorded, declared, seen, verdict)
            return found
        if checked:
            self._decisions.compared(resource, recorded, declared, seen, verdict)
        if verdict.replaces and (fate := decisions.fate(id_, seen.status, declared.options, adopted=recorded.adopted)):
            self._say(fate)
        if not verdict.replaces and differs_in_form_only(olds, news):
            return Compared(changes=_needs_owner(recorded, declared, seen.status))
        return _compared(verdict, inputs_differ=checked is not None and checked.renamed)

    def create(self, props: Mapping[str, Any]) -> Recorded:
        """Adopt the job that fits, or start one. Returns as soon as the job exists; never waits for training."""
        declared = planning.planned_again(Properties(props))
        resource = self._resources.of(declared)
        self._require_compliance(declared)
        jobs = self._access.jobs(declared)
        contents = contents_of(jobs, declared, self._say)
        run = start_or_adopt(
            jobs,
            declared,
            contents,
            _without(resource.foreseen, self._say),
            is_taken=lambda name: self._decisions.need_approval or self._access.was_found(name, declared),
            require_approval=partial(self._decisions.require_approval, resource, declared),
        )
        if resource.present != run.job.name:
            self._retain_replaced(jobs, declared, resource.present)
        return Recorded(
            run.job.name,
            planning.recorded(declared, run.job, adopted=run.adopted, claim=run.claim, contents=contents),
        )

    def read(self, id_: str, props: Mapping[str, Any]) -> Recorded:
        """The live job. Drift in what the service can change in place is shown; a job that is gone is said."""
        recorded = Properties(current_form(props))
        existing = self._access.find(id_, recorded)
        if not recorded.options.owner:
            return self._only_read(id_, recorded, existing)
        if existing is None:
            return self._missing(id_, recorded)
        outs = planning.recorded(
            recorded, existing, adopted=recorded.adopted, claim=recorded.claim, contents=recorded.contents
        )
        if recorded.adopted:
            return Recorded(id_, outs)
        drift = self._drift(id_, recorded, existing, outs)
        outs |= drift
        return Recorded(id_, outs, planning.inputs_of(outs) if drift else None)

    def update(self, id_: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> dict[str, Any]:
        """Record what is declared now, and change on the job what the service lets change. Returns the outputs."""
        recorded, declared = Properties(current_form(olds)), Properties(news)
        jobs = self._access.jobs(declared)
        existing = recorded_job(lambda: jobs.describe(id_), jobs, id_, recorded)
        if existing is None:
            return {**recorded.bag, **news, "training_job_name": id_, **_GONE}
        adopted = recorded.adopted or not change_in_place(jobs, existing, recorded, declared, self._say)
        now = contents_of(jobs, declared, self._say)
        contents = {kind: recorded.contents.get(kind, digest) for kind, digest in now.items()}
        claim = None if adopted else recorded.claim
        return planning.recorded(declared, existing, adopted=adopted, claim=claim, contents=contents)

    def delete(self, id_: str, props: Mapping[str, Any]) -> None:
        """Follow `on_delete`, as it is declared now where the job is replaced, otherwise as it is recorded.

        Returns when the job's network interfaces have left its subnets.
        """
        recorded = Properties(current_form(props))
        require_here(recorded.identity, self._backend, f"job {id_} is not deleted")
        if declared_now := self._resources.of(recorded).on_delete:  # where it is replaced in this update
            recorded = Properties({**recorded.bag, "on_delete": declared_now})
        remove(self._access.jobs(recorded), id_, recorded, self._say)
        self._decisions.removed(recorded)

    def _maximum_cost(self, declared: Properties) -> MaximumCost:
        """What a job costs at most, if it starts, for a review and its approval."""
        cost = self._compliance.cost(declared, declared.members, lambda: self._earlier_runs(declared))
        secret = any(is_within(path, declared.secret_paths) for path in READS)
        return MaximumCost.of(cost, rows=not secret)

    def _require_compliance(self, declared: Properties) -> None:
        """Refuse what a policy or a transform has made of the job after `check`."""
        if refused := self._compliance.examined(declared, declared.members).refused:
            raise ReconcileError("; ".join(map(str, declared.presentable(refused))))

    def _earlier_runs(self, declared: Properties) -> Iterable[ExistingJob]:
        """The runs that the stack has had, as far as the caller may know."""
        try:
            return self._access.runs(declared)
        except ServiceError:  # what follows looks, too, and tells why it cannot
            return ()

    def _retain_replaced(self, jobs: TrainingJobs, declared: Properties, present: str | None) -> None:
        """Tag the job that is replaced as retained: with `retain_on_delete` the engine calls no `delete` for it."""
        if declared.options.on_delete != "retain" or not present:
            return
        try:
            existing = jobs.describe(present)
            if existing is not None:
                retain(jobs, existing, jobs.tags(existing.arn), declared.state)
        except ServiceError as error:  # the new job has been started and must be recorded
            self._say(
                f"job {present} is not tagged as retained, so `destroy` stops it while it runs: {error}", warning=True
            )

    def _advise(self, sentences: Iterable[str]) -> None:
        """Warn once, on the row of the first job: hundreds may have the same advice, and one is checked twice."""
        for sentence in sentences:
            if sentence not in self._advised:
                self._advised.add(sentence)
                self._say(sentence, warning=True)

    def _replaced_under_its_name(
        self, resource: CheckedResource, recorded: Properties, declared: Properties, verdict: decisions.Verdict
    ) -> Compared:
        why_not = same_name.refusal(recorded, declared, verdict.replaces, foreign_paths(resource.sent))
        if why_not is None:
            return _compared(verdict, delete_before_replace=True)
        if set(verdict.replaces) - decisions.NOT_INPUTS:
            raise ReconcileError(why_not)
        self._say(why_not, warning=True)  # not an error: a destroy with a refresh has to come through
        return Compared()

    def _only_read(self, id_: str, recorded: Properties, existing: ExistingJob | None) -> Recorded:
        """A job that is read and not declared (`TrainingJob.get`)."""
        if existing is None:
            raise ReconcileError(f"training job {id_!r} does not exist in {recorded.region}")
        tags = self._access.if_allowed(lambda: self._access.tags(existing, recorded)) or {}
        shown = {key: value for key, value in tags.items() if not is_ignored(key, recorded)}
        return Recorded(id_, planning.only_read(recorded.bag, existing, shown))

    def _missing(self, id_: str, recorded: Properties) -> Recorded:
        if recorded.options.on_missing == "retrain":
            self._say(f"job {id_} was deleted elsewhere; the next `up` trains again because on_missing='retrain'")
            return Recorded("", {})
        self._say(f"job {id_} was deleted elsewhere; the resource is kept because on_missing='keep'", warning=True)
        return Recorded(id_, {**recorded.bag, **_GONE})

    def _drift(self, id_: str, recorded: Properties, existing: Any, outs: Mapping[str, Any]) -> dict[str, Any]:
        """What somebody changed on the job, of the members and tags that can be changed on it."""
        seen = self._access.jobs(recorded).describe(id_) if unseen(recorded.members, existing) else existing
        drift = drifted(recorded.members, seen) if seen else {}
        live = live_tags(self._access.tags(existing, recorded), recorded)
        if all_tags(Properties({**outs, **live})) != all_tags(recorded):
            drift |= live
        return drift


def _without(told: str, say: Say) -> Say:
    """`say`, but for a sentence that has been told already."""

    def say_others(message: str, *, warning: bool = False, ephemeral: bool = False) -> None:
        if message != told:
            say(message, warning=warning, ephemeral=ephemeral)

    return say_others


def _needs_owner(recorded: Properties, declared: Properties, status: str) -> bool:
    """Whether a job of an earlier version has to learn which state owns it: where this one may end it."""
    is_ended_with_its_resource = status in RUNNING or declared.options.on_delete == "delete"
    is_unowned = "state_identity" in declared.bag and not recorded.state and not recorded.adopted
    return is_unowned and recorded.started and is_ended_with_its_resource


_GONE = {"training_job_status": MISSING, "secondary_status": MISSING}


def _by_declared_settings(recorded: Properties, declared: Properties) -> Properties:
    """The recorded job, to be looked up with today's credentials; with the recorded ones while those are not known."""
    settings = declared.options.aws_settings
    return recorded if is_deferred(settings) else Properties({**recorded.bag, "aws_settings": settings})


def _compared(
    verdict: decisions.Verdict, *, delete_before_replace: bool | None = None, inputs_differ: bool = False
) -> Compared:
    """The engine's own difference of the inputs, unless the reason to replace lies outside of them.

    Without an input that differs the engine would otherwise see no change at all.
    """
    outside = bool(verdict.replaces) and not inputs_differ and not set(verdict.replaces) - decisions.NOT_INPUTS
    return Compared(True if outside else None, verdict.replaces, delete_before_replace)
