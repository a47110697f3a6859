"""Rules about serverless jobs, and about members that only they have."""

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
"""Members of jobs that run a container on their own instances."""
_LENGTHS = range(1, 1024 + 1)


def _without(member: str) -> Rule:
    return Rule(
        name=f"serverless-without-{member.replace('_', '-')}",
        reads=(member, _SERVERLESS),
        problem=f"cannot be combined with {_SERVERLESS}",
        source=_PROVIDER,
        given=_SERVERLESS,
        broken=lambda job: bool(job(member)),
    )


def _length_out_of_range(job: Reader) -> bool:
    length = re.fullmatch(r"(\d+)K", job(f"{_SERVERLESS}.sequence_length"))
    return length is not None and int(length[1]) not in _LENGTHS


RULES = (
    *(_without(member) for member in _EXCLUDED),
    Rule(
        name="serverless-chooses-instances",
        reads=("resource_config", _SERVERLESS),
        problem=f"should not be combined with {_SERVERLESS}: SageMaker chooses instances and volumes",
        source=api_reference("ResourceConfig"),
        given=_SERVERLESS,
        broken=lambda job: bool(job("resource_config")),
        refused=False,
    ),
    Rule(
        name="model-package-needs-serverless",
        reads=("model_package_config", _SERVERLESS),
        problem=f"requires {_SERVERLESS}: other jobs create no model package",
        source=api_reference("CreateTrainingJob"),
        broken=lambda job: job(_SERVERLESS) is None,
    ),
    Rule(
        name="evaluation-needs-its-type",
        reads=(f"{_SERVERLESS}.evaluation_type", f"{_SERVERLESS}.job_type"),
        problem="is required with job_type 'Evaluation'",
        source=api_reference("ServerlessJobConfig"),
        given=f"{_SERVERLESS}.job_type",
        broken=lambda job: (
            job(f"{_SERVERLESS}.job_type") == "Evaluation" and job(f"{_SERVERLESS}.evaluation_type") is None
        ),
    ),
    Rule(
        name="sequence-length-in-range",
        reads=(f"{_SERVERLESS}.sequence_length",),
        expected="1K to 1024K",
        source=api_reference("ServerlessJobConfig"),
        broken=_length_out_of_range,
    ),
    Rule(
        name="base-model-licence-accepted",
        reads=(f"{_SERVERLESS}.accept_eula", _SERVERLESS),
        expected="True, where the base model has a licence agreement",
        source=api_reference("ServerlessJobConfig"),
        given=_SERVERLESS,
        broken=lambda job: job(f"{_SERVERLESS}.accept_eula") is not True,
        refused=False,
    ),
)
