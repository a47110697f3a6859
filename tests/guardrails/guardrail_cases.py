"""Jobs that break a rule, and jobs that keep it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sagemaker_constructs.cost.record import JobCost
from tests.samples import SMALL


def cost(maximum: str | None, *undecided: str) -> JobCost:
    """A cost."""
    unknown = () if maximum else ("no price for training on ml.m5.large",)
    amount = Decimal(maximum) if maximum else None
    return JobCost(region="eu-west-1", maximum=amount, unknown=unknown, undecided=undecided)


def resources(**members: Any) -> dict[str, Any]:
    """Other resources."""
    return {"resource_config": {**SMALL["resource_config"], **members}}


GROUPS: dict[str, Any] = {
    "resource_config": {
        "instance_groups": [
            {"instance_group_name": "a", "instance_type": "ml.m5.large", "instance_count": 2},
            {"instance_group_name": "b", "instance_type": "ml.p4d.24xlarge", "instance_count": 1},
        ],
        "volume_size_in_gb": 10,
    }
}
VPC = {"vpc_config": {"subnets": ["subnet-1", "subnet-2"], "security_group_ids": ["sg-1"]}}
IMAGE = "algorithm_specification.training_image"

BROKEN: list[tuple[str, dict[str, Any], str]] = [
    (
        "{instance_types: [ml.c5.*, ml.m5.xlarge]}",
        {},
        "resource_config.instance_type: got 'ml.m5.large', expected one of ml.c5.*, ml.m5.xlarge",
    ),
    (
        "{instance_types: [ml.m5.*]}",
        GROUPS,
        "resource_config.instance_groups[1].instance_type: got 'ml.p4d.24xlarge', expected ml.m5.*",
    ),
    (
        "{max_instance_count: 2}",
        resources(instance_count=3),
        "resource_config.instance_count: got 3, expected at most 2 instances",
    ),
    ("{max_instance_count: 2}", GROUPS, "resource_config.instance_groups: got 3, expected at most 2 instances"),
    (
        "{max_runtime_in_seconds: 3600}",
        {"stopping_condition": {"max_runtime_in_seconds": 3601}},
        "stopping_condition.max_runtime_in_seconds: got 3601, expected at most 3600",
    ),
    (
        "{max_runtime_in_seconds: 3600}",
        {},
        "stopping_condition.max_runtime_in_seconds: got nothing, which means 86400, expected at most 3600",
    ),
    (
        "{max_keep_alive_in_seconds: 0}",
        resources(keep_alive_period_in_seconds=60),
        "resource_config.keep_alive_period_in_seconds: got 60, expected at most 0",
    ),
    (
        "{max_cost_per_job: 10}",
        {"cost": cost("10.01")},
        "resource_config: got a maximum cost of $10.01, expected at most $10.00",
    ),
    (
        "{max_cost_per_job: 10}",
        {"cost": cost(None)},
        (
            "resource_config: got a maximum cost that is not known (no price for training on ml.m5.large), "
            "expected at most $10.00"
        ),
    ),
    ("{require_vpc: true}", {}, "vpc_config: got nothing, expected a VPC"),
    ("{subnets: [subnet-1]}", VPC, "vpc_config.subnets[1]: got 'subnet-2', expected subnet-1"),
    ("{security_groups: [sg-2]}", VPC, "vpc_config.security_group_ids[0]: got 'sg-1', expected sg-2"),
    ("{require_volume_key: true}", {}, "resource_config.volume_kms_key_id: got nothing, expected a KMS key"),
    ("{require_volume_key: true}", GROUPS, "resource_config.volume_kms_key_id: got nothing, expected a KMS key"),
    ("{require_output_key: true}", {}, "output_data_config.kms_key_id: got nothing, expected a KMS key"),
    ("{require_network_isolation: true}", {}, "enable_network_isolation: got nothing, expected True"),
    (
        "{require_traffic_encryption: true}",
        {"enable_inter_container_traffic_encryption": False},
        "enable_inter_container_traffic_encryption: got False, expected True",
    ),
    (
        "{forbid_remote_debug: true}",
        {"remote_debug_config": {"enable_remote_debug": True}},
        "remote_debug_config.enable_remote_debug: got True, expected False",
    ),
    ("{required_tags: [team, cost]}", {"tags": {"team": "a"}}, "tags: got no cost, expected the tags team, cost"),
    (
        "{images: ['999999999999.dkr.ecr.*']}",
        {},
        f"{IMAGE}: got {SMALL['algorithm_specification']['training_image']!r}, expected 999999999999.dkr.ecr.*",
    ),
    ("{require_spot: true}", {}, "enable_managed_spot_training: got nothing, expected True"),
]

KEPT: list[tuple[str, dict[str, Any]]] = [
    ("{instance_types: ['ml.m5.?arge']}", {}),
    ("{instance_types: [ml.m5.large], max_instance_count: 1}", {"resource_config": None, "serverless_job_config": {}}),
    ("{max_instance_count: 3}", GROUPS),
    ("{max_runtime_in_seconds: 86400}", {}),
    ("{max_keep_alive_in_seconds: 0}", {}),
    ("{max_cost_per_job: 10}", {"cost": cost("10")}),
    ("{max_cost_per_stack: 1}", {"cost": cost("10")}),
    ("{require_vpc: true, subnets: ['subnet-*'], security_groups: [sg-1]}", VPC),
    ("{subnets: [subnet-1]}", {}),
    ("{require_volume_key: true}", resources(instance_type="ml.g5.xlarge")),
    ("{require_volume_key: true}", resources(volume_kms_key_id="key")),
    ("{require_output_key: true}", {"output_data_config": {"s3_output_path": "s3://b/m", "kms_key_id": "key"}}),
    ("{require_network_isolation: true}", {"enable_network_isolation": True}),
    ("{forbid_remote_debug: true}", {}),
    ("{required_tags: [team]}", {"tags": {"team": ""}}),
    ("{images: ['123456789012.dkr.ecr.*/train:1']}", {}),
    ("{require_spot: true}", {"enable_managed_spot_training": True}),
    ("{require_spot: false, require_vpc: false, require_output_key: false}", {}),
]
