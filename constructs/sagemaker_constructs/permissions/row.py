"""A row of the table that says what an execution role must be allowed.

The rows stand in the modules beside this one, by what they are about. Their sources are pages of AWS's documentation by
name: of the SageMaker Developer Guide unless another guide is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sagemaker_constructs.permissions.needs import Needs

Condition = Mapping[str, Mapping[str, Any]]

ROLE_PAGE = "sagemaker-roles: CreateTrainingJob API, execution role permissions"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the jobs run."""

    partition: str
    """`aws`, `aws-cn`, `aws-us-gov`, …"""
    region: str
    account: str

    def arn(self, service: str, resource: str) -> str:
        """ARN of a resource of this account and Region."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"


@dataclass(frozen=True, slots=True)
class Target:
    """Resources under one condition."""

    resources: Iterable[str]
    condition: Condition = field(default_factory=dict[str, Mapping[str, Any]])
    name: str = ""
    """What tells this target from the row's others."""


Targets = Callable[[Needs, Place], Iterable[Target]]


@dataclass(frozen=True, slots=True)
class Row:
    """Actions that go together, on what, and who says that they are needed."""

    sid: str
    actions: tuple[str, ...]
    targets: Targets
    source: str
    reason: str = ""
    """Why on every resource; only for rows that are."""


def named(use: str) -> Targets:
    """The ARNs that the jobs name for a use."""

    def targets(needs: Needs, _: Place) -> Iterator[Target]:
        yield Target(getattr(needs, use))

    return targets


def anywhere(used: Callable[[Needs], object]) -> Targets:
    """Every resource, where the jobs use what the actions are for."""

    def targets(needs: Needs, _: Place) -> Iterator[Target]:
        if used(needs):
            yield Target(("*",))

    return targets
