"""Rules about instance types, their number, and where capacity comes from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sagemaker_constructs.api.rules.rule import Rule, api_reference, developer_guide

if TYPE_CHECKING:
    from sagemaker_constructs.api.rules.rule import Reader

_TYPE = "resource_config.instance_type"
_COUNT = "resource_config.instance_count"
_GROUPS = "resource_config.instance_groups"
_PREFERENCES = "resource_config.instance_preferences"
_PLACEMENT = "resource_config.instance_placement_config"
_PLACEMENTS = f"{_PLACEMENT}.placement_specifications"
_KEEP_ALIVE = "resource_config.keep_alive_period_in_seconds"
_SPOT = "enable_managed_spot_training"
_ENCRYPTION = "enable_inter_container_traffic_encryption"
_PENDING = "stopping_condition.max_pending_time_in_seconds"
_VOLUME_KEY = "resource_config.volume_kms_key_id"

_CPU_ONLY = re.compile(r"ml\.[cmrt]\d")
_OWN_STORAGE = re.compile(r"ml\.(p3dn|p4|p5|p6|g4dn|g5|g6|g7|trn|[cmr]\d+[a-z]*d)[a-z0-9-]*\.")
"""Families that AWS documents with NVMe storage; the list ages, so it only advises."""


def _no_machines(job: Reader) -> bool:
    if job("resource_config") is None or job("serverless_job_config") is not None:
        return False
    if job(_GROUPS) or job(_PREFERENCES):
        return False
    return job(_TYPE) is None or job(_COUNT) is None


def _counts_in_two_ways(job: Reader) -> bool:
    per_preference = [preference("instance_count") is not None for preference in job.items(_PREFERENCES)]
    if not per_preference:
        return False
    return any(per_preference) != all(per_preference) or any(per_preference) == (job(_COUNT) is not None)


def _instance_types(job: Reader) -> list[str]:
    one = job(_TYPE)
    several = [*job.items(_GROUPS), *job.items(_PREFERENCES)]
    return ([one] if one else []) + [item("instance_type") for item in several]


def _every_machine(job: Reader, kind: re.Pattern[str]) -> bool:
    types = _instance_types(job)
    return bool(types) and all(kind.match(each) for each in types)


RULES = (
    Rule(
        name="resources-given",
        reads=("resource_config", "serverless_job_config"),
        says="the machines: only a serverless job does without",
        source=api_reference("CreateTrainingJob"),
        broken=lambda job: job("resource_config") is None and job("serverless_job_config") is None,
    ),
    Rule(
        name="machines-given",
        reads=(_TYPE, _COUNT, _GROUPS, _PREFERENCES, "resource_config", "serverless_job_config"),
        says="instance_type and instance_count, or instance_groups, or instance_preferences",
        source=api_reference("ResourceConfig"),
        broken=_no_machines,
    ),
    Rule(
        name="at-least-one-machine",
        reads=(_COUNT, "serverless_job_config"),
        says="at least 1",
        source=developer_guide("train-model"),
        broken=lambda job: job(_COUNT) == 0 and job("serverless_job_config") is None,
    ),
    Rule(
        name="groups-have-machines",
        reads=(f"{_GROUPS}[].instance_count",),
        says="at least 1",
        source=developer_guide("train-heterogeneous-cluster"),
        broken=lambda group: group("instance_count") == 0,
    ),
    Rule(
        name="groups-stand-alone",
        reads=(_GROUPS, _TYPE, _COUNT),
        says="no instance_type and instance_count beside it: each group has its own",
        source=api_reference("ResourceConfig"),
        broken=lambda job: bool(job(_GROUPS)) and (job(_TYPE) is not None or job(_COUNT) is not None),
    ),
    Rule(
        name="groups-without-keep-alive",
        reads=(_KEEP_ALIVE, _GROUPS),
        says="none with instance_groups: a warm pool keeps machines of one type",
        source=developer_guide("train-warm-pools"),
        broken=lambda job: bool(job(_KEEP_ALIVE)) and bool(job(_GROUPS)),
    ),
    Rule(
        name="group-names-differ",
        reads=(f"{_GROUPS}[].instance_group_name",),
        says="a name that no earlier group has",
        source=developer_guide("train-heterogeneous-cluster"),
        broken=lambda group: group.repeats(_GROUPS, "instance_group_name"),
    ),
    Rule(
        name="preferences-stand-alone",
        reads=(_PREFERENCES, _TYPE, _GROUPS, _PLACEMENT),
        says="no instance_type, instance_groups or instance_placement_config beside it",
        source=api_reference("ResourceConfig"),
        broken=lambda job: (
            bool(job(_PREFERENCES)) and (job(_TYPE) is not None or bool(job(_GROUPS)) or job(_PLACEMENT) is not None)
        ),
    ),
    Rule(
        name="preferences-without-spot",
        reads=(_PREFERENCES, _SPOT),
        says="none with enable_managed_spot_training: preferences choose among on-demand and planned capacity",
        source=api_reference("ResourceConfig"),
        broken=lambda job: bool(job(_PREFERENCES)) and job(_SPOT) is True,
    ),
    Rule(
        name="preferences-count-in-one-way",
        reads=(_PREFERENCES, _COUNT),
        says="instance_count on every preference and not on the job, or on the job and on no preference",
        source=api_reference("InstancePreference"),
        broken=_counts_in_two_ways,
    ),
    Rule(
        name="preferences-differ",
        reads=(f"{_PREFERENCES}[].instance_type",),
        says="a type that no earlier preference has",
        source=api_reference("InstancePreference"),
        broken=lambda preference: preference.repeats(_PREFERENCES, "instance_type"),
    ),
    Rule(
        name="preferences-plan-in-one-place",
        reads=(f"{_PREFERENCES}[].training_plan_arns", "resource_config.training_plan_arn"),
        says="no plan here while resource_config.training_plan_arn has one",
        source=api_reference("InstancePreference"),
        broken=lambda preference: (
            bool(preference("training_plan_arns")) and preference.job("resource_config.training_plan_arn") is not None
        ),
    ),
    Rule(
        name="placements-have-machines",
        reads=(f"{_PLACEMENTS}[].instance_count",),
        says="at least 1",
        source=api_reference("PlacementSpecification"),
        broken=lambda placement: placement("instance_count") == 0,
    ),
    Rule(
        name="keep-alive-without-spot",
        reads=(_KEEP_ALIVE, _SPOT),
        says="none with enable_managed_spot_training: a warm pool cannot be kept on spot capacity",
        source=developer_guide("train-warm-pools"),
        broken=lambda job: bool(job(_KEEP_ALIVE)) and job(_SPOT) is True,
    ),
    Rule(
        name="encryption-needs-several-machines",
        reads=(_ENCRYPTION, _COUNT, _GROUPS, _PREFERENCES),
        says="more than one machine: one alone has no traffic to encrypt",
        source=developer_guide("train-encrypt"),
        broken=lambda job: job(_ENCRYPTION) is True and job(_COUNT) == 1 and not job(_GROUPS) and not job(_PREFERENCES),
        refused=False,
    ),
    Rule(
        name="pending-limit-needs-accelerators",
        reads=(_PENDING, _TYPE, _GROUPS, _PREFERENCES),
        says="accelerated machines: the limit has no effect on others",
        source=api_reference("StoppingCondition"),
        broken=lambda job: job(_PENDING) is not None and _every_machine(job, _CPU_ONLY),
        refused=False,
    ),
    Rule(
        name="volume-key-needs-a-volume",
        reads=(_VOLUME_KEY, _TYPE, _GROUPS, _PREFERENCES),
        says="none for machines with storage of their own, which encrypt it themselves",
        source=api_reference("ResourceConfig"),
        broken=lambda job: bool(job(_VOLUME_KEY)) and _every_machine(job, _OWN_STORAGE),
        refused=False,
    ),
)
