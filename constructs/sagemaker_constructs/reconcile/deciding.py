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
from sagemaker_constructs.api.deferred import is_deferred
from sagemaker_constructs.aws.errors import ReconcileError
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
from sagemaker_constructs.reconcile.prospect import Known, prospect
from sagemaker_constructs.reconcile.what_changes import shown_changes, what_changes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sagemaker_constructs.cost.prices import PriceList
    from sagemaker_constructs.reconcile.access import Access
    from sagemaker_constructs.reconcile.decision_record import MemberChange
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
        self._known: dict[str, Known] = {}
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
            self._known[declared.declared_as] = Known(before.training_job_name)

    def compared(self, recorded: Properties, declared: Properties, seen: Observed, verdict: Verdict) -> None:
        """`diff` knows whether a new job is necessary."""
        if not self._review.wanted():
            return
        reason, name = " · ".join(verdict.sentences), recorded.training_job_name
        changes = shown_changes(recorded, self._private(declared))
        self._known[declared.declared_as] = Known(name, reason, changes, declared.options.on_delete == "delete")
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
            self._known[declared.declared_as] = Known(present, reason, shown_changes(recorded, self._private(declared)))

    def next_run(self, declared: Properties, advice: Iterable[object] = ()) -> list[str]:
        """A new resource, or a replacement, was checked: whether a job starts or is adopted. Returns the refusals."""
        if not self._review.wanted():
            return []
        known = self._known.pop(declared.declared_as, None)
        ahead = prospect(self._access, declared, known)
        findings = [Finding(code="advice", severity=Severity.WARNING, text=str(each)) for each in advice]
        if ahead.unsure:
            findings.append(Finding(code="look-up", severity=Severity.WARNING, text=ahead.unsure))
        record = self._record(
            declared,
            ahead.decision,
            name=ahead.name,
            present=known.present if known else None,
            reason=" · ".join(filter(None, [known.reason if known else "", ahead.reason])),
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
        costs = decision in STARTS
        return composed(declared, decision).model_copy(
            update={
                "reason": reason,
                "training_job_name": name,
                "present_job": present,
                "maximum_cost": self._maximum_cost(declared) if costs else MaximumCost(usd="0"),
                "network_prices": self._network_prices(declared) if self._review.append else None,
                "changes": tuple(changes),
                "findings": tuple(findings),
                "inputs": digest_of(self._private(declared)) if costs or decision is Decision.ADOPT else None,
            }
        )

    def _write(self, record: DecisionRecord) -> None:
        if self._review.append is not None:
            self._review.append(DecisionRecord.model_validate(_masked(record.model_dump(mode="json"))))


def _masked(tree: Any) -> Any:
    """The same tree with every text masked: of the credentials in it, and of the secrets of the present call."""
    if isinstance(tree, str):
        return without_secrets(tree)
    if isinstance(tree, dict):
        return {key: _masked(value) for key, value in tree.items()}
    return [_masked(value) for value in tree] if isinstance(tree, list) else tree
