"""The dynamic providers: what the engine calls in the life of a declared training job.

Every state that uses this library stores the name of this module and of its classes; neither may ever change.
A provider decides nothing itself: it asks `api` whether a declaration is valid and `reconcile` what is to be done,
and says so to the user through `engine`.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from pulumi import dynamic

from sagemaker_constructs.api.mistakes import InvalidRequest
from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.engine import WARNING, report
from sagemaker_constructs.reconcile import decisions, properties
from sagemaker_constructs.reconcile.contents import contents_of
from sagemaker_constructs.reconcile.errors import ReconcileError, ServiceError
from sagemaker_constructs.reconcile.inventory import Inventory
from sagemaker_constructs.reconcile.live import live_plan, update_request
from sagemaker_constructs.reconcile.observed import MISSING, ExistingJob
from sagemaker_constructs.reconcile.properties import Properties
from sagemaker_constructs.reconcile.removal import remove
from sagemaker_constructs.reconcile.service import AwsTrainingJobs, Connect, TrainingJobs
from sagemaker_constructs.reconcile.settings import aws_settings
from sagemaker_constructs.reconcile.starting import start_or_adopt

DEBUG = "SAGEMAKER_CONSTRUCTS_DEBUG"
"""Environment variable: set to anything, errors come with their traceback."""


class TrainingJobProvider(dynamic.ResourceProvider):
    """Check, diff, create, read, update and delete of a declared training job. Without state: it is stored by name."""

    serialize_as_secret_always = False
    connect: Connect = AwsTrainingJobs

    def configure(self, req: dynamic.ConfigureRequest) -> None:
        """Read the stack's AWS settings; once in a process."""
        if DEBUG not in os.environ:
            sys.tracebacklimit = 0  # an error is its message; only this process is concerned
        self._settings = aws_settings(req.config.get)
        self._connections: dict[str, TrainingJobs] = {}
        self._inventories: dict[str, Inventory] = {}
        self._blind = False

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> dynamic.CheckResult:
        """Validate the declaration and plan its name. Makes no call to AWS.

        The planned values are inputs, so that dependents know them in a preview.
        """
        declared = Properties(news)
        try:
            spec = TrainingJobSpec.from_members(declared.members)
        except InvalidRequest as error:
            # An empty property name: with one the engine would print the value, a secret's in plain text.
            return dynamic.CheckResult(
                news, [dynamic.CheckFailure("", str(mistake)) for mistake in declared.presentable(error.mistakes)]
            )
        return dynamic.CheckResult(properties.planned(declared, spec.to_members(), Properties(_olds)), [])

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> dynamic.DiffResult:
        """Whether a new job is necessary. The engine itself finds which inputs differ."""
        recorded, declared = Properties(_olds), Properties(_news)
        status, reason, contents = self._as_it_is(_id, recorded, declared)
        found = decisions.verdict(
            decisions.declared_changes(recorded.members, declared.members),
            status=status,
            strict=declared.strict,
            on_failure=declared.on_failure,
            on_missing=declared.on_missing,
            failure_reason=reason,
            other_contents=[kind for kind, digest in contents.items() if recorded.contents.get(kind) != digest],
            other_region=recorded.region != declared.region,
        )
        for sentence in found.sentences:
            report(sentence)
        name_stays = declared.named_by_hand and recorded.training_job_name == declared.training_job_name
        if found.replaces and name_stays and recorded.region == declared.region:
            if declared.on_delete != "delete":
                raise _name_is_taken(declared, found.replaces)
            return dynamic.DiffResult(replaces=list(found.replaces), delete_before_replace=True)
        return dynamic.DiffResult(replaces=list(found.replaces))

    def create(self, props: dict[str, Any]) -> dynamic.CreateResult:
        """Adopt the job that fits, or start one. Returns as soon as the job exists; never waits for training."""
        declared = Properties(props)
        jobs = self._jobs(declared)
        contents = contents_of(jobs, declared, report)
        run = start_or_adopt(jobs, declared, contents, self._settings, report)
        outs = properties.recorded(declared, run.job, adopted=run.adopted, contents=contents)
        return dynamic.CreateResult(run.job.name, outs)

    def read(self, id_: str, props: dict[str, Any]) -> dynamic.ReadResult:
        """The live job. Drift in what AWS can change in place is shown; a job that is gone is said."""
        recorded = Properties(props)
        existing = self._inventory(recorded).find(id_, recorded.owner)
        if existing is None and recorded.on_missing == "retrain":
            report(f"job {id_} was deleted elsewhere; the next up trains again, as on_missing='retrain' says")
            return dynamic.ReadResult("", {})
        if existing is None:
            report(f"job {id_} was deleted elsewhere; kept, as on_missing='keep' says", severity=WARNING)
            return dynamic.ReadResult(id_, {**props, "training_job_status": MISSING, "secondary_status": MISSING})
        outs = properties.recorded(recorded, existing, adopted=recorded.adopted, contents=recorded.contents)
        tags = self._jobs(recorded).tags(existing.arn) if existing.tags is None else existing.tags
        live = properties.live_tags(tags, recorded, self._settings)
        if recorded.adopted or Properties({"tags": live}).tags == recorded.tags:
            return dynamic.ReadResult(id_, outs)
        outs["tags"] = live
        return dynamic.ReadResult(id_, outs, properties.inputs_of(outs))

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
        contents = contents_of(jobs, declared, report)
        return dynamic.UpdateResult(
            properties.recorded(declared, existing, adopted=recorded.adopted, contents=contents)
        )

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Follow `on_delete`; return when the job's network interfaces have left its subnets."""
        recorded = Properties(_props)
        remove(self._jobs(recorded), _id, recorded, report)

    def _jobs(self, declared: Properties) -> TrainingJobs:
        region = declared.region
        if region not in self._connections:
            self._connections[region] = type(self).connect(self._settings, region)
        return self._connections[region]

    def _inventory(self, declared: Properties) -> Inventory:
        jobs = self._jobs(declared)
        return self._inventories.setdefault(declared.region, Inventory(jobs))

    def _as_it_is(
        self, name: str, recorded: Properties, declared: Properties
    ) -> tuple[str, str | None, dict[str, str]]:
        """Status, failure reason and contents as AWS has them; as recorded where nobody may look, said once."""
        try:
            existing = self._inventory(recorded).find(name, recorded.owner)
            contents = contents_of(self._jobs(declared), declared, report)
        except ServiceError as error:
            if not error.no_access:
                raise
            if not self._blind:
                self._blind = True
                report(f"the jobs cannot be looked at; the recorded state is compared. {error}", severity=WARNING)
            return recorded.training_job_status, None, {}
        return (existing.status, existing.failure_reason, contents) if existing else (MISSING, None, contents)

    def _change_in_place(
        self, jobs: TrainingJobs, existing: ExistingJob, recorded: Properties, declared: Properties
    ) -> None:
        before, after = (properties.all_tags(each, self._settings) for each in (recorded, declared))
        if gone := [key for key in before if key not in after]:
            jobs.delete_tags(existing.arn, gone)
        if changed := {key: value for key, value in after.items() if before.get(key) != value}:
            jobs.add_tags(existing.arn, changed)
        plan = live_plan(decisions.declared_changes(recorded.members, declared.members), existing)
        if plan.members:
            wire = TrainingJobSpec.from_members(declared.members).to_wire()
            jobs.update(existing.name, update_request(plan, wire))
        for sentence in plan.postponed:
            report(sentence)


def _name_is_taken(declared: Properties, replaces: tuple[str, ...]) -> ReconcileError:
    return ReconcileError(
        f"{', '.join(replaces)} changed, which needs a new job, but the present one keeps the training_job_name "
        f"{declared.training_job_name!r} that was given by hand: leave training_job_name out, give another one, "
        "or set on_delete='delete' to delete the present job first"
    )
