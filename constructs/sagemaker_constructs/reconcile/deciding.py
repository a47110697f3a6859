"""Says what becomes of a declared job: composes the records of the decision file, and refuses what was not approved.

Input: what `check` and `diff` know of a resource. Output: records, and refusals. Without a decision file and an
approval nothing is composed, and nothing is looked up.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sagemaker_constructs.api.confidential import without_secrets
from sagemaker_constructs.api.deferred import is_deferred
from sagemaker_constructs.aws.errors import ReconcileError
from sagemaker_constructs.guardrails.rules import COST_PER_JOB
from sagemaker_constructs.reconcile.approval import Approval, refusals
from sagemaker_constructs.reconcile.bag import Properties
from sagemaker_constructs.reconcile.composing import composed, removal
from sagemaker_constructs.reconcile.decision_record import (
    STARTS,
    Decision,
    DecisionRecord,
    Finding,
    MaximumCost,
    Severity,
)
from sagemaker_constructs.reconcile.declared_values import foreign_paths
from sagemaker_constructs.reconcile.input_digest import digest_of
from sagemaker_constructs.reconcile.prospect import prospect
from sagemaker_constructs.reconcile.what_changes import shown_changes, what_changes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sagemaker_constructs.cost.prices import PriceList
    from sagemaker_constructs.reconcile.access import Access
    from sagemaker_constructs.reconcile.checked_resource import CheckedResource
    from sagemaker_constructs.reconcile.decision_record import Inputs, MemberChange
    from sagemaker_constructs.reconcile.decisions import Verdict
    from sagemaker_constructs.reconcile.observing import Observed


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


class Decisions:
    """The decisions of one process.

    Args:
        access: the jobs of the stack.
        review: where they go.
        maximum_cost: what a declared job costs at most, if it starts.
        limits_cost: whether a guardrail limits that.
        network_prices: what its network costs by the hour.
    """

    def __init__(
        self,
        access: Access,
        review: Review,
        maximum_cost: Callable[[Properties], MaximumCost],
        limits_cost: Callable[[Properties], bool],
        network_prices: Callable[[Properties], PriceList | None],
    ) -> None:
        self._access = access
        self._review = review
        self._maximum_cost = maximum_cost
        self._limits_cost = limits_cost
        self._network_prices = network_prices

    @property
    def need_approval(self) -> bool:
        """Whether only what was approved may start, so that a name has to be looked up before it is tried."""
        return self._review.approval() is not None

    def refused(self, declared: Properties, codes: Iterable[str], mistakes: Iterable[object]) -> None:
        """The declaration is wrong; each mistake has a code."""
        if self._review.wanted():
            each = zip(codes, mistakes, strict=True)
            findings = [Finding(code=code, severity=Severity.ERROR, text=str(mistake)) for code, mistake in each]
            self._write(self._record(declared, Decision.REFUSED, findings=findings))

    def compared(
        self,
        resource: CheckedResource,
        recorded: Properties,
        declared: Properties,
        seen: Observed,
        verdict: Verdict,
    ) -> None:
        """`diff` knows whether a new job is necessary."""
        if not self._review.wanted():
            return
        reason, changes = " · ".join(verdict.sentences), shown_changes(recorded, _private(resource, declared))
        if resource.comparison:
            deleted_first = declared.options.on_delete == "delete"
            resource.comparison = replace(
                resource.comparison, reason=reason, changes=changes, deleted_first=deleted_first
            )
        if not verdict.replaces:
            decision = what_changes(recorded, declared, seen)
            name = recorded.training_job_name
            self._write(self._record(declared, decision, name=name, reason=reason, changes=changes))

    def not_started(self, declared: Properties) -> None:
        """A fallback that was not needed is not needed again."""
        if self._review.wanted():
            self._write(self._record(declared, Decision.UNCHANGED, reason="the fallback was not needed"))

    def replaced(self, resource: CheckedResource, recorded: Properties, declared: Properties) -> None:
        """The resource is replaced for a reason outside of its members."""
        if self._review.wanted() and resource.comparison:
            changes = shown_changes(recorded, _private(resource, declared))
            resource.comparison = replace(resource.comparison, changes=changes)

    def next_run(self, resource: CheckedResource, declared: Properties, advice: Iterable[object] = ()) -> list[str]:
        """A new resource, or a replacement, was checked: whether a job starts or is adopted. Returns the refusals."""
        if not self._review.wanted():
            return []
        known, private = resource.comparison, _private(resource, declared)
        ahead = prospect(self._access, declared, resource)
        findings = [Finding(code="advice", severity=Severity.WARNING, text=str(each)) for each in advice]
        if ahead.unsure:
            findings.append(Finding(code="look-up", severity=Severity.WARNING, text=ahead.unsure))
        reason = " · ".join(filter(None, [known.reason if known else "", ahead.reason]))
        record = self._record(
            declared,
            ahead.decision,
            name=ahead.name,
            present=resource.present if known else None,
            reason=reason if reason or known else "the resource is new",
            changes=known.changes if known else (),
            findings=findings,
            inputs=digest_of(private) if ahead.decision in {*STARTS, Decision.ADOPT} else None,
        )
        found = self._refusals(record, private)
        extra = [*self._undecided(record, declared)]
        extra += [Finding(code="approval", severity=Severity.ERROR, text=each) for each in found]
        self._write(record.model_copy(update={"findings": (*record.findings, *extra)}))
        return found

    def require_approval(self, resource: CheckedResource, declared: Properties, name: str) -> None:
        """Refuse to start job `name`, which does not exist, unless that was approved. Raises ReconcileError."""
        if self._review.approval() is not None:
            record = self._record(declared, Decision.START, name=name)
            found = self._refusals(record, _private(resource, declared))
            if found:
                raise ReconcileError(f"job {name} is not started: {'; '.join(found)}")

    def removed(self, recorded: Properties) -> None:
        """The resource goes."""
        if self._review.append is not None:
            self._write(removal(recorded))

    def _refusals(self, record: DecisionRecord, private: Properties) -> list[str]:
        approval = self._review.approval()
        if approval is None:
            return []
        return [
            f"{each}. SAGEMAKER_CONSTRUCTS_APPROVAL allows what was reviewed: preview and approve again"
            for each in refusals(approval, record, private, is_limited=lambda: self._limits_cost(private))
        ]

    def _undecided(self, record: DecisionRecord, declared: Properties) -> Iterator[Finding]:
        """What the job costs is decided in `up`."""
        if undecided := record.maximum_cost.undecided:
            limit = (
                f"the guardrail {COST_PER_JOB} limits that"
                if self._limits_cost(declared)
                else f"an approval does not start the job, for no guardrail {COST_PER_JOB} limits that"
            )
            text = f"what the job costs is decided in `up`: {', '.join(undecided)} not known yet; {limit}"
            yield Finding(code="undecided", severity=Severity.WARNING, text=text)

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
        inputs: Inputs | None = None,
    ) -> DecisionRecord:
        return composed(declared, decision).model_copy(
            update={
                "reason": reason,
                "training_job_name": name,
                "present_job": present,
                "maximum_cost": self._maximum_cost(declared) if decision in STARTS else MaximumCost(usd="0"),
                "network_prices": self._network_prices(declared) if self._review.append else None,
                "changes": tuple(changes),
                "findings": tuple(findings),
                "inputs": inputs,
            }
        )

    def _write(self, record: DecisionRecord) -> None:
        if self._review.append is not None:
            self._review.append(DecisionRecord.model_validate(_masked(record.model_dump(mode="json"))))


def _private(resource: CheckedResource, declared: Properties) -> Properties:
    """The declaration, in which what a transform has set counts as secret, too: only `check` can tell what that is."""
    foreign = foreign_paths(resource.sent)
    if not foreign or is_deferred(declared.bag.get("secret_members")):
        return declared
    return Properties({**declared.bag, "secret_members": [*declared.secret_paths, *foreign]})


def _masked(tree: Any) -> Any:
    """The same tree with every text masked: of the credentials in it, and of the secrets of the present call."""
    if isinstance(tree, str):
        return without_secrets(tree)
    if isinstance(tree, dict):
        return {key: _masked(value) for key, value in tree.items()}
    return [_masked(value) for value in tree] if isinstance(tree, list) else tree
