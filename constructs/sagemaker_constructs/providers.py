"""The dynamic providers: what the engine calls in the life of a declared training job.

Every state that uses this library stores the name of this module and of its classes; neither may ever change.
A provider decides nothing itself: it asks `api` whether a declaration is valid and `reconcile` what is to be done,
and says so to the user through `engine`.
"""

from __future__ import annotations

import os
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from pulumi import dynamic

from sagemaker_constructs.api.deferred import is_deferred
from sagemaker_constructs.api.masking import masked
from sagemaker_constructs.api.mistakes import InvalidRequest
from sagemaker_constructs.api.rules import RuleContext, check_rules
from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.api.tag_keys import SETTLED_TAG
from sagemaker_constructs.aws.answers import MISSING, UNSUCCESSFUL, ExistingJob, secret_texts
from sagemaker_constructs.aws.errors import ReconcileError, ServiceError
from sagemaker_constructs.aws.inventory import Inventory
from sagemaker_constructs.aws.settings import aws_settings
from sagemaker_constructs.aws.training_jobs import AwsTrainingJobs
from sagemaker_constructs.engine_log import WARNING, current_urn, report
from sagemaker_constructs.reconcile import bag as properties
from sagemaker_constructs.reconcile import decisions, fallbacks
from sagemaker_constructs.reconcile.bag import Properties
from sagemaker_constructs.reconcile.contents import contents_of
from sagemaker_constructs.reconcile.job_tags import added_tags, all_tags, live_tags
from sagemaker_constructs.reconcile.removal import remove
from sagemaker_constructs.reconcile.starting import look_ahead, name_of_another_run, start_or_adopt
from sagemaker_constructs.reconcile.updating import drifted, live_plan, unseen, update_request
from sagemaker_constructs.results.conclude import (
    ResultProperties,
    as_before,
    conclude,
    continues,
    reconsider,
    wrong_name,
)
from sagemaker_constructs.results.endings import SETTLED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sagemaker_constructs.api.mistakes import Mistake
    from sagemaker_constructs.aws.protocols import TrainingJobs
    from sagemaker_constructs.aws.settings import AwsSettings

_Seen = TypeVar("_Seen")

DEBUG = "SAGEMAKER_CONSTRUCTS_DEBUG"
"""Environment variable: set to anything, errors come with their traceback."""


class _AwsProvider(dynamic.ResourceProvider):
    """What the providers share: the stack's AWS settings, and one connection a Region. Stored by name alone."""

    serialize_as_secret_always = False
    connect: Callable[[AwsSettings, str], Any] = AwsTrainingJobs
    """How a provider comes by the jobs: `AwsTrainingJobs`, or a test's own."""

    def configure(self, req: dynamic.ConfigureRequest) -> None:
        """Read the stack's AWS settings; once in a process."""
        if DEBUG not in os.environ:
            sys.tracebacklimit = 0  # an error is its message; only this process is concerned
        self._settings = aws_settings(req.config.get)
        self._connections: dict[str, Any] = {}

    def _connected(self, region: str) -> Any:
        """The jobs of a Region, the same for every thread."""
        return self._connections.setdefault(region, type(self).connect(self._settings, region))


@dataclass(frozen=True, slots=True)
class _Compared:
    """What was found for a resource, for the `check` of its replacement."""

    present: str | None
    """The job that the resource has."""
    replaces: bool
    """Whether there is a reason for a new one."""
    name: str | None
    """The name that it will have, if that could be looked up."""


