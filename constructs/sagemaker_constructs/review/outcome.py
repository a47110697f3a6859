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
    """The exit code of `sagemaker-review`."""

    OK = 0
    """Nothing changes."""
    CHANGES = 2
    """Something changes."""
    GUARDRAIL = 3
    """A guardrail or a mandatory policy forbids it."""
    OVER_BUDGET = 4
    """What starts may cost more than a budget."""
    FAILED = 5
    """A preview failed, for another reason than a guardrail."""


def outcome(environments: Sequence[Environment]) -> Outcome:
    """What the review comes to."""
    if not environments or any(each.failed and not each.violates for each in environments):
        return Outcome.FAILED
    if any(each.violates for each in environments):
        return Outcome.GUARDRAIL
    if any(each.over_budget for each in environments):
        return Outcome.OVER_BUDGET
    return Outcome.OK if all(each.is_unchanged for each in environments) else Outcome.CHANGES
