"""Defines what a change of each member means for a job that exists.

Input: the path of a member. Output: its `Effect`. The longest row that fits a path decides.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Effect(StrEnum):
    """What a change of a member means."""

    DEFINES = "defines"
    """Another model: a new job."""
    OPERATES = "operates"
    """Nothing about a model that is trained already: recorded, and used by the next run."""
    LIVE = "live"
    """Changed on the job in place where its status allows it; otherwise recorded, and said."""


_D, _O, _L = Effect.DEFINES, Effect.OPERATES, Effect.LIVE

EFFECTS: Mapping[str, Effect] = MappingProxyType(
    {
        # What is computed, from what, and where the result lies.
        "hyper_parameters": _D,
        "environment": _D,
        "algorithm_specification": _D,
        "algorithm_specification.training_image": _D,
        "algorithm_specification.algorithm_name": _D,
        "algorithm_specification.training_input_mode": _D,
        "algorithm_specification.container_entrypoint": _D,
        "algorithm_specification.container_arguments": _D,
        "algorithm_specification.metric_definitions": _O,  # reads the log, does not touch the model
        "algorithm_specification.enable_sage_maker_metrics_time_series": _O,
        "algorithm_specification.training_image_config": _O,  # how the same image is fetched
        "input_data_config": _D,
        "output_data_config": _D,
        "serverless_job_config": _D,
        "serverless_job_config.base_model_arn": _D,
        "serverless_job_config.job_type": _D,
        "serverless_job_config.customization_technique": _D,
        "serverless_job_config.peft": _D,
        "serverless_job_config.evaluation_type": _D,
        "serverless_job_config.evaluator_arn": _D,
        "serverless_job_config.sequence_length": _D,
        "serverless_job_config.accept_eula": _O,
        "model_package_config": _D,
        # The machines: their type and number change the arithmetic, the rest only how the run is paid and placed.
        "resource_config": _D,
        "resource_config.instance_type": _D,
        "resource_config.instance_count": _D,
        "resource_config.instance_groups": _D,
        "resource_config.instance_preferences": _D,
        "resource_config.volume_size_in_gb": _O,
        "resource_config.volume_kms_key_id": _O,
        "resource_config.training_plan_arn": _O,
        "resource_config.instance_placement_config": _O,
        "resource_config.keep_alive_period_in_seconds": _L,
        # How the run is operated.
        "role_arn": _O,
        "vpc_config": _O,
        "stopping_condition": _O,
        "retry_strategy": _O,
        "enable_managed_spot_training": _O,
        "enable_network_isolation": _O,
        "enable_inter_container_traffic_encryption": _O,
        "checkpoint_config": _O,
        "debug_hook_config": _O,
        "debug_rule_configurations": _O,
        "tensor_board_output_config": _O,
        "experiment_config": _O,
        "mlflow_config": _O,
        "infra_check_config": _O,
        "session_chaining_config": _O,
        # What AWS can change on a job that exists: AddTags, DeleteTags and UpdateTrainingJob.
        "tags": _L,
        "profiler_config": _L,
        "profiler_rule_configurations": _L,
        "remote_debug_config": _L,
        # A name given by hand names another job.
        "training_job_name": _D,
    }
)
"""By the path of the member. A row also applies to what is below it; where the members of a structure differ in their
effects, each of them has a row."""


def effect_of(path: str) -> Effect:
    """The effect of the member at `path` (`resource_config.instance_type`). Raises KeyError where no row fits."""
    prefix = path
    while prefix not in EFFECTS:
        prefix, dot, _ = prefix.rpartition(".")
        if not dot:
            raise KeyError(f"no row for {path!r} in the table of effects")
    return EFFECTS[prefix]


def needs_new_job(path: str, strict: bool | Iterable[str]) -> bool:
    """Whether a change of the member at `path` means a new job: by its row, or because `strict` says so.

    Args:
        path: the member's path without list positions.
        strict: True, or the top-level members for which an `operates` row counts as a `defines` row.
    """
    effect = effect_of(path)
    counts = strict if isinstance(strict, bool) else path.split(".", 1)[0] in strict
    return effect is Effect.DEFINES or (effect is Effect.OPERATES and counts)