class TrainingJobProvider(_AwsProvider):
    """Check, diff, create, read, update and delete of a declared training job."""

    def configure(self, req: dynamic.ConfigureRequest) -> None:
        """Read the stack's AWS settings; once in a process."""
        super().configure(req)
        self._inventories: dict[str, Inventory] = {}
        self._said = threading.Event()
        self._advised: set[tuple[str, str]] = set()
        self._compared: dict[str, _Compared] = {}
        self._just_read: set[str] = set()

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> dynamic.CheckResult:
        """Validate the declaration and plan its name. Makes no call to AWS but for a replacement that the user forces.

        The planned values are inputs, so that dependents know them in a preview.
        """
        declared = Properties(news)
        region = None if is_deferred(declared.region) else declared.region
        try:
            spec = TrainingJobSpec.from_members(declared.members)
        except InvalidRequest as error:
            return _refused(declared, error.mistakes)
        broken, advice = check_rules(spec.to_members(), RuleContext(region, added_tags(declared)))
        broken += declared.option_mistakes()
        if broken:
            return _refused(declared, broken)
        for sentence in declared.presentable(advice):
            self._advise(f"advice: {sentence}")
        bag = properties.planned(declared, spec.to_members(), Properties(_olds))
        self._just_read.discard(current_urn())
        if _olds:
            self._compared[current_urn()] = _Compared(_olds.get("training_job_name"), replaces=False, name=None)
        elif name := self._name_of_replacement(Properties(bag)):
            bag = properties.planned(declared, spec.to_members(), Properties({}), name)
        return dynamic.CheckResult(bag, [])

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> dynamic.DiffResult:
        """Whether a new job is necessary. The engine itself finds which inputs differ."""
        if current_urn() in self._just_read:  # a refresh: nothing is declared anew, and nothing will be done
            self._just_read.discard(current_urn())
            return dynamic.DiffResult()
        recorded, declared = Properties(_olds), Properties(_news)
        status, reason, contents = self._as_it_is(_id, recorded, declared)
        found = decisions.verdict(
            properties.changes_of(recorded, declared),
            status=status,
            strict=declared.strict,
            on_failure=declared.on_failure,
            on_missing=declared.on_missing,
            failure_reason=reason,
            other_contents=[kind for kind, digest in contents.items() if recorded.contents.get(kind, digest) != digest],
            other_region=recorded.region != declared.region,
            adopted=recorded.adopted,
        )
        for sentence in found.sentences:
            report(sentence)
        self._compared[current_urn()] = _Compared(
            recorded.training_job_name,
            replaces=bool(found.replaces),
            name=self._look_ahead(declared.as_new(), contents) if found.replaces else None,
        )
        name_stays = declared.named_by_hand and recorded.training_job_name == declared.training_job_name
        if found.replaces and name_stays and recorded.region == declared.region and status != MISSING:
            if recorded.on_delete == declared.on_delete == "delete":  # the deletion follows what is recorded
                return _diff(found, delete_before_replace=True)
            taken = _name_is_taken(declared, found.replaces)
            if set(found.replaces) - decisions.NOT_INPUTS:
                raise taken
            report(str(taken), severity=WARNING)  # a refresh comes by here too, and must not fail
            return dynamic.DiffResult()
        return _diff(found)

    def create(self, props: dict[str, Any]) -> dynamic.CreateResult:
        """Adopt the job that fits, or start one. Returns as soon as the job exists; never waits for training."""
        declared = Properties(props)
        jobs = self._jobs(declared)
        contents = contents_of(jobs, declared, report)
        run = start_or_adopt(jobs, declared, contents, current_urn(), report)
        outs = properties.recorded(declared, run.job, adopted=run.adopted, claim=run.claim, contents=contents)
        return dynamic.CreateResult(run.job.name, outs)

    def read(self, id_: str, props: dict[str, Any]) -> dynamic.ReadResult:
        """The live job. Drift in what AWS can change in place is shown; a job that is gone is said."""
        recorded = Properties(props)
        existing = self._inventory(recorded).find(id_, recorded.owner)
        if not recorded.owner:
            if existing is None:
                raise ReconcileError(f"there is no training job {id_!r} in {recorded.region}")
            tags = self._if_allowed(lambda: self._tags(existing, recorded)) or {}
            return dynamic.ReadResult(id_, properties.only_read(props, existing, tags))
        self._just_read.add(current_urn())
        if existing is None and recorded.on_missing == "retrain":
            report(f"job {id_} was deleted elsewhere; the next up trains again, as on_missing='retrain' says")
            return dynamic.ReadResult("", {})
        if existing is None:
            report(f"job {id_} was deleted elsewhere; kept, as on_missing='keep' says", severity=WARNING)
            return dynamic.ReadResult(id_, {**props, "training_job_status": MISSING, "secondary_status": MISSING})
        outs = properties.recorded(
            recorded, existing, adopted=recorded.adopted, claim=recorded.claim, contents=recorded.contents
        )
        if recorded.adopted:
            return dynamic.ReadResult(id_, outs)
        seen = self._jobs(recorded).describe(id_) if unseen(recorded.members, existing) else existing
        drift = drifted(recorded.members, seen) if seen else {}
        live = live_tags(self._tags(existing, recorded), recorded)
        if all_tags(Properties({**outs, **live})) != all_tags(recorded):
            drift |= live
        outs |= drift
        return dynamic.ReadResult(id_, outs, properties.inputs_of(outs) if drift else None)

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> dynamic.UpdateResult:
        """Record what is declared now, and change on the job what AWS lets change."""
        recorded, declared = Properties(_olds), Properties(_news)
        jobs = self._jobs(declared)
        existing = jobs.describe(_id)
        if existing is None:
            gone = {"training_job_name": _id, "training_job_status": MISSING, "secondary_status": MISSING}
            return dynamic.UpdateResult({**_olds, **_news, **gone})
        if not recorded.adopted:
            self._change_in_place(jobs, existing, recorded, declared)
        now = contents_of(jobs, declared, report)
        contents = {kind: recorded.contents.get(kind, digest) for kind, digest in now.items()}
        return dynamic.UpdateResult(
            properties.recorded(declared, existing, adopted=recorded.adopted, claim=recorded.claim, contents=contents)
        )

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Follow `on_delete`; return when the job's network interfaces have left its subnets."""
        recorded = Properties(_props)
        remove(self._jobs(recorded), _id, recorded, report)

    def _advise(self, sentence: str) -> None:
        """Warn once: the engine checks a resource twice where it replaces it."""
        if (key := (current_urn(), sentence)) not in self._advised:
            self._advised.add(key)
            report(sentence, severity=WARNING)

    def _look_ahead(self, declared: Properties, contents: Mapping[str, str]) -> str | None:
        """The name that a new run will have, which is said where there is nothing to run."""
        if declared.named_by_hand or any(map(is_deferred, (declared.region, declared.training_job_name))):
            return None
        ahead = self._if_allowed(lambda: look_ahead(self._jobs(declared), declared, contents))
        if ahead is None:
            return None
        name, existing = ahead
        if existing is not None:
            report(f"job {name} has this configuration and is {existing.status}: taken up again, nothing starts")
        return name

    def _name_of_replacement(self, declared: Properties) -> str | None:
        """The name for the job that replaces the present one, where it is not the one that is planned.

        The engine checks a replacement as if it were new, in the process that has compared it before. Where comparing
        gave no reason, the program has one: `replacement_trigger`, `replace_on_changes`, `replace_with`. Then the
        present job would serve, and is not what is wanted. (`--replace` and a taint look like a new resource.)
        """
        compared = self._compared.pop(current_urn(), None)
        if compared is None or is_deferred(declared.training_job_name):
            return None
        if compared.replaces:
            return compared.name
        if declared.named_by_hand:
            report(
                f"another run is asked for, and training_job_name {declared.training_job_name!r} was given by hand: "
                "the job is taken up again, unless it is deleted first (delete_before_replace, on_delete='delete'). "
                "Leave training_job_name out for another run beside it",
                severity=WARNING,
            )
            return None
        if is_deferred(declared.region):
            return None
        name = self._if_allowed(lambda: name_of_another_run(self._jobs(declared), declared, compared.present))
        report(
            f"the resource's options ask for another run of this configuration: job {name or 'under a name to come'}"
        )
        return name

    def _if_allowed(self, look: Callable[[], _Seen | None]) -> _Seen | None:
        """What a look finds; nothing where nobody may look, said once."""
        try:
            return look()
        except ServiceError as error:
            if not error.no_access:
                raise
            if not self._said.is_set():
                self._said.set()
                report(f"the jobs cannot be looked at; the recorded state is compared. {error}", severity=WARNING)
            return None

    def _jobs(self, declared: Properties) -> TrainingJobs:
        return self._connected(declared.region)

    def _inventory(self, declared: Properties) -> Inventory:
        jobs = self._jobs(declared)
        return self._inventories.setdefault(declared.region, Inventory(jobs))

    def _as_it_is(
        self, name: str, recorded: Properties, declared: Properties
    ) -> tuple[str, str | None, dict[str, str]]:
        """Status, failure reason and contents as AWS has them; as recorded where nobody may look, said once."""

        def look() -> tuple[ExistingJob | None, dict[str, str]]:
            existing = self._inventory(recorded).find(name, recorded.owner)
            return existing, {} if is_deferred(declared.region) else contents_of(self._jobs(declared), declared, report)

        seen = self._if_allowed(look)
        if seen is None:
            return recorded.training_job_status, None, {}
        existing, contents = seen
        if existing is None:
            return MISSING, None, contents
        if existing.status in UNSUCCESSFUL and self._is_settled(existing, recorded):
            return SETTLED, None, contents
        secrets = secret_texts(recorded.members, recorded.bag.get("secret_members") or ())
        return existing.status, masked(existing.failure_reason or "", secrets), contents

    def _is_settled(self, existing: ExistingJob, recorded: Properties) -> bool:
        """Whether a result has accepted how the job ended, or another run took its place."""
        return SETTLED_TAG in self._tags(existing, recorded)

    def _tags(self, existing: ExistingJob, recorded: Properties) -> Mapping[str, str]:
        """The job's tags, which Search brings and DescribeTrainingJob does not."""
        return self._jobs(recorded).tags(existing.arn) if existing.tags is None else existing.tags

    def _change_in_place(
        self, jobs: TrainingJobs, existing: ExistingJob, recorded: Properties, declared: Properties
    ) -> None:
        before, after = all_tags(recorded), all_tags(declared)
        if gone := [key for key in before if key not in after]:
            jobs.delete_tags(existing.arn, gone)
        if changed := {key: value for key, value in after.items() if before.get(key) != value}:
            jobs.add_tags(existing.arn, changed)
        plan = live_plan(properties.changes_of(recorded, declared), existing)
        if plan.members:
            wire = TrainingJobSpec.from_members(declared.members).to_wire()
            jobs.update(existing.name, update_request(plan, wire))
        for sentence in plan.postponed:
            report(sentence)


