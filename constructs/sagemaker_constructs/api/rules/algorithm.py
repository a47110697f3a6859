"""Rules about the algorithm, its image, its metrics and its hyperparameters."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from sagemaker_constructs.addresses.arns import parse_arn
from sagemaker_constructs.addresses.requests import marketplace_algorithm
from sagemaker_constructs.api.deferred import is_deferred
from sagemaker_constructs.api.rules.metric_regex import better_expression
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


_NAME = "algorithm_specification.algorithm_name"
_ISOLATION = "enable_network_isolation"
_SUBMIT_DIRECTORY = "sagemaker_submit_directory"
_MARKETPLACE = developer_guide("mkt-algo-model-internet-free")
_REMOTE = re.compile(r"\b(?:s3|https?|git|ssh)://|\bgit clone\b|\b(?:pip|pip3|conda|apt|apt-get|yum) install\b")
_REMOTE_ADDRESS = re.compile(r"[\"']?(?:s3|https?)://")


def _is_marketplace_algorithm(job: Reader) -> bool | None:
    role = parse_arn(job.known("role_arn") or "")  # of the job's account, for SageMaker takes no other role
    return marketplace_algorithm(job(_NAME), role.account if role else None)


def _downloads_code(job: Reader) -> bool:
    submitted = [job.entry("hyper_parameters", _SUBMIT_DIRECTORY), job.entry("environment", _SUBMIT_DIRECTORY.upper())]
    if any(_REMOTE_ADDRESS.match(str(each)) for each in submitted if each):
        return True
    command = job.texts("algorithm_specification.container_entrypoint")
    command = [*command, *job.texts("algorithm_specification.container_arguments")]
    return _REMOTE.search(" ".join(command)) is not None


def _submits_no_archive(job: Reader) -> bool:
    submitted = job.entry("hyper_parameters", _SUBMIT_DIRECTORY)
    if not submitted or not _REMOTE_ADDRESS.match(submitted):
        return False
    return not submitted.strip("\"' ").lower().endswith((".tar.gz", ".tgz"))


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
        name="marketplace-needs-isolation",
        reads=(_ISOLATION, _NAME, "role_arn"),
        problem="must be True: algorithms of AWS Marketplace run in network isolation only",
        source=_MARKETPLACE,
        given=_NAME,
        broken=lambda job: not job(_ISOLATION) and _is_marketplace_algorithm(job) is True,
    ),
    Rule(
        name="marketplace-wants-isolation",
        reads=(_ISOLATION, _NAME, "role_arn"),
        problem="should be True if the algorithm is of AWS Marketplace: those run in network isolation only",
        source=_MARKETPLACE,
        given=_NAME,
        broken=lambda job: not job(_ISOLATION) and _is_marketplace_algorithm(job) is None,
        refused=False,
    ),
    Rule(
        name="isolation-without-downloads",
        reads=(
            _ISOLATION,
            "hyper_parameters",
            "environment",
            "algorithm_specification.container_entrypoint",
            "algorithm_specification.container_arguments",
        ),
        problem="cannot be combined with code that the container downloads: without a network it reads only its "
        "channels, so pass the code as a channel or in the image",
        source=developer_guide("mkt-algo-model-internet-free"),
        broken=lambda job: job(_ISOLATION) is True and _downloads_code(job),
        refused=False,
    ),
    Rule(
        name="submit-directory-is-an-archive",
        reads=(f"hyper_parameters.{_SUBMIT_DIRECTORY}",),
        expected="the address of one archive, .tar.gz, or a directory in the container: AWS's containers download and "
        "unpack a single object",
        source="https://github.com/aws/sagemaker-training-toolkit",
        given="hyper_parameters",
        broken=_submits_no_archive,
        refused=False,
    ),
    Rule(
        name="metric-captures-its-number",
        reads=(f"{_METRICS}[].regex",),
        expected="a regular expression that compiles, with a group, in parentheses, around the number to publish",
        source=developer_guide("define-train-metrics"),
        broken=lambda metric: better_expression(metric("regex")) is not None,
        explain=lambda expression, _: better_expression(expression),
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
