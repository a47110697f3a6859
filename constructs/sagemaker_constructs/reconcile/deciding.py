"""Says what becomes of a declared job: composes the records of the decision file, and refuses what was not approved.

Input: what `check` and `diff` know of a resource. Output: records, and refusals. Without a decision file and an
approval nothing is composed, and nothing is looked up.

The engine calls `diff` only for a resource that exists, and checks a replacement again as if it were new. So what is
known of a resource is kept, by its `declared_as`, until that check.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sagemaker_constructs.api.confidential import without_secrets
from sagemaker_constructs.api.defaults import DEFAULTS
from sagemaker_constructs.api.deferred import is_deferred
from sagemaker_constructs.api.instances import candidates
from sagemaker_constructs.api.tree import values_at
from sagemaker_constructs.aws.answers import MISSING, RUNNING
from sagemaker_constructs.aws.errors import ReconcileError
from sagemaker_constructs.reconcile.approval import Approval, refusals
from sagemaker_constructs.reconcile.bag import Properties
from sagemaker_constructs.reconcile.contents import contents_of
from sagemaker_constructs.reconcile.decision_record import (
    Decision,
    DecisionRecord,
    Finding,
    Machines,
    MaximumCost,
    Severity,
)
from sagemaker_constructs.reconcile.declared_values import foreign_paths
from sagemaker_constructs.reconcile.input_digest import digest_of
from sagemaker_constructs.reconcile.starting import outlook
from sagemaker_constructs.reconcile.what_changes import shown_changes, what_changes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sagemaker_constructs.cost.prices import PriceList
    from sagemaker_constructs.reconcile.access import Access
    from sagemaker_constructs.reconcile.decision_record import MemberChange
    from sagemaker_constructs.reconcile.decisions import Verdict
    from sagemaker_constructs.reconcile.observing import Observed

_MAX_RUNTIME = "stopping_condition.max_runtime_in_seconds"


@dataclass(frozen=True)
class Review:
    """Where decisions are written, and what was approved."""

    append: Callable[[DecisionRecord], None] | None = None
    """Writes a record; None without a decision file."""
    approval: Callable[[], Approval | None] = field(default=lambda: None)
    """What was approved; None where everything is allowed. Raises ReconcileError where that cannot be read."""

    def wanted(self) -> bool:
        """Whether anybody asks for decisions."""
        return self.append is not None or self.approval() is not None


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a resource before its replacement is checked."""

    present: str | None
    reason: str = "the resource's options request another run"
    changes: tuple[MemberChange, ...] = ()
    deleted_first: bool = False


@dataclass(frozen=True, slots=True)
class _Prospect:
    """What `create` will do."""

    decision: Decision
    name: str | None
    """The job's."""
    reason: str = ""
    unsure: str = ""
    """What could not be looked up."""


