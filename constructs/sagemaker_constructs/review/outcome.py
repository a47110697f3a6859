"""Defines the exit codes of a review.

Input: the environments. Output: a code, the most serious one.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sagemaker_constructs.review.environment import Environment


class Outcome(IntEnum):
    """An exit code of `sagemaker-review`."""

    OK = 0
    CHANGES = 2
    GUARDRAIL = 3
    OVER_BUDGET = 4
    FAILED = 5

    @property
    def meaning(self) -> str:
        """What it says of the environments."""
        return _MEANINGS[self]


_MEANINGS = {
    Outcome.OK: "nothing changes",
    Outcome.CHANGES: "something changes",
    Outcome.GUARDRAIL: "a guardrail, or a mandatory policy, forbids it",
    Outcome.OVER_BUDGET: "what starts may cost more than max_cost_per_stack, or than a --budget",
    Outcome.FAILED: "a preview failed, or the command did",
}


def outcome(environments: Sequence[Environment]) -> Outcome:
    """What the review comes to."""
    if not environments or any(each.failed and not each.violates for each in environments):
        return Outcome.FAILED
    if any(each.violates for each in environments):
        return Outcome.GUARDRAIL
    if any(each.over_budget for each in environments):
        return Outcome.OVER_BUDGET
    return Outcome.OK if all(each.is_unchanged for each in environments) else Outcome.CHANGES
