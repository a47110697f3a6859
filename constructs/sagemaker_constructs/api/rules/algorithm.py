"""Rules about the algorithm, its image, its metrics and its hyperparameters."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sagemaker_constructs.api.deferred import has_deferred
from sagemaker_constructs.api.rules.rule import Postponed, Rule, api_reference, developer_guide

if TYPE_CHECKING:
    from sagemaker_constructs.api.rules.rule import Reader

_LONGEST_VARIABLE = 128 * 1024 - 1
"""Linux's limit of one environment variable in bytes (MAX_ARG_STRLEN)."""
_METRICS = "algorithm_specification.metric_definitions"
_ACCESS_MODE = "algorithm_specification.training_image_config.training_repository_access_mode"
_CREDENTIALS = "algorithm_specification.training_image_config.training_repository_auth_config"


def _no_algorithm(job: Reader) -> bool:
    return job("algorithm_specification") is None and job("serverless_job_config") is None


def _not_one_of_image_and_name(job: Reader) -> bool:
    image, name = job("algorithm_specification.training_image"), job("algorithm_specification.algorithm_name")
    return job("algorithm_specification") is not None and bool(image) == bool(name)


def _hyper_parameters_too_large(job: Reader) -> bool:
    pairs = job("hyper_parameters") or {}
    if has_deferred(pairs):
        raise Postponed
    return len(json.dumps(pairs).encode()) > _LONGEST_VARIABLE


RULES = (
    Rule(
        name="algorithm-given",
        reads=("algorithm_specification", "serverless_job_config"),
        says="an algorithm: only a serverless job does without",
        source=api_reference("CreateTrainingJob"),
        broken=_no_algorithm,
    ),
    Rule(
        name="image-or-algorithm-name",
        reads=(
            "algorithm_specification.training_image",
            "algorithm_specification.algorithm_name",
            "algorithm_specification",
        ),
        says="exactly one of training_image and algorithm_name",
        source=api_reference("AlgorithmSpecification"),
        broken=_not_one_of_image_and_name,
    ),
    Rule(
        name="private-registry-needs-vpc",
        reads=(_ACCESS_MODE, "vpc_config"),
        says="a vpc_config with it, through which the private registry is reached",
        source=developer_guide("docker-containers-adapt-your-own-private-registry"),
        broken=lambda job: job(_ACCESS_MODE) == "Vpc" and job("vpc_config") is None,
    ),
    Rule(
        name="registry-credentials-need-vpc-mode",
        reads=(_CREDENTIALS, _ACCESS_MODE),
        says="training_repository_access_mode 'Vpc': the credentials are not used for images in Amazon ECR",
        source=api_reference("TrainingImageConfig"),
        broken=lambda job: job(_CREDENTIALS) is not None and job(_ACCESS_MODE) == "Platform",
        refused=False,
    ),
    Rule(
        name="metric-captures-its-number",
        reads=(f"{_METRICS}[].regex",),
        says="a group in parentheses around the number, for that is what is published",
        source=developer_guide("define-train-metrics"),
        broken=lambda metric: "(" not in metric("regex"),
        refused=False,
    ),
    Rule(
        name="metric-names-differ",
        reads=(f"{_METRICS}[].name",),
        says="a name that no earlier metric has: two of one name become one series",
        source=developer_guide("define-train-metrics"),
        broken=lambda metric: metric.repeats(_METRICS, "name"),
        refused=False,
    ),
    Rule(
        name="hyper-parameters-fit-a-variable",
        reads=("hyper_parameters",),
        says="at most 128 KiB in total: AWS's containers hand them to the script in one environment variable (SM_HPS)",
        source="execve(2), MAX_ARG_STRLEN; https://github.com/aws/sagemaker-training-toolkit",
        broken=_hyper_parameters_too_large,
        refused=False,
    ),
)
