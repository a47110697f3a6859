"""Combines the engine's events and the decision file of one environment.

Input: a `Preview` and `DecisionRecord`s. Output: an `Environment`: what becomes of each job, what else changes, what
was found, and what jobs and network cost.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from decimal import ROUND_UP, Decimal
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from sagemaker_constructs.api.masking import masked
from sagemaker_constructs.cost.network import NetworkCost, network_cost
from sagemaker_constructs.reconcile.bag import Properties
from sagemaker_constructs.reconcile.composing import removal
from sagemaker_constructs.reconcile.decision_record import GUARDRAIL, Decision, DecisionRecord, Finding, Severity
from sagemaker_constructs.review.events import FAILED, Message

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sagemaker_constructs.review.events import Preview

_UNDECIDED = (
    "the decision file has no decision for {}: it is missing or of another preview; run `sagemaker-review preview`"
)


class Cost(NamedTuple):
    """What the jobs that start cost at most."""

    usd: Decimal
    not_known: int
    """Jobs whose cost is not known."""

    def __str__(self) -> str:
        """`$41.20`, rounded up; `$3.00 and an unknown amount`."""
        known = f"${self.usd.quantize(Decimal('0.01'), ROUND_UP):,}"
        if not self.not_known:
            return known
        return f"{known} and an unknown amount" if self.usd else "an unknown amount"

    def plus(self, other: Cost) -> Cost:
        """Both."""
        return Cost(self.usd + other.usd, self.not_known + other.not_known)

    def exceeds(self, budget: Decimal) -> bool:
        """Whether it is more than a budget; what is not known is more than any."""
        return self.not_known > 0 or self.usd > budget


class Budget(NamedTuple):
    """What the jobs that start may cost at most."""

    usd: Decimal
    rule: str = ""
    """The guardrail that says so, and who may change it; empty where `--budget` does."""


class Network(NamedTuple):
    """What the stack's network costs by the hour."""

    before: NetworkCost
    after: NetworkCost
    prices_from: date | None
    """When the prices were fetched."""

    @property
    def changes(self) -> bool:
        """Whether it will cost something else."""
        return self.before != self.after

    @property
    def more(self) -> Decimal | None:
        """US dollars that it will cost more in a month; None where that is not known."""
        before, after = self.before.monthly, self.after.monthly
        return None if before is None or after is None else after - before


@dataclass(frozen=True)
class Environment:
    """One environment of the review."""

    name: str
    preview: Preview
    jobs: tuple[DecisionRecord, ...]
    """One for each job, in the order of their URNs."""
    budget: Budget | None = None
    """What the jobs of the stack may cost at most; None where that is not limited."""

    @classmethod
    def of(
        cls, name: str, preview: Preview, records: Iterable[DecisionRecord], budget: Budget | None = None
    ) -> Environment:
        """The environment: of each job its last record, and those that the engine deletes, which writes no record.

        A step of a job without a decision is a failure: nobody knows what would start.
        """
        last = {record.urn: record for record in records}
        for step in preview.steps:
            if step.operation == "delete" and step.is_job and step.outputs:
                last[step.urn] = removal(Properties(step.outputs)).model_copy(update={"urn": step.urn})
        undecided = tuple(step.urn for step in preview.steps if step.is_job and step.urn not in last)
        if undecided and not preview.failed:
            messages = tuple(Message("error", _UNDECIDED.format(resource_name(urn)), urn) for urn in undecided)
            preview = replace(preview, result=FAILED, messages=(*preview.messages, *messages))
        return cls(name, preview, tuple(last[urn] for urn in sorted(last)), budget)

    @property
    def failed(self) -> bool:
        """Whether the preview failed."""
        return self.preview.failed

    @cached_property
    def changed(self) -> tuple[DecisionRecord, ...]:
        """The jobs to which something happens; none of a preview that failed, which knows only a part."""
        return () if self.failed else tuple(job for job in self.jobs if job.decision is not Decision.UNCHANGED)

    @property
    def others(self) -> Counter[str]:
        """What happens to resources that are no jobs, by operation."""
        return Counter(step.operation for step in self.preview.steps if not step.is_job)

    @property
    def is_unchanged(self) -> bool:
        """Whether nothing happens at all."""
        return not (self.failed or self.changed or self.others)

    @property
    def cost(self) -> Cost:
        """What the jobs that start cost at most; what is not known counts as such."""
        amounts = [job.maximum_cost.usd for job in self.changed if job.starts]
        known = [Decimal(amount) for amount in amounts if amount is not None]
        return Cost(sum(known, Decimal()), len(amounts) - len(known))

    @cached_property
    def network(self) -> Network:
        """What the network costs, by the prices of the last decisions; nothing is known of a preview that failed."""
        if self.failed:
            return Network(NetworkCost(), NetworkCost(), None)
        lists = {each.network_prices.region: each.network_prices for each in self.jobs if each.network_prices}
        before, after = (
            network_cost(resources, lists) for resources in (self.preview.network_before, self.preview.network_after)
        )
        fetched = [each.fetched for each in lists.values() if each.fetched]
        return Network(before, after, min(fetched, default=None))

    @property
    def over_budget(self) -> bool:
        """Whether the jobs that start may cost more than the budget."""
        starts = any(job.starts for job in self.changed)
        return self.budget is not None and starts and self.cost.exceeds(self.budget.usd)

    @property
    def violates(self) -> bool:
        """Whether a guardrail or a policy forbids it."""
        return any(each.severity is Severity.ERROR and each.code.startswith(GUARDRAIL) for _, each in self.findings)

    @cached_property
    def findings(self) -> tuple[tuple[str, Finding], ...]:
        """The findings, each with the name of its resource, if it has one."""
        found = [(resource_name(job.urn), each) for job in self.jobs for each in job.findings]
        known = {(name, each.text) for name, each in found}
        for message in self.preview.messages:
            name, text = resource_name(message.urn), masked(message.text)
            code = f"{GUARDRAIL}{message.policy}" if message.policy else "diagnostic"
            if not any(name == other and _repeats(known_text, text) for other, known_text in known):
                found.append((name, Finding(code=code, severity=Severity(message.severity), text=text)))
        return tuple(found)


def _repeats(known: str, text: str) -> bool:
    """Whether a diagnostic repeats a finding: the engine puts words of its own around it."""
    return bool(known) and known in text


def resource_name(urn: str) -> str:
    """The resource's name in the program."""
    return urn.split("::", 3)[3] if urn.count("::") >= 3 else ""  # noqa: PLR2004  type, project, stack before it
