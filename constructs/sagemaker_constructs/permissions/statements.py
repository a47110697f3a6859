"""Builds the statements of a policy from the jobs' needs, by the statement tables.

Input: `Needs` and a `Scope`. Output: `Statement`s, sorted by their unique ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sagemaker_constructs.permissions import images, interfaces, keys, observing, storage, tracking
from sagemaker_constructs.permissions.locations import without_covered

if TYPE_CHECKING:
    from sagemaker_constructs.permissions.needs import Needs
    from sagemaker_constructs.permissions.scope import Scope
    from sagemaker_constructs.permissions.statement_row import Condition

ROWS = (*storage.ROWS, *images.ROWS, *observing.ROWS, *keys.ROWS, *interfaces.ROWS, *tracking.ROWS)


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that allows actions on resources."""

    sid: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    condition: Condition = field(default_factory=dict[str, Mapping[str, Any]])

    def document(self) -> dict[str, Any]:
        """The statement as an element of a policy document."""
        condition = {"Condition": self.condition} if self.condition else {}
        return {
            "Sid": self.sid,
            "Effect": "Allow",
            "Action": sorted(self.actions),
            "Resource": list(self.resources),
            **condition,
        }


def statements(needs: Needs, scope: Scope) -> list[Statement]:
    """The statements that allow what is needed, sorted by id. A row without resources adds no statement."""
    found: dict[str, Statement] = {}
    for row in ROWS:
        for target in row.targets(needs, scope):
            resources = without_covered(target.resources)
            if resources:
                sid = _unique(row.sid + target.name, found)
                found[sid] = Statement(sid, row.actions, resources, target.condition)
    return [found[sid] for sid in sorted(found)]


def _unique(sid: str, taken: Mapping[str, Statement]) -> str:
    """The id, numbered where it is taken: the names of two buckets may have the same letters and digits."""
    numbered = (f"{sid}{number}" for number in range(2, len(taken) + 2))
    return sid if sid not in taken else next(each for each in numbered if each not in taken)
