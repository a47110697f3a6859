"""Describes a job for a line of the decision file.

Input: a declaration and what was decided, or what a state has recorded of a resource that goes. Output: a
`DecisionRecord`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sagemaker_constructs.api.defaults import DEFAULTS
from sagemaker_constructs.api.deferred import is_deferred
from sagemaker_constructs.api.instances import declared_instances
from sagemaker_constructs.api.tree import values_at
from sagemaker_constructs.aws.answers import MISSING, RUNNING
from sagemaker_constructs.reconcile.decision_record import Decision, DecisionRecord, Machines, MaximumCost

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sagemaker_constructs.reconcile.bag import Properties

_MAX_RUNTIME = "stopping_condition.max_runtime_in_seconds"


def composed(declared: Properties, decision: Decision) -> DecisionRecord:
    """The record with what the declaration itself says: resource, machines, spot capacity, runtime."""
    after = declared.bag.get("after")
    secret = any(path.startswith("stopping_condition") for path in declared.secret_paths)
    return DecisionRecord(
        urn=urn_of(declared),
        decision=decision,
        after=after if isinstance(after, str) else None,
        machines=tuple(
            tuple(Machines(instance_type=kind, instance_count=count) for kind, count in each.items())
            for each in declared_instances(declared.members)
        ),
        spot=declared.members.get("enable_managed_spot_training") is True,
        max_runtime_in_seconds=None if secret else _max_runtime(declared.members),
    )


def urn_of(declared: Properties) -> str:
    """The resource's URN, by its type path and name and by its stack."""
    _, _, stack = declared.options.owner.partition("/")
    project, _, stack = stack.rpartition("/")
    return f"urn:pulumi:{stack}::{project}::{declared.declared_as}"


def removal(recorded: Properties) -> DecisionRecord:
    """What becomes of the job of a resource that goes, by the outputs that the state has."""
    on_delete, name = recorded.options.on_delete, recorded.training_job_name
    if recorded.adopted or on_delete == "retain" or recorded.training_job_status == MISSING:
        decision = Decision.KEEP
    elif on_delete == "delete":
        decision = Decision.DELETE
    else:
        decision = Decision.STOP if recorded.training_job_status in RUNNING else Decision.KEEP
    return DecisionRecord(
        urn=urn_of(recorded),
        decision=decision,
        reason="the resource is no longer declared",
        training_job_name=name,
        present_job=name,
        maximum_cost=MaximumCost(usd="0"),
    )


def _max_runtime(members: Mapping[str, Any]) -> int | None:
    if is_deferred(members.get("stopping_condition")):
        return None
    found = next(iter(values_at(members, _MAX_RUNTIME)), DEFAULTS[_MAX_RUNTIME].value)
    return int(found) if isinstance(found, int | float) else None