def _refused(declared: Properties, mistakes: Iterable[Mistake]) -> dynamic.CheckResult:
    """Every mistake, tied to no property: with one the engine would print the value, a secret's in plain text."""
    failures = [dynamic.CheckFailure("", str(mistake)) for mistake in declared.presentable(mistakes)]
    return dynamic.CheckResult(dict(declared.bag), failures)


def _diff(found: decisions.Verdict, *, delete_before_replace: bool | None = None) -> dynamic.DiffResult:
    """The engine's own difference of the inputs, in detail, unless the reason to replace lies outside of them.

    Without an input that differs the engine would otherwise see no change at all.
    """
    outside = bool(found.replaces) and not set(found.replaces) - decisions.NOT_INPUTS
    return dynamic.DiffResult(
        changes=True if outside else None,
        replaces=list(found.replaces),
        delete_before_replace=delete_before_replace,
    )


def _name_is_taken(declared: Properties, replaces: tuple[str, ...]) -> ReconcileError:
    return ReconcileError(
        f"a new job is necessary ({', '.join(replaces)}), but the present one keeps the training_job_name "
        f"{declared.training_job_name!r} that was given by hand: leave training_job_name out, give another one, "
        "or set on_delete='delete' in an update of its own, after which the present job can be deleted first"
    )


