"""Checks whether a job's image exists, in the registry of the job's own account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from localaws.server import backends
from sagemaker_constructs.addresses.ecr import EcrImage, parse_image

if TYPE_CHECKING:
    from localaws.server.training.job import Job

MISSING = (
    "ClientError: Cannot pull algorithm container. Either the image does not exist or its permissions are incorrect."
)
"""AWS's message for an image that does not exist."""


def located(job: Job) -> EcrImage | None:
    """The parts of the address of a job's image, if it is in ECR."""
    return parse_image(job.request.get("AlgorithmSpecification", {}).get("TrainingImage", ""))


def missing(job: Job) -> bool:
    """Whether a job's image does not exist in ECR.

    Other accounts' registries are not on this machine, and a registry without a repository is not in use:
    their images are assumed to exist.
    """
    image = located(job)
    if image is None or image.account != job.account:
        return False
    repositories = backends.ecr(job.account, image.region).repositories
    if not repositories:
        return False
    repository = repositories.get(image.repository)
    return repository is None or not any(
        each.image_digest == image.digest if image.digest else image.pulled_tag in each.image_tags
        for each in repository.images
    )
