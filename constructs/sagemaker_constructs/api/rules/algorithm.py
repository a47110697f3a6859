"""Rules about the algorithm, its image, its metrics and its hyperparameters."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sagemaker_constructs.api.deferred import is_deferred
from sagemaker_constructs.api.rules.rule import ALWAYS, Rule, ValueNotKnownError, api_reference, developer_guide

if TYPE_CHECKING:
    from sagemaker_constructs.api.rules.rule import Reader

_LONGEST_VARIABLE = 128 * 1024 - 1
"""Linux's limit of one environment variable in bytes (MAX_ARG_STRLEN)."""
_LONGEST_ESCAPE, _PUNCTUATION = len(r"\ud83d\ude00"), len('"": "", ')
"""Bytes in JSON: of one character at most, and around each pair. Few jobs come near the limit and are measured."""
_METRICS = "algorithm_specification.metric_definitions"
_ACCESS_MODE = "algorithm_specification.training_image_config.training_repository_access_mode"
_CREDENTIALS = "algorithm_specification.training_image_config.training_repository_auth_config"


def _not_one_of_image_and_name(job: Reader) -> bool:
    image, name = job("algorithm_specification.training_image"), job("algorithm_specification.algorithm_name")
    return bool(image) == bool(name)


def _hyper_parameters_too_large(job: Reader) -> bool:
    pairs = job("hyper_parameters")
    if any(map(is_deferred, pairs.values())):
        raise ValueNotKnownError
    characters = sum(map(len, pairs)) + sum(map(len, pairs.values()))
    at_most = _LONGEST_ESCAPE * characters + _PUNCTUATION * len(pairs)
    return at_most > _LONGEST_VARIABLE and len(json.dumps(pairs)) > _LONGEST_VARIABLE


RULES = (
    Rule(
        name="algorithm-given",
        reads=("algorithm_specification", "serverless_job_config"),
        problem="is required, except in a job with serverless_job_config",
        source=api_reference("CreateTrainingJob"),
        given=ALWAYS,
        broken=lambda job: job("algorithm_specification") is None and job("serverless_job_config") is None,
    ),
    Rule(
        name="image-or-algorithm-name",
        reads=(
            "algorithm_specification",
            "algorithm_specification.training_image",
            "algorithm_specification.algorithm_name",
        ),
        problem="must have exactly one of training_image and algorithm_name",
        source=api_reference("AlgorithmSpecification"),
        broken=_not_one_of_image_and_name,
    ),
    Rule(
        name="private-registry-needs-vpc",
        reads=(_ACCESS_MODE, "vpc_config"),
        problem="'Vpc' requires vpc_config: the private registry is reached through the job's VPC",
        source=developer_guide("docker-containers-adapt-your-own-private-registry"),
        broken=lambda job: job(_ACCESS_MODE) == "Vpc" and job("vpc_config") is None,
    ),
    Rule(
        name="registry-credentials-need-vpc-mode",
        reads=(_CREDENTIALS, _ACCESS_MODE),
        problem="requires training_repository_access_mode 'Vpc': the credentials are not used for images in Amazon ECR",
        source=api_reference("TrainingImageConfig"),
        broken=lambda job: job(_ACCESS_MODE) == "Platform",
        refused=False,
    ),
    Rule(
        name="metric-captures-its-number",
        reads=(f"{_METRICS}[].regex",),
        expected="a regular expression with a group, in parentheses, around the number to publish",
        source=developer_guide("define-train-metrics"),
        broken=lambda metric: "(" not in metric("regex"),
        refused=False,
    ),
    Rule(
        name="metric-names-differ",
        reads=(f"{_METRICS}[].name",),
        expected="a name that no earlier metric has: metrics of the same name are published as one",
        source=developer_guide("define-train-metrics"),
        broken=lambda metric: metric.repeats(_METRICS, "name"),
        refused=False,
    ),
    Rule(
        name="hyper-parameters-fit-a-variable",
        reads=("hyper_parameters",),
        problem="must not exceed 128 KiB in total: AWS's containers pass them to the script in one environment "
        "variable (SM_HPS)",
        source="execve(2), MAX_ARG_STRLEN; https://github.com/aws/sagemaker-training-toolkit",
        broken=_hyper_parameters_too_large,
        refused=False,
    ),
)
