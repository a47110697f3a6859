"""Removes members that equal the service's default, so that writing a default out is no difference.

Input: members, declared or existing. Output: the same members without those that equal the default.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sagemaker_constructs.api.tree import pruned

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Default:
    """A value that means the same as absence."""

    value: Any
    source: str
    """Where that is said: the shape in the API reference, or who saw it in a DescribeTrainingJob answer."""


_REFERENCE = "API reference, "
_SEEN = "DescribeTrainingJob answers, as late-initialised by ACK's sagemaker-controller (generator.yaml)"

DEFAULTS: Mapping[str, Default] = {
    "algorithm_specification.enable_sage_maker_metrics_time_series": Default(False, _SEEN),
    "algorithm_specification.training_image_config.training_repository_access_mode": Default(
        "Platform", _REFERENCE + "TrainingImageConfig"
    ),
    "checkpoint_config.local_path": Default("/opt/ml/checkpoints", _REFERENCE + "CheckpointConfig"),
    "debug_hook_config.local_path": Default("/opt/ml/output/tensors", _REFERENCE + "DebugHookConfig"),
    "debug_rule_configurations.volume_size_in_gb": Default(0, _SEEN),
    "enable_inter_container_traffic_encryption": Default(False, _SEEN),
    "enable_managed_spot_training": Default(False, _SEEN),
    "enable_network_isolation": Default(False, _SEEN),
    "infra_check_config.enable_infra_check": Default(False, _REFERENCE + "InfraCheckConfig"),
    "input_data_config.compression_type": Default("None", _REFERENCE + "Channel"),
    "input_data_config.data_source.s3_data_source.s3_data_distribution_type": Default(
        "FullyReplicated", _REFERENCE + "S3DataSource"
    ),
    "input_data_config.record_wrapper_type": Default("None", _REFERENCE + "Channel"),
    "output_data_config.compression_type": Default("GZIP", _REFERENCE + "OutputDataConfig"),
    "output_data_config.kms_key_id": Default("", _SEEN),
    "profiler_config.disable_profiler": Default(False, _REFERENCE + "ProfilerConfig"),
    "profiler_rule_configurations.volume_size_in_gb": Default(0, _SEEN),
    "remote_debug_config.enable_remote_debug": Default(False, _REFERENCE + "RemoteDebugConfig"),
    "resource_config.instance_count": Default(1, _SEEN),
    "resource_config.keep_alive_period_in_seconds": Default(0, _REFERENCE + "ResourceConfig"),
    "resource_config.volume_kms_key_id": Default("", _SEEN),
    "session_chaining_config.enable_session_tag_chaining": Default(False, _REFERENCE + "SessionChainingConfig"),
    "stopping_condition.max_runtime_in_seconds": Default(86_400, _REFERENCE + "StoppingCondition"),
    "tensor_board_output_config.local_path": Default(
        "/opt/ml/output/tensorboard", _REFERENCE + "TensorBoardOutputConfig"
    ),
}
"""By the member's path without list positions."""


def without_defaults(members: Mapping[str, Any]) -> dict[str, Any]:
    """The members that say more than the service would assume; a mapping left empty by that is absent too."""
    return pruned(members, is_default) or {}


def is_default(plain: str, value: Any) -> bool:
    """Whether a value at a path without list positions means the same as its absence."""
    default = DEFAULTS.get(plain)
    return default is not None and type(value) is type(default.value) and value == default.value
