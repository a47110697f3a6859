"""Writes the sentence with which a review begins.

Input: the environments. Output: Markdown of one line.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

from sagemaker_constructs.cost.record import dollars
from sagemaker_constructs.reconcile.decision_record import Decision
from sagemaker_constructs.review.environment import Cost
from sagemaker_constructs.review.markdown import NAMED, listed, text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sagemaker_constructs.review.environment import Environment

_COUNTED: Mapping[Decision, tuple[str, str]] = {
    Decision.REFUSED: ("job is refused", "jobs are refused"),
    Decision.START: ("job starts", "jobs start"),
    Decision.RESTART: ("job starts again", "jobs start again"),
    Decision.ADOPT: ("job is adopted", "jobs are adopted"),
    Decision.UPDATE: ("job is changed in place", "jobs are changed in place"),
    Decision.STOP: ("job is stopped if it still runs", "jobs are stopped if they still run"),
    Decision.DELETE: ("job is deleted", "jobs are deleted"),
}


def headline(environments: Sequence[Environment]) -> str:
    """What starts, and what it costs at most, by environment; a failure, or a guardrail, comes before that."""
    failed = [each.name for each in environments if each.failed and not each.violates]
    if failed:
        return f"Training review: the preview of {listed(failed)} failed"
    forbidden = [each.name for each in environments if each.violates]
    if forbidden:
        return f"Training review: guardrails forbid what is declared for {listed(forbidden)}"
    return f"Training review: {_jobs(environments)}{_networks(environments)}"


def _jobs(environments: Sequence[Environment]) -> str:
    jobs = [job for each in environments for job in each.changed]
    found = Counter(job.decision for job in jobs)
    counts = [f"{found[each]} {words[found[each] > 1]}" for each, words in _COUNTED.items() if found[each]]
    if not any(job.starts for job in jobs):
        return "; ".join([*filter(None, [", ".join(counts)]), "no job starts"])
    total = Cost(Decimal(), 0)
    for each in environments:
        total = total.plus(each.cost)
    costs = [f"{text(each.name, 40)} {each.cost}" for each in environments if any(j.starts for j in each.changed)]
    more = [f"{len(costs) - NAMED} more"] if len(costs) > NAMED else []
    by_environment = f" ({', '.join([*costs[:NAMED], *more])})" if len(environments) > 1 else ""
    return f"{', '.join(counts)}, at most {total}{by_environment}"


def _networks(environments: Sequence[Environment]) -> str:
    """What the networks of all environments will cost more, or less, where that changes."""
    amounts = [each.network.more for each in environments if each.network.changes]
    known = [amount for amount in amounts if amount is not None]
    if len(known) < len(amounts):
        return "; the network will cost another amount, which is not known"
    total = sum(known, Decimal())
    return f"; the network costs {dollars(abs(total))} a month {'more' if total > 0 else 'less'}" if total else ""
