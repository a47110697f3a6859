"""What a training job's execution role must be allowed, and nothing else.

Input: the members of one or more jobs, all known, and where they run. Output: the statements of an IAM policy.
Source: SageMaker Developer Guide, "CreateTrainingJob API: Execution Role Permissions", and the pages named per row.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

Members = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the jobs run."""

    partition: str
    """`aws`, `aws-cn`, `aws-us-gov`, …"""
    region: str
    account: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement that allows actions on resources."""

    sid: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    condition: Mapping[str, Mapping[str, Any]] | None = None

    def document(self) -> dict[str, Any]:
        """The statement as IAM reads it."""
        condition = {"Condition": self.condition} if self.condition else {}
        return {
            "Sid": self.sid,
            "Effect": "Allow",
            "Action": sorted(self.actions),
            "Resource": sorted(self.resources),
            **condition,
        }


ANY_RESOURCE: Mapping[str, str] = {
    "ImageToken": "ecr:GetAuthorizationToken has no resource type",
    "Metrics": "cloudwatch:PutMetricData has no resource type; the namespace is its condition",
    "NetworkInterfaces": "the interfaces do not exist yet, and the describing actions have no resource type",
}
"""The statements on every resource, each with the reason why AWS allows nothing narrower."""

NETWORK_ACTIONS = (
    "ec2:CreateNetworkInterface",
    "ec2:CreateNetworkInterfacePermission",
    "ec2:DeleteNetworkInterface",
    "ec2:DeleteNetworkInterfacePermission",
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
)
"""What SageMaker does with the role to place machines in a VPC (same page, "with a VPC")."""


def policy_document(jobs: Iterable[Members], place: Place) -> str:
    """The policy that lets a role run `jobs`, as JSON with named, sorted statements."""
    statements = sorted(_statements(list(jobs), place), key=lambda statement: statement.sid)
    return json.dumps(
        {"Version": "2012-10-17", "Statement": [each.document() for each in statements]}, sort_keys=True, indent=None
    )


def trust_document(place: Place) -> str:
    """The trust policy: SageMaker, and only on behalf of this account (IAM guide, "the confused deputy problem")."""
    statement = {
        "Sid": "SageMaker",
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": "sagemaker.amazonaws.com"},
        "Condition": {"StringEquals": {"aws:SourceAccount": place.account}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, sort_keys=True)


def _statements(jobs: list[Members], place: Place) -> Iterator[Statement]:
    for sid, uris, actions in (
        ("InputObjects", _uris(jobs, _inputs), ("s3:GetObject",)),
        ("OutputObjects", _uris(jobs, _outputs), ("s3:AbortMultipartUpload", "s3:PutObject")),
        ("CheckpointObjects", _uris(jobs, _checkpoints), ("s3:DeleteObject", "s3:GetObject", "s3:PutObject")),
    ):
        if uris:
            yield Statement(sid, actions, tuple(_objects_arn(uri, place) for uri in uris))
    yield from _listing(_uris(jobs, _inputs) | _uris(jobs, _checkpoints), place)
    yield from _images(jobs, place)
    yield from _observing(place)
    yield from _keys(jobs, place)
    if any(job.get("vpc_config") for job in jobs):
        yield Statement("NetworkInterfaces", NETWORK_ACTIONS, ("*",))


def _listing(uris: Iterable[str], place: Place) -> Iterator[Statement]:
    """ListBucket, a statement a bucket, for the condition names that bucket's prefixes."""
    prefixes: dict[str, set[str]] = {}
    for uri in uris:
        bucket, key = _bucket_and_key(uri)
        prefixes.setdefault(bucket, set()).add(f"{key}*")
    for bucket in sorted(prefixes):
        yield Statement(
            "List" + "".join(part.capitalize() for part in re.split(r"[^a-zA-Z0-9]+", bucket)),
            ("s3:ListBucket",),
            (f"arn:{place.partition}:s3:::{bucket}",),
            {"StringLike": {"s3:prefix": sorted(prefixes[bucket])}},
        )


_ECR_IMAGE = re.compile(r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.[^/]+/(?P<repository>[^:@]+)")


def _images(jobs: list[Members], place: Place) -> Iterator[Statement]:
    images = {(job.get("algorithm_specification") or {}).get("training_image") or "" for job in jobs}
    found = [match for image in images if (match := _ECR_IMAGE.match(image))]
    if not found:
        return
    yield Statement(
        "Image",
        ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"),
        tuple(
            f"arn:{place.partition}:ecr:{each['region']}:{each['account']}:repository/{each['repository']}"
            for each in found
        ),
    )
    yield Statement("ImageToken", ("ecr:GetAuthorizationToken",), ("*",))


def _observing(place: Place) -> Iterator[Statement]:
    group = f"arn:{place.partition}:logs:{place.region}:{place.account}:log-group:/aws/sagemaker/TrainingJobs"
    yield Statement(
        "Logs",
        ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"),
        (group, f"{group}:log-stream:*"),
    )
    yield Statement(
        "Metrics",
        ("cloudwatch:PutMetricData",),
        ("*",),
        {"StringEquals": {"cloudwatch:namespace": "/aws/sagemaker/TrainingJobs"}},
    )


def _keys(jobs: list[Members], place: Place) -> Iterator[Statement]:
    output = {(job.get("output_data_config") or {}).get("kms_key_id") for job in jobs}
    volume = {(job.get("resource_config") or {}).get("volume_kms_key_id") for job in jobs}
    for sid, keys, actions in (
        ("OutputKey", output, ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey")),
        ("VolumeKey", volume, ("kms:CreateGrant", "kms:DescribeKey")),
    ):
        arns = tuple(_key_arn(key, place) for key in keys if key)
        if arns:
            grants = {"Bool": {"kms:GrantIsForAWSResource": "true"}} if sid == "VolumeKey" else None
            yield Statement(sid, actions, arns, grants)


def _key_arn(key: str, place: Place) -> str:
    """The ARN of a key given by ARN or id; an alias names no key, so that its key is found by a condition on aliases."""
    return key if key.startswith("arn:") else f"arn:{place.partition}:kms:{place.region}:{place.account}:key/{key}"


def _uris(jobs: list[Members], of: Callable[[Members], Iterable[str | None]]) -> set[str]:
    return {uri for job in jobs for uri in of(job) if uri}


def _inputs(job: Members) -> Iterator[str | None]:
    for channel in job.get("input_data_config") or []:
        yield ((channel.get("data_source") or {}).get("s3_data_source") or {}).get("s3_uri")


def _outputs(job: Members) -> Iterator[str | None]:
    for member in ("output_data_config", "debug_hook_config", "tensor_board_output_config", "profiler_config"):
        yield (job.get(member) or {}).get("s3_output_path")
    for member in ("debug_rule_configurations", "profiler_rule_configurations"):
        for rule in job.get(member) or []:
            yield rule.get("s3_output_path")


def _checkpoints(job: Members) -> Iterator[str | None]:
    yield (job.get("checkpoint_config") or {}).get("s3_uri")


def _objects_arn(uri: str, place: Place) -> str:
    bucket, key = _bucket_and_key(uri)
    return f"arn:{place.partition}:s3:::{bucket}/{key}*"


def _bucket_and_key(uri: str) -> tuple[str, str]:
    """Bucket and key; an output location is a folder to SageMaker, an input location a prefix of keys."""
    parts = urlsplit(uri)
    return parts.netloc, parts.path.lstrip("/")
