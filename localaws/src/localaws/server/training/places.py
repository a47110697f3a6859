"""Validates where the addresses in a request lead: buckets, images, ARNs, by the same tables as the library's rules.

Input: a new job. Output: nothing, or a ValidationException. Nothing is looked up here; `preconditions` does that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from localaws.server.errors import validation
from sagemaker_constructs.addresses.ecr import image_mistake, parse_image
from sagemaker_constructs.addresses.requests import (
    ARN_MEMBERS,
    S3_MEMBERS,
    is_elsewhere,
    marketplace_algorithm,
    refused_bucket,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from localaws.server.training.job import Job


def check(job: Job) -> None:
    """Refuses a job whose addresses SageMaker refuses.

    Raises:
        ServiceError: ValidationException with the first of them.
    """
    for rule in RULES:
        for message in rule(job):
            raise validation(message)


def values(tree: Any, path: str) -> Iterator[str]:
    """The texts at a path of the tables, in which `[]` stands for each item."""
    name, _, rest = path.partition(".")
    below = tree.get(name.removesuffix("[]"))
    for item in below if isinstance(below, list) else [below]:
        if isinstance(item, dict):
            yield from values(item, rest)
        elif item is not None:
            yield item


def buckets(job: Job) -> Iterator[str]:
    """The names of buckets keep S3's naming rules."""
    for member in S3_MEMBERS:
        for uri in values(job.request, member):
            if expected := refused_bucket(uri, job.region):
                yield f"Invalid S3 URI {uri} in {member}: expected {expected}"


def arns(job: Job) -> Iterator[str]:
    """What an ARN names is in the job's Region."""
    for member in ARN_MEMBERS:
        for arn in values(job.request, member):
            if is_elsewhere(arn, job.region):
                yield f"Invalid ARN {arn} in {member}: it must be in the Region of the training job ({job.region})"


def image(job: Job) -> Iterator[str]:
    """The image is in ECR in the job's Region, or in a registry that is reached through its VPC."""
    algorithm = job.request.get("AlgorithmSpecification", {})
    address = algorithm.get("TrainingImage")
    if address is None:
        return
    found = parse_image(address)
    mode = algorithm.get("TrainingImageConfig", {}).get("TrainingRepositoryAccessMode")
    if mistake := image_mistake(address):
        yield f"Invalid TrainingImage {address}: {mistake}"
    if found and found.region != job.region:
        yield f"Invalid TrainingImage {address}: it must be in the Region of the training job ({job.region})"
    if found is None and mode != "Vpc":
        yield f"Using non-ECR image {address} without Vpc repository access mode is not supported."


def isolation(job: Job) -> Iterator[str]:
    """An algorithm of AWS Marketplace runs in network isolation."""
    name = job.request.get("AlgorithmSpecification", {}).get("AlgorithmName", "")
    if marketplace_algorithm(name, job.account) and not job.request.get("EnableNetworkIsolation"):
        yield f"EnableNetworkIsolation must be true for a training job that uses the AWS Marketplace algorithm {name}"


RULES: tuple[Callable[[Job], Iterator[str]], ...] = (buckets, arns, image, isolation)
