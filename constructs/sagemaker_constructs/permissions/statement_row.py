"""Defines one row of the statement tables: actions, the resources that they need, and the source.

The tables are in the modules beside this one, by topic. A source is the name of a page of AWS's documentation, in the
SageMaker Developer Guide unless the row names another guide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sagemaker_constructs.permissions.needs import Needs
from sagemaker_constructs.permissions.scope import Scope

Condition = Mapping[str, Mapping[str, Any]]

ROLE_PAGE = "sagemaker-roles: CreateTrainingJob API, execution role permissions"


@dataclass(frozen=True, slots=True)
class Target:
    """Resources that share one condition; each target of a row becomes a statement."""

    resources: Iterable[str]
    condition: Condition = field(default_factory=dict[str, Mapping[str, Any]])
    name: str = ""
    """Suffix of the statement id, where a row has several targets."""


Targets = Callable[[Needs, Scope], Iterable[Target]]


@dataclass(frozen=True, slots=True)
class StatementRow:
    """Actions that are always allowed together."""

    sid: str
    actions: tuple[str, ...]
    targets: Targets
    """The resources, computed from the jobs' needs; no statement where there are none."""
    source: str
    """The page that requires the actions."""
    reason: str = ""
    """Why the row allows its actions on every resource. Only for rows that do."""


def named_arns(use: str) -> Targets:
    """The ARNs that the jobs name for a use, which is a field of `Needs`."""

    def targets(needs: Needs, _: Scope) -> Iterator[Target]:
        yield Target(getattr(needs, use))

    return targets


def every_resource(used: Callable[[Needs], object]) -> Targets:
    """Every resource (`*`), where the jobs use what the actions are for."""

    def targets(needs: Needs, _: Scope) -> Iterator[Target]:
        if used(needs):
            yield Target(("*",))

    return targets
