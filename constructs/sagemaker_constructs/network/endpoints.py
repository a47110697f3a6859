"""How a job reaches AWS's services from a VPC without a way out.

Input: the members of jobs, in which values may be deferred. Output: the services that get an interface endpoint, and
the policy of S3's gateway endpoint. Every interface endpoint costs about 0.01 USD an hour in each zone, and 0.01 USD a
GB; the gateway endpoint costs nothing.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sagemaker_constructs.permissions.locations import bucket_arn, object_arn
from sagemaker_constructs.permissions.needs import values_at
from sagemaker_constructs.permissions.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_REGION = re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d")


@dataclass(frozen=True, slots=True)
class Use:
    """A service that the container calls when the job has one of these members."""

    service: str
    members: tuple[str, ...]
    source: str
    """Page of the SageMaker Developer Guide."""


USES: tuple[Use, ...] = (
    Use(
        "com.amazonaws.{region}.lambda",
        ("algorithm_specification.training_image_config.training_repository_auth_config",),
        "docker-containers-adapt-your-own-private-registry-authentication",
    ),
    Use("com.amazonaws.{region}.ssmmessages", ("remote_debug_config.enable_remote_debug",), "train-remote-debugging"),
    Use("com.amazonaws.{region}.sagemaker.api", ("experiment_config.experiment_name",), "interface-vpc-endpoint"),
    Use("com.amazonaws.{region}.sagemaker.metrics", ("experiment_config.experiment_name",), "interface-vpc-endpoint"),
    Use("aws.sagemaker.{region}.experiments", ("mlflow_config.mlflow_resource_arn",), "mlflow-interface-endpoint"),
)
"""SageMaker itself pulls an image from ECR and writes the log from outside the VPC, so that neither is here."""


def chosen_services(jobs: Iterable[Mapping[str, Any]]) -> list[str]:
    """The services that the jobs' containers call, for they have what is reached through them.

    What is not known yet counts as there, be it a value or a whole structure such as `experiment_config`: an endpoint
    too many costs a cent an hour, one too few the job.
    """
    listed = list(jobs)
    return sorted({use.service for use in USES if any(_mentions(job, use.members) for job in listed)})


def service_name(service: str, region: str) -> str:
    """The full name of an endpoint's service: `logs` is `com.amazonaws.<region>.logs`."""
    full = service if service.startswith(("com.", "aws.", "cn.")) else f"com.amazonaws.{{region}}.{service}"
    return full.replace("{region}", region)


def short_name(service: str) -> str:
    """What tells an endpoint from the others in the names of resources: `ecr-dkr`, however the service is written."""
    parts = (part for part in service.split(".") if part not in {"com", "cn", "aws", "amazonaws", "{region}"})
    return "-".join(part for part in parts if not _REGION.fullmatch(part))


def distinct(services: Iterable[str]) -> list[str]:
    """The services, each of them once."""
    return list({short_name(each): each for each in services}.values())


def gateway_policy(buckets: Iterable[str], partition: str, region: str, services: Iterable[str]) -> str:
    """The policy of the S3 endpoint that lets through what goes to these buckets, and nothing else.

    With an endpoint of ECR the container can pull images, whose layers are in a bucket of AWS (ECR User Guide,
    "vpc-endpoints").
    """
    scope = Scope(partition, region, "*")
    named = {bucket_arn(bucket, scope): ["s3:*"] for bucket in buckets}
    if any(short_name(service) == "ecr-dkr" for service in services):
        named[f"arn:{partition}:s3:::prod-{region}-starport-layer-bucket"] = ["s3:GetObject"]
    statements = [
        {"Effect": "Allow", "Principal": "*", "Action": actions, "Resource": [home, object_arn(home, "*")]}
        for home, actions in sorted(named.items())
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, sort_keys=True)


def _mentions(job: Mapping[str, Any], members: tuple[str, ...]) -> bool:
    """Whether the job has one of the members, or may have it."""
    return any(value is not False for path in members for value in values_at(job, path))