class TrainingFallbackProvider(TrainingJobProvider):
    """A declared training job that is started only where the run before it found no machines."""

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> dynamic.CheckResult:
        """As for a job. Which run will count is not known before."""
        checked = super().check(fallbacks.own_run(_olds), fallbacks.own_run(news))
        if checked.failures:
            return checked
        return dynamic.CheckResult(fallbacks.as_declared(checked.inputs, news.get("after")), [])

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> dynamic.DiffResult:
        """Another run before it: look again whether this one is needed. Otherwise as for a job, if there is one."""
        if _olds.get("after") != _news.get("after"):
            self._compared.pop(current_urn(), None)  # a reason of our own: a run of the first name would serve
            return dynamic.DiffResult(replaces=["after"])
        if fallbacks.is_started(_olds):
            return super().diff(_id, fallbacks.own_run(_olds), fallbacks.own_run(_news))
        return dynamic.DiffResult()

    def create(self, props: dict[str, Any]) -> dynamic.CreateResult:
        """Start the run, or adopt it, where it is needed."""
        declared, before = Properties(props), props["after"]
        if not continues(self._connected(declared.region), declared.owner, before, report):
            return dynamic.CreateResult(f"{before}/not-needed", fallbacks.stands_by(props))
        run = super().create(fallbacks.own_run(props))
        return dynamic.CreateResult(run.id, fallbacks.started(props, run.outs or {}))

    def read(self, id_: str, props: dict[str, Any]) -> dynamic.ReadResult:
        """The live job, if there is one."""
        if not fallbacks.is_started(props):
            return dynamic.ReadResult(id_, props)
        found = super().read(id_, fallbacks.own_run(props))
        inputs = None if found.inputs is None else fallbacks.as_declared(found.inputs, props["after"])
        return dynamic.ReadResult(found.id, fallbacks.started(props, found.outs or {}) if found.id else {}, inputs)

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> dynamic.UpdateResult:
        """Record what is declared now, and change on the job, if there is one, what AWS lets change."""
        if not fallbacks.is_started(_olds):
            return dynamic.UpdateResult(fallbacks.stands_by(_news))
        updated = super().update(_id, fallbacks.own_run(_olds), fallbacks.own_run(_news))
        return dynamic.UpdateResult(fallbacks.started(_news, updated.outs or {}))

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Follow `on_delete`, if there is a job."""
        if fallbacks.is_started(_props):
            super().delete(_id, fallbacks.own_run(_props))


class TrainingResultProvider(_AwsProvider):
    """The result of a job that ended. The wait was the program's: nothing waits here."""

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> dynamic.CheckResult:
        """The name of a job that was not known in the program; that has looked at the options."""
        name = news.get("training_job_name")
        wrong = [] if is_deferred(name) else wrong_name(name)
        inputs = as_before(_olds, news) if _olds else news
        return dynamic.CheckResult(inputs, [dynamic.CheckFailure("", each) for each in wrong])

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> dynamic.DiffResult:
        """Another run is another result, also under the same name. The engine itself finds which options differ."""
        return dynamic.DiffResult(
            replaces=[name for name in ("training_job_name", "region", "claim") if _olds.get(name) != _news.get(name)]
        )

    def create(self, props: dict[str, Any]) -> dynamic.CreateResult:
        """Read what the job came to. One that failed fails here, and nothing is recorded but the job itself."""
        declared = ResultProperties(props)
        found = conclude(self._jobs(declared), declared, report)
        return dynamic.CreateResult(declared.training_job_name, declared.with_outputs(found))

    def read(self, id_: str, props: dict[str, Any]) -> dynamic.ReadResult:
        """What was recorded: a job that ended does not change."""
        return dynamic.ReadResult(id_, props)

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> dynamic.UpdateResult:
        """Judge the same result by other options."""
        declared = ResultProperties(_news)
        reconsider(self._jobs(declared), _olds, declared, report)
        inputs = {name: value for name, value in _news.items() if name != "model_artifacts"}
        return dynamic.UpdateResult({**_olds, **inputs})

    def _jobs(self, declared: ResultProperties) -> TrainingJobs:
        return self._connected(declared.region)
