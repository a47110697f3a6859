"""Decides which interface endpoints a network gets, and which buckets its S3 gateway endpoint allows.

Input: the members of jobs, in which values may be deferred. Output: names of services, and the policy of the gateway
endpoint. An interface endpoint costs about 0.01 USD an hour in each zone, and 0.01 USD a GB; the gateway endpoint is
free of charge.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sagemaker_constructs.addresses.partitions import is_region_name
from sagemaker_constructs.api.tree import values_at
from sagemaker_constructs.permissions.locations import bucket_arn, object_arn
from sagemaker_constructs.permissions.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class InterfaceEndpoint:
    """A service that the containers of a job call if the job has a member."""

    service: str
    member: str
    """Path of the member."""
    source: str
    """Page of the SageMaker Developer Guide."""


INTERFACE_ENDPOINTS: tuple[InterfaceEndpoint, ...] = (
    InterfaceEndpoint(
        "com.amazonaws.{region}.lambda",
        "algorithm_specification.training_image_config.training_repository_auth_config",
        "docker-containers-adapt-your-own-private-registry-authentication",
    ),
    InterfaceEndpoint(
        "com.amazonaws.{region}.ssmmessages", "remote_debug_config.enable_remote_debug", "train-remote-debugging"
    ),
    InterfaceEndpoint(
        "com.amazonaws.{region}.sagemaker.api", "experiment_config.experiment_name", "interface-vpc-endpoint"
    ),
    InterfaceEndpoint(
        "com.amazonaws.{region}.sagemaker.metrics", "experiment_config.experiment_name", "interface-vpc-endpoint"
    ),
    InterfaceEndpoint(
        "aws.sagemaker.{region}.experiments", "mlflow_config.mlflow_resource_arn", "mlflow-interface-endpoint"
    ),
)
"""The endpoints that are created by default. ECR and CloudWatch Logs are not among them, for SageMaker itself pulls the
image and writes the log, from outside the VPC."""
_BUCKETS_OF_SERVICES: Mapping[str, str] = {"ecr-dkr": "prod-{region}-starport-layer-bucket"}
"""AWS's buckets from which services answer, by short name (ECR User Guide, "vpc-endpoints": image layers)."""


def default_services(jobs: Iterable[Mapping[str, Any]]) -> list[str]:
    """The services that the containers of the jobs call.

    What is not known yet, whether a value or a whole structure such as `experiment_config`, counts as used: an
    unnecessary endpoint costs a cent an hour, a missing one fails the job.
    """
    listed = list(jobs)
    return sorted({each.service for each in INTERFACE_ENDPOINTS if any(_uses(job, each.member) for job in listed)})


def service_name(service: str, region: str) -> str:
    """The full name of a service: `com.amazonaws.<region>.logs` for `logs`."""
    full = service if service.startswith(("com.", "aws.", "cn.")) else f"com.amazonaws.{{region}}.{service}"
    return full.replace("{region}", region)


def short_name(service: str) -> str:
    """The name of a service in resource names: `ecr-dkr` for `ecr.dkr` and for its full name."""
    parts = (part for part in service.split(".") if part not in {"com", "cn", "aws", "amazonaws", "{region}"})
    return "-".join(part for part in parts if not is_region_name(part))


def unique_services(services: Iterable[str]) -> list[str]:
    """The services without duplicates: a service can be written in several ways."""
    return list({short_name(each): each for each in services}.values())


def gateway_policy(buckets: Iterable[str], partition: str, region: str, services: Iterable[str]) -> str:
    """The policy of the S3 gateway endpoint that allows these buckets only, and those of the services."""
    scope = Scope(partition, region, "*")
    allowed = {bucket_arn(bucket, scope): "s3:*" for bucket in buckets}
    for service in map(short_name, services):
        if service in _BUCKETS_OF_SERVICES:
            allowed[bucket_arn(_BUCKETS_OF_SERVICES[service].format(region=region), scope)] = "s3:GetObject"
    statements = [
        {"Effect": "Allow", "Principal": "*", "Action": [action], "Resource": [arn, object_arn(arn, "*")]}
        for arn, action in sorted(allowed.items())
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, sort_keys=True)


def endpoint_table() -> str:
    """The default endpoints as a Markdown table, for the documentation."""
    rows = [
        f"| `{each.member}` | `{each.service.format(region='<region>')}` | {each.source} |\n"
        for each in INTERFACE_ENDPOINTS
    ]
    return "| member of the spec | endpoint | page of the SageMaker Developer Guide |\n|---|---|---|\n" + "".join(rows)


def _uses(job: Mapping[str, Any], member: str) -> bool:
    """Whether the job has the member, or may have it."""
    return any(value is not False for value in values_at(job, member))
