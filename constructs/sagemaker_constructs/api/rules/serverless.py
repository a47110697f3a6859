"""Rules about serverless jobs, and about what only they have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sagemaker_constructs.api.rules.rule import Rule, api_reference

if TYPE_CHECKING:
    from sagemaker_constructs.api.rules.rule import Reader

_SERVERLESS = "serverless_job_config"
_PROVIDER = "https://www.pulumi.com/registry/packages/aws/api-docs/sagemaker/trainingjob/"
_EXCLUDED = (
    "algorithm_specification",
    "enable_managed_spot_training",
    "environment",
    "retry_strategy",
    "checkpoint_config",
    "debug_hook_config",
    "experiment_config",
    "profiler_config",
    "profiler_rule_configurations",
    "tensor_board_output_config",
)
"""What a job without machines and container of one's own cannot have."""
_LENGTHS = range(1, 1024 + 1)


def _without(member: str) -> Rule:
    return Rule(
        name=f"serverless-without-{member.replace('_', '-')}",
        reads=(member, _SERVERLESS),
        says="none in a serverless job",
        source=_PROVIDER,
        broken=lambda job: bool(job(member)) and job(_SERVERLESS) is not None,
    )


def _length_out_of_range(job: Reader) -> bool:
    length = re.fullmatch(r"(\d+)K", job(f"{_SERVERLESS}.sequence_length") or "1K")
    return length is not None and int(length[1]) not in _LENGTHS


RULES = (
    *(_without(member) for member in _EXCLUDED),
    Rule(
        name="serverless-chooses-machines",
        reads=("resource_config", _SERVERLESS),
        says="none in a serverless job: SageMaker chooses machines and volumes",
        source=api_reference("ResourceConfig"),
        broken=lambda job: bool(job("resource_config")) and job(_SERVERLESS) is not None,
        refused=False,
    ),
    Rule(
        name="model-package-needs-serverless",
        reads=("model_package_config", _SERVERLESS),
        says="a serverless_job_config with it: other jobs make no model package",
        source=api_reference("CreateTrainingJob"),
        broken=lambda job: job("model_package_config") is not None and job(_SERVERLESS) is None,
    ),
    Rule(
        name="evaluation-needs-its-type",
        reads=(f"{_SERVERLESS}.evaluation_type", f"{_SERVERLESS}.job_type"),
        says="a type, for job_type is 'Evaluation'",
        source=api_reference("ServerlessJobConfig"),
        broken=lambda job: (
            job(f"{_SERVERLESS}.job_type") == "Evaluation" and job(f"{_SERVERLESS}.evaluation_type") is None
        ),
    ),
    Rule(
        name="sequence-length-in-range",
        reads=(f"{_SERVERLESS}.sequence_length",),
        says="1K to 1024K",
        source=api_reference("ServerlessJobConfig"),
        broken=_length_out_of_range,
    ),
    Rule(
        name="base-model-licence-accepted",
        reads=(f"{_SERVERLESS}.accept_eula", _SERVERLESS),
        says="True, where the base model has a licence agreement",
        source=api_reference("ServerlessJobConfig"),
        broken=lambda job: job(_SERVERLESS) is not None and job(f"{_SERVERLESS}.accept_eula") is not True,
        refused=False,
    ),
)