class Decisions:
    """The decisions of one process.

    Args:
        access: the jobs of the stack.
        review: where they go.
        maximum_cost: what a declared job costs at most, if it starts.
        network_prices: what its network costs by the hour.
    """

    def __init__(
        self,
        access: Access,
        review: Review,
        maximum_cost: Callable[[Properties], MaximumCost],
        network_prices: Callable[[Properties], PriceList | None],
    ) -> None:
        self._access = access
        self._review = review
        self._maximum_cost = maximum_cost
        self._network_prices = network_prices
        self._known: dict[str, _Known] = {}
        self._foreign: dict[str, tuple[str, ...]] = {}

    @property
    def need_approval(self) -> bool:
        """Whether only what was approved may start, so that a name has to be looked up before it is tried."""
        return self._review.approval() is not None

    def sent(self, sent: Properties) -> None:
        """Note which values a transform has set: they may be secrets, and only `check` can tell."""
        if self._review.wanted():
            self._foreign[sent.declared_as] = foreign_paths(sent.bag)

    def refused(self, declared: Properties, codes: Iterable[str], mistakes: Iterable[object]) -> None:
        """The declaration is wrong; each mistake has a code."""
        if self._review.wanted():
            each = zip(codes, mistakes, strict=True)
            findings = [Finding(code=code, severity=Severity.ERROR, text=str(mistake)) for code, mistake in each]
            self._write(self._record(declared, Decision.REFUSED, findings=findings))

    def checked(self, before: Properties, declared: Properties) -> None:
        """An existing resource was checked; before a forced replacement `diff` is not called."""
        if self._review.wanted():
            self._known[declared.declared_as] = _Known(before.training_job_name)

    def compared(self, recorded: Properties, declared: Properties, seen: Observed, verdict: Verdict) -> None:
        """`diff` knows whether a new job is necessary."""
        if not self._review.wanted():
            return
        reason, name = " · ".join(verdict.sentences), recorded.training_job_name
        changes = shown_changes(recorded, self._private(declared))
        self._known[declared.declared_as] = _Known(name, reason, changes, declared.options.on_delete == "delete")
        if not verdict.replaces:
            decision = what_changes(recorded, declared, seen)
            self._write(self._record(declared, decision, name=name, reason=reason, changes=changes))

    def not_started(self, declared: Properties) -> None:
        """A fallback that was not needed is not needed again."""
        if self._review.wanted():
            self._write(self._record(declared, Decision.UNCHANGED, reason="the fallback was not needed"))

    def replaced(self, recorded: Properties, declared: Properties, reason: str) -> None:
        """The resource is replaced for a reason outside of its members."""
        if self._review.wanted():
            present = recorded.training_job_name if recorded.started else None
            self._known[declared.declared_as] = _Known(
                present, reason, shown_changes(recorded, self._private(declared))
            )

    def next_run(self, declared: Properties, advice: Iterable[object] = ()) -> list[str]:
        """A new resource, or a replacement, was checked: whether a job starts or is adopted. Returns the refusals."""
        if not self._review.wanted():
            return []
        known = self._known.pop(declared.declared_as, None)
        prospect = self._prospect(declared, known)
        findings = [Finding(code="advice", severity=Severity.WARNING, text=str(each)) for each in advice]
        if prospect.unsure:
            findings.append(Finding(code="look-up", severity=Severity.WARNING, text=prospect.unsure))
        record = self._record(
            declared,
            prospect.decision,
            name=prospect.name,
            present=known.present if known else None,
            reason=" · ".join(filter(None, [known.reason if known else "", prospect.reason])),
            changes=known.changes if known else (),
            findings=findings,
        )
        found = self._refusals(record, declared)
        extra = [Finding(code="approval", severity=Severity.ERROR, text=each) for each in found]
        self._write(record.model_copy(update={"findings": (*record.findings, *extra)}))
        return found

    def require_approval(self, declared: Properties, name: str) -> None:
        """Refuse to start job `name`, which does not exist, unless that was approved. Raises ReconcileError."""
        if self._review.approval() is not None:
            found = self._refusals(self._record(declared, Decision.START, name=name), declared)
            if found:
                raise ReconcileError(f"job {name} is not started: {'; '.join(found)}")

    def removed(self, recorded: Properties) -> None:
        """The resource goes."""
        if self._review.append is not None:
            self._write(removal(recorded))

    def _prospect(self, declared: Properties, known: _Known | None) -> _Prospect:
        """What `create` will do."""
        start = Decision.RESTART if known and known.present else Decision.START
        name = None if is_deferred(declared.training_job_name) else declared.training_job_name
        if "after" in declared.bag:
            return _Prospect(start, name, "only if the run before it finds no capacity")
        if name is None or not self._access.is_known(declared):
            return _Prospect(start, name)
        found = self._access.if_allowed(lambda: self._outlook(declared))
        if found is None:
            return _Prospect(start, name, unsure=f"whether job {name} exists already could not be looked up")
        name, sentence, reusable = found
        if reusable:
            return _Prospect(Decision.ADOPT, name, sentence)
        replaced_first = known is not None and known.deleted_first and known.present == name
        if sentence and not replaced_first:
            return _Prospect(Decision.REFUSED, name, sentence)
        return _Prospect(start, name)

    def _outlook(self, declared: Properties) -> tuple[str | None, str, bool]:
        jobs = self._access.jobs(declared)
        return outlook(jobs, declared, contents_of(jobs, declared, _silent))

    def _private(self, declared: Properties) -> Properties:
        """The declaration, in which what a transform has set counts as secret, too."""
        foreign = self._foreign.get(declared.declared_as)
        if not foreign or is_deferred(declared.bag.get("secret_members")):
            return declared
        return Properties({**declared.bag, "secret_members": [*declared.secret_paths, *foreign]})

    def _refusals(self, record: DecisionRecord, declared: Properties) -> list[str]:
        approval = self._review.approval()
        if approval is None:
            return []
        return [
            f"{each}. SAGEMAKER_CONSTRUCTS_APPROVAL allows what was reviewed: preview and approve again"
            for each in refusals(approval, record, self._private(declared))
        ]

    def _record(
        self,
        declared: Properties,
        decision: Decision,
        *,
        name: str | None = None,
        present: str | None = None,
        reason: str = "",
        changes: Sequence[MemberChange] = (),
        findings: Sequence[Finding] = (),
    ) -> DecisionRecord:
        costs = decision in {Decision.START, Decision.RESTART}
        after = declared.bag.get("after")
        secret = any(path.startswith("stopping_condition") for path in declared.secret_paths)
        return DecisionRecord(
            urn=urn_of(declared),
            decision=decision,
            reason=reason,
            training_job_name=name,
            present_job=present,
            after=after if isinstance(after, str) else None,
            machines=tuple(
                tuple(Machines(instance_type=kind, instance_count=count) for kind, count in each.items())
                for each in candidates(declared.members)
            ),
            spot=declared.members.get("enable_managed_spot_training") is True,
            max_runtime_in_seconds=None if secret else _max_runtime(declared.members),
            maximum_cost=self._maximum_cost(declared) if costs else MaximumCost(usd="0"),
            network_prices=self._network_prices(declared) if self._review.append else None,
            changes=tuple(changes),
            findings=tuple(findings),
            inputs=digest_of(self._private(declared)) if costs or decision is Decision.ADOPT else None,
        )

    def _write(self, record: DecisionRecord) -> None:
        if self._review.append is not None:
            self._review.append(DecisionRecord.model_validate(_masked(record.model_dump(mode="json"))))


