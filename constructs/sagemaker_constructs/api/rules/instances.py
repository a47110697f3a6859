"""Rules about instance types, instance counts, and the capacity that they use."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sagemaker_constructs.api.local_storage import has_local_storage
from sagemaker_constructs.api.rules.rule import ALWAYS, Rule, api_reference, developer_guide

if TYPE_CHECKING:
    from collections.abc import Callable

    from sagemaker_constructs.api.rules.rule import Reader

_TYPE = "resource_config.instance_type"
_COUNT = "resource_config.instance_count"
_GROUPS = "resource_config.instance_groups"
_PREFERENCES = "resource_config.instance_preferences"
_PLACEMENT = "resource_config.instance_placement_config"
_PLACEMENTS = f"{_PLACEMENT}.placement_specifications"
_PLAN = "resource_config.training_plan_arn"
_KEEP_ALIVE = "resource_config.keep_alive_period_in_seconds"
_SPOT = "enable_managed_spot_training"
_ENCRYPTION = "enable_inter_container_traffic_encryption"
_PENDING = "stopping_condition.max_pending_time_in_seconds"
_VOLUME_KEY = "resource_config.volume_kms_key_id"

_CPU_ONLY = re.compile(r"ml\.[cmrt]\d")


def _no_instances(job: Reader) -> bool:
    if job("serverless_job_config") is not None or job(_GROUPS) or job(_PREFERENCES):
        return False
    return job(_TYPE) is None or job(_COUNT) is None


def _counted_twice_or_not_at_all(job: Reader) -> bool:
    per_preference = [preference("instance_count") is not None for preference in job.items(_PREFERENCES)]
    if not per_preference:
        return False
    return any(per_preference) != all(per_preference) or any(per_preference) == (job(_COUNT) is not None)


def _instance_types(job: Reader) -> list[str]:
    one = job(_TYPE)
    several = [*job.items(_GROUPS), *job.items(_PREFERENCES)]
    return ([one] if one else []) + [item("instance_type") for item in several]


def _every_type(job: Reader, is_of_kind: Callable[[str], object]) -> bool:
    types = _instance_types(job)
    return bool(types) and all(map(is_of_kind, types))


RULES = (
    Rule(
        name="resources-given",
        reads=("resource_config", "serverless_job_config"),
        problem="is required, except in a job with serverless_job_config",
        source=api_reference("CreateTrainingJob"),
        given=ALWAYS,
        broken=lambda job: job("resource_config") is None and job("serverless_job_config") is None,
    ),
    Rule(
        name="instances-given",
        reads=("resource_config", _TYPE, _COUNT, _GROUPS, _PREFERENCES, "serverless_job_config"),
        problem="must have instance_type and instance_count, or instance_groups, or instance_preferences",
        source=api_reference("ResourceConfig"),
        broken=_no_instances,
    ),
    Rule(
        name="at-least-one-instance",
        reads=(_COUNT, "serverless_job_config"),
        expected="at least 1",
        source=developer_guide("train-model"),
        broken=lambda job: job(_COUNT) == 0 and job("serverless_job_config") is None,
    ),
    Rule(
        name="groups-have-instances",
        reads=(f"{_GROUPS}[].instance_count",),
        expected="at least 1",
        source=developer_guide("train-heterogeneous-cluster"),
        broken=lambda group: group("instance_count") == 0,
    ),
    Rule(
        name="groups-stand-alone",
        reads=(_GROUPS, _TYPE, _COUNT),
        problem="cannot be combined with instance_type and instance_count: each group has its own",
        source=api_reference("ResourceConfig"),
        broken=lambda job: bool(job(_GROUPS)) and (job(_TYPE) is not None or job(_COUNT) is not None),
    ),
    Rule(
        name="groups-without-keep-alive",
        reads=(_KEEP_ALIVE, _GROUPS),
        problem="cannot be combined with instance_groups: a warm pool has one instance type",
        source=developer_guide("train-warm-pools"),
        broken=lambda job: bool(job(_KEEP_ALIVE)) and bool(job(_GROUPS)),
    ),
    Rule(
        name="group-names-differ",
        reads=(f"{_GROUPS}[].instance_group_name",),
        expected="a name that no earlier instance group has",
        source=developer_guide("train-heterogeneous-cluster"),
        broken=lambda group: group.repeats(_GROUPS, "instance_group_name"),
    ),
    Rule(
        name="preferences-stand-alone",
        reads=(_PREFERENCES, _TYPE, _GROUPS, _PLACEMENT),
        problem="cannot be combined with instance_type, instance_groups or instance_placement_config",
        source=api_reference("ResourceConfig"),
        broken=lambda job: (
            bool(job(_PREFERENCES)) and (job(_TYPE) is not None or bool(job(_GROUPS)) or job(_PLACEMENT) is not None)
        ),
    ),
    Rule(
        name="preferences-without-spot",
        reads=(_PREFERENCES, _SPOT),
        problem="cannot be combined with enable_managed_spot_training: preferences use on-demand capacity and "
        "training plans",
        source=api_reference("ResourceConfig"),
        broken=lambda job: bool(job(_PREFERENCES)) and job(_SPOT) is True,
    ),
    Rule(
        name="preferences-count-in-one-way",
        reads=(_PREFERENCES, _COUNT),
        problem="must either all have instance_count, without resource_config.instance_count, or all leave it to that",
        source=api_reference("InstancePreference"),
        broken=_counted_twice_or_not_at_all,
    ),
    Rule(
        name="preferences-differ",
        reads=(f"{_PREFERENCES}[].instance_type",),
        expected="an instance type that no earlier preference has",
        source=api_reference("InstancePreference"),
        broken=lambda preference: preference.repeats(_PREFERENCES, "instance_type"),
    ),
    Rule(
        name="preferences-plan-in-one-place",
        reads=(f"{_PREFERENCES}[].training_plan_arns", _PLAN),
        problem=f"cannot be combined with {_PLAN}",
        source=api_reference("InstancePreference"),
        broken=lambda preference: bool(preference("training_plan_arns")) and preference.job(_PLAN) is not None,
    ),
    Rule(
        name="plan-without-spot",
        reads=(_PLAN, _SPOT),
        problem="should not be combined with enable_managed_spot_training: a training plan reserves its instances, and "
        "they are paid for",
        source=developer_guide("reserve-capacity-with-training-plans"),
        broken=lambda job: job(_SPOT) is True,
        refused=False,
    ),
    Rule(
        name="placements-have-instances",
        reads=(f"{_PLACEMENTS}[].instance_count",),
        expected="at least 1",
        source=api_reference("PlacementSpecification"),
        broken=lambda placement: placement("instance_count") == 0,
    ),
    Rule(
        name="keep-alive-without-spot",
        reads=(_KEEP_ALIVE, _SPOT),
        problem="cannot be combined with enable_managed_spot_training: a warm pool cannot keep spot capacity",
        source=developer_guide("train-warm-pools"),
        broken=lambda job: bool(job(_KEEP_ALIVE)) and job(_SPOT) is True,
    ),
    Rule(
        name="encryption-needs-several-instances",
        reads=(_ENCRYPTION, _COUNT, _GROUPS, _PREFERENCES),
        problem="requires more than one instance: a single one has no traffic between containers",
        source=developer_guide("train-encrypt"),
        broken=lambda job: job(_ENCRYPTION) is True and job(_COUNT) == 1 and not job(_GROUPS) and not job(_PREFERENCES),
        refused=False,
    ),
    Rule(
        name="pending-limit-needs-accelerators",
        reads=(_PENDING, _TYPE, _GROUPS, _PREFERENCES),
        problem="requires accelerated instances: the limit has no effect on others",
        source=api_reference("StoppingCondition"),
        broken=lambda job: _every_type(job, _CPU_ONLY.match),
        refused=False,
    ),
    Rule(
        name="volume-key-needs-a-volume",
        reads=(_VOLUME_KEY, _TYPE, _GROUPS, _PREFERENCES),
        problem="cannot be combined with instance types that have local storage, which is encrypted by the hardware",
        source=api_reference("ResourceConfig"),
        broken=lambda job: bool(job(_VOLUME_KEY)) and _every_type(job, has_local_storage),
        refused=False,
    ),
)
