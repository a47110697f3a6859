"""Lists the members of a request that permissions depend on, by the use that the job makes of them.

Input: a job's members. Output: those of them that permissions depend on. Paths are dotted; a path goes through every
item of a list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Members = Mapping[str, Any]

_REGISTRY = "algorithm_specification.training_image_config.training_repository_auth_config"

NAMED: Mapping[str, tuple[str, ...]] = {
    "base_models": ("serverless_job_config.base_model_arn",),
    "credential_functions": (f"{_REGISTRY}.training_repository_credentials_provider_arn",),
    "evaluators": ("serverless_job_config.evaluator_arn",),
    "experiments": ("experiment_config.experiment_name",),
    "hub_contents": (
        "input_data_config.data_source.dataset_source.dataset_arn",
        "input_data_config.data_source.s3_data_source.hub_access_config.hub_content_arn",
    ),
    "images": (
        "algorithm_specification.training_image",
        "debug_rule_configurations.rule_evaluator_image",
        "profiler_rule_configurations.rule_evaluator_image",
    ),
    "mlflow": ("mlflow_config.mlflow_resource_arn",),
    "output_keys": ("output_data_config.kms_key_id",),
    "package_groups": ("model_package_config.model_package_group_arn",),
    "runs": ("experiment_config.run_name",),
    "security_groups": ("vpc_config.security_group_ids",),
    "source_packages": ("model_package_config.source_model_package_arn",),
    "subnets": ("vpc_config.subnets",),
    "trials": ("experiment_config.trial_name",),
    "volume_keys": ("resource_config.volume_kms_key_id",),
}
"""Fields of `Needs` that contain a member's value as it is, and the paths of the members."""

FOLDERS: Mapping[str, tuple[str, ...]] = {
    "checkpoints": ("checkpoint_config.s3_uri",),
    "outputs": (
        "output_data_config.s3_output_path",
        "debug_hook_config.s3_output_path",
        "tensor_board_output_config.s3_output_path",
        "profiler_config.s3_output_path",
        "debug_rule_configurations.s3_output_path",
        "profiler_rule_configurations.s3_output_path",
    ),
    "watched": (
        "debug_hook_config.s3_output_path",
        "profiler_config.s3_output_path",
        "output_data_config.s3_output_path",  # a profiler without a location of its own writes below this one
    ),
}
"""Fields of `Needs` that contain S3 folders, and the paths of the members that name them."""

SCRIPT = "hyper_parameters.sagemaker_submit_directory"
"""The code of script mode: the hyperparameter with which AWS's framework containers find its archive in S3."""
MODEL_DIR = "hyper_parameters.model_dir"
"""Where a script in the TensorFlow container writes its model while it runs, which may be in S3."""

RULE_SOURCES = (
    "debug_rule_configurations.rule_parameters.source_s3_uri",
    "profiler_rule_configurations.rule_parameters.source_s3_uri",
)
"""The code of a custom rule."""

FEATURES: Mapping[str, tuple[str, ...]] = {
    "remote_debug": ("remote_debug_config.enable_remote_debug",),
    "rules": (
        "debug_rule_configurations.rule_evaluator_image",
        "profiler_rule_configurations.rule_evaluator_image",
    ),
    "session_tags": ("session_chaining_config.enable_session_tag_chaining",),
}
"""Features that change what a role must allow, and the paths of the members that enable them."""

JOB_NAME = "training_job_name"
S3 = "input_data_config.data_source.s3_data_source"
FILE_SYSTEM = "input_data_config.data_source.file_system_data_source"
LEAVES: tuple[str, ...] = (
    *(path for table in (NAMED, FOLDERS, FEATURES) for paths in table.values() for path in paths),
    f"{S3}.s3_data_type",
    f"{S3}.s3_uri",
    FILE_SYSTEM,
    JOB_NAME,
    SCRIPT,
    MODEL_DIR,
    *RULE_SOURCES,
)
"""Paths of all members that a role depends on."""


def role_members(members: Members) -> Any:
    """The members that a role depends on. The others may be secret or unknown, and must not become part of a policy."""
    return part(members, LEAVES)


def feature_members(members: Members) -> Any:
    """The members that `FEATURES` depends on."""
    return part(members, [path for paths in FEATURES.values() for path in paths])


def part(members: Members, paths: Iterable[str]) -> Any:
    """The members on the paths, with everything below the end of a path. A deferred value is kept whole."""
    return _pruned(members, [path.split(".") for path in paths])


def _pruned(value: Any, paths: list[list[str]]) -> Any:
    """The part of a value on the paths: all of it where a path ends or the value is deferred."""
    if [] in paths:
        return value
    if isinstance(value, list | tuple):
        return [_pruned(item, paths) for item in value]
    if not isinstance(value, Mapping):
        return value
    kept = {name: [path[1:] for path in paths if path[0] == name] for name in value}
    return {name: _pruned(value[name], rest) for name, rest in kept.items() if rest}
