"""From what is used to the statements of a policy.

Input: `Needs` and a `Place`. Output: `Statement`s with names that are unique, sorted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sagemaker_constructs.permissions import images, interfaces, keys, observing, storage, tracking
from sagemaker_constructs.permissions.locations import minimal

if TYPE_CHECKING:
    from sagemaker_constructs.permissions.needs import Needs
    from sagemaker_constructs.permissions.row import Condition, Place

ROWS = (*storage.ROWS, *images.ROWS, *observing.ROWS, *keys.ROWS, *interfaces.ROWS, *tracking.ROWS)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement that allows actions on resources."""

    sid: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    condition: Condition = field(default_factory=dict[str, Mapping[str, Any]])

    def document(self) -> dict[str, Any]:
        """The statement as IAM reads it."""
        condition = {"Condition": self.condition} if self.condition else {}
        return {
            "Sid": self.sid,
            "Effect": "Allow",
            "Action": sorted(self.actions),
            "Resource": list(self.resources),
            **condition,
        }


def statements(needs: Needs, place: Place) -> list[Statement]:
    """The statements for what is used, sorted by their names. Where nothing of a row is used, it makes none."""
    found: dict[str, Statement] = {}
    for row in ROWS:
        for target in row.targets(needs, place):
            resources = minimal(target.resources)
            if resources:
                sid = _unused(row.sid + target.name, found)
                found[sid] = Statement(sid, row.actions, resources, target.condition)
    return [found[sid] for sid in sorted(found)]


def _unused(sid: str, taken: Mapping[str, Statement]) -> str:
    """The name, with a number where two buckets' names come to the same letters and digits."""
    numbered = (f"{sid}{number}" for number in range(2, len(taken) + 2))
    return sid if sid not in taken else next(each for each in numbered if each not in taken)
