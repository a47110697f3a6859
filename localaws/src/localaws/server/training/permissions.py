"""Checks what a job does with its role against the role's policies.

Input: a job and the phase that it enters. Output: why it fails, in AWS's manner, if its role does not allow what it
does there. `LOCALAWS_ENFORCE_IAM=1` switches it on.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from localaws.server import backends
from localaws.server.policies import allowed
from localaws.server.training import images, preconditions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from moto.iam.models import ManagedPolicy

    from localaws.server.training.job import Job

PULL = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
OWN_INTERFACE = (
    "ec2:CreateNetworkInterfacePermission",
    "ec2:DeleteNetworkInterface",
    "ec2:DeleteNetworkInterfacePermission",
)
DESCRIBE = (
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
)


@dataclass(frozen=True)
class Need:
    """An action that the job takes; the text is the FailureReason where the role does not allow it."""

    action: str
    resource: str
    failure: str
    context: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict[str, "str | tuple[str, ...]"])


def documents(account: str, region: str, role_arn: str) -> list[list[Any]]:
    """The policies of a role, inline and managed, and its boundary, if it has one: both must allow an action."""
    iam = backends.iam(account, region)
    role = iam.get_role_by_arn(role_arn)
    own = [json.loads(text) for text in role.policies.values()] + [*map(_managed, role.managed_policies.values())]
    if not role.permissions_boundary_arn:
        return [own]
    return [own, [_managed(iam.managed_policies[role.permissions_boundary_arn])]]


def _managed(policy: ManagedPolicy) -> Any:
    return json.loads(next(each.document for each in policy.versions if each.is_default))


def refusal(job: Job, status: str) -> str | None:
    """Why the job fails as it enters a phase, or None."""
    needs = NEEDS.get(status)
    if needs is None:
        return None
    bounds = documents(job.account, job.region, job.request["RoleArn"])
    for need in needs(job):
        if not all(allowed(bound, need.action, need.resource, need.context) for bound in bounds):
            return need.failure
    return None


def may_log(job: Job) -> bool:
    """Whether the job's log can be written; a job without a log runs all the same."""
    stream = f"{_arn(job, 'logs', 'log-group:/aws/sagemaker/TrainingJobs')}:log-stream:{job.name}/algo-1"
    bounds = documents(job.account, job.region, job.request["RoleArn"])
    return all(
        allowed(bound, action, stream) for bound in bounds for action in ("logs:CreateLogStream", "logs:PutLogEvents")
    )


def _starting(job: Job) -> Iterator[Need]:
    network = job.request.get("VpcConfig", {})
    text = f'ClientError: Access denied to the VPC. Please ensure that the role "{job.request["RoleArn"]}" has {{}}'
    interface = _arn(job, "ec2", "network-interface/eni-0")
    placed = (
        *(f"subnet/{each}" for each in network.get("Subnets", ())),
        *(f"security-group/{each}" for each in network.get("SecurityGroupIds", ())),
        *(["network-interface/eni-0"] if network else ()),
    )
    for resource in placed:
        action = "ec2:CreateNetworkInterface"
        yield Need(action, _arn(job, "ec2", resource), text.format(f'"{action}" permissions on {resource}'))
    for subnet in network.get("Subnets", ()):
        for action in OWN_INTERFACE:
            context = {"ec2:Subnet": _arn(job, "ec2", f"subnet/{subnet}")}
            yield Need(action, interface, text.format(f'"{action}" permissions'), context)
    for action in DESCRIBE if network else ():
        yield Need(action, "*", text.format(f'"{action}" permissions'))
    yield from _key(job, job.request.get("ResourceConfig", {}).get("VolumeKmsKeyId"), "kms:CreateGrant", "volume")


def _downloading(job: Job) -> Iterator[Need]:
    yield from _pull(job)
    for source in preconditions.sources(job.request):
        uri = source["S3Uri"]
        name, prefix = preconditions.location(uri)
        text = preconditions.unreadable(job, uri)
        bucket = f"arn:{backends.get_partition(job.region)}:s3:::{name}"
        yield Need("s3:ListBucket", bucket, f"ClientError: Data download failed:{text}", {"s3:prefix": prefix})
        found = preconditions.bucket(job, name)
        for key in list(found.keys.keys()) if found else ():
            if key.startswith(prefix):
                yield Need(
                    "s3:GetObject",
                    f"{bucket}/{key}",
                    f"ClientError: Data download failed:Failed to download data. Access denied for s3://{name}/{key}",
                )


def _training(job: Job) -> Iterator[Need]:
    uri = job.request.get("CheckpointConfig", {}).get("S3Uri")
    if uri:
        name, prefix = preconditions.location(uri)
        bucket = f"arn:{backends.get_partition(job.region)}:s3:::{name}"
        text = f"ClientError: Checkpoint sync failed:Access denied for {uri}"
        yield Need("s3:ListBucket", bucket, text, {"s3:prefix": f"{prefix.rstrip('/')}/"})
        for action in ("s3:GetObject", "s3:PutObject"):
            yield Need(action, f"{bucket}/{prefix.rstrip('/')}/checkpoint", text)


def _uploading(job: Job) -> Iterator[Need]:
    target = job.request["OutputDataConfig"]
    uri = f"{target['S3OutputPath'].rstrip('/')}/{job.name}/output/model.tar.gz"
    name, key = preconditions.location(uri)
    text = f"ClientError: Artifact upload failed:Unable to upload file to {uri}: Access denied"
    yield Need("s3:PutObject", f"arn:{backends.get_partition(job.region)}:s3:::{name}/{key}", text)
    yield from _key(job, target.get("KmsKeyId"), "kms:GenerateDataKey", "output")


def _pull(job: Job) -> Iterator[Need]:
    match = images.located(job)
    if match is None:
        return
    text = (
        f"ClientError: Cannot pull the image {match.string}. Please ensure that the repository exists and that "
        f'the role "{job.request["RoleArn"]}" has "{{}}" permissions'
    )
    partition = backends.get_partition(job.region)
    repository = f"arn:{partition}:ecr:{match['region']}:{match['account']}:repository/{match['repository']}"
    yield Need("ecr:GetAuthorizationToken", "*", text.format("ecr:GetAuthorizationToken"))
    for action in PULL:
        yield Need(action, repository, text.format(action))


def _key(job: Job, key: str | None, action: str, use: str) -> Iterator[Need]:
    """The use of a key by id or ARN; which key is behind an alias, only KMS knows."""
    if not key or "alias/" in key:
        return
    arn = key if key.startswith("arn:") else _arn(job, "kms", f"key/{key}")
    text = f'ClientError: Access denied to the {use} key {key}. Please ensure that the role has "{action}" permissions'
    yield Need(action, arn, text, {"kms:GrantIsForAWSResource": "true"})


def _arn(job: Job, service: str, resource: str) -> str:
    return f"arn:{backends.get_partition(job.region)}:{service}:{job.region}:{job.account}:{resource}"


NEEDS: Mapping[str, Callable[[Job], Iterator[Need]]] = {
    "Starting": _starting,
    "DownloadingTrainingImage": _downloading,
    "Training": _training,
    "Uploading": _uploading,
}
"""By status, what a job does with its role in it."""