def urn_of(declared: Properties) -> str:
    """The resource's URN, by its type path and name and by its stack."""
    _, _, stack = declared.options.owner.partition("/")
    project, _, stack = stack.rpartition("/")
    return f"urn:pulumi:{stack}::{project}::{declared.declared_as}"


def removal(recorded: Properties) -> DecisionRecord:
    """What becomes of the job of a resource that goes, by the outputs that the state has."""
    on_delete, name = recorded.options.on_delete, recorded.training_job_name
    if recorded.adopted or on_delete == "retain" or recorded.training_job_status == MISSING:
        decision = Decision.KEEP
    elif on_delete == "delete":
        decision = Decision.DELETE
    else:
        decision = Decision.STOP if recorded.training_job_status in RUNNING else Decision.KEEP
    return DecisionRecord(
        urn=urn_of(recorded),
        decision=decision,
        reason="the resource is no longer declared",
        training_job_name=name,
        present_job=name,
        maximum_cost=MaximumCost(usd="0"),
    )


def _masked(tree: Any) -> Any:
    """The same tree with every text masked: of the credentials in it, and of the secrets of the present call."""
    if isinstance(tree, str):
        return without_secrets(tree)
    if isinstance(tree, dict):
        return {key: _masked(value) for key, value in tree.items()}
    return [_masked(value) for value in tree] if isinstance(tree, list) else tree


def _max_runtime(members: Mapping[str, Any]) -> int | None:
    if is_deferred(members.get("stopping_condition")):
        return None
    found = next(iter(values_at(members, _MAX_RUNTIME)), DEFAULTS[_MAX_RUNTIME].value)
    return int(found) if isinstance(found, int | float) else None


def _silent(message: str, *, warning: bool = False, ephemeral: bool = False) -> None:
    """`create` says it."""
    del message, warning, ephemeral
