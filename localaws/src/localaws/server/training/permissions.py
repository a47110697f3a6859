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
from sagemaker_constructs.addresses.arns import Arn

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
    stream = f"{job.arn_of('logs', 'log-group:/aws/sagemaker/TrainingJobs')}:log-stream:{job.name}/algo-1"
    bounds = documents(job.account, job.region, job.request["RoleArn"])
    return all(
        allowed(bound, action, stream) for bound in bounds for action in ("logs:CreateLogStream", "logs:PutLogEvents")
    )


def _starting(job: Job) -> Iterator[Need]:
    network = job.request.get("VpcConfig", {})
    text = f'ClientError: Access denied to the VPC. Please ensure that the role "{job.request["RoleArn"]}" has {{}}'
    interface = job.arn_of("ec2", "network-interface/eni-0")
    placed = (
        *(f"subnet/{each}" for each in network.get("Subnets", ())),
        *(f"security-group/{each}" for each in network.get("SecurityGroupIds", ())),
        *(["network-interface/eni-0"] if network else ()),
    )
    for resource in placed:
        action = "ec2:CreateNetworkInterface"
        yield Need(action, job.arn_of("ec2", resource), text.format(f'"{action}" permissions on {resource}'))
    for subnet in network.get("Subnets", ()):
        for action in OWN_INTERFACE:
            context = {"ec2:Subnet": job.arn_of("ec2", f"subnet/{subnet}")}
            yield Need(action, interface, text.format(f'"{action}" permissions'), context)
    for action in DESCRIBE if network else ():
        yield Need(action, "*", text.format(f'"{action}" permissions'))
    yield from _key(job, job.request.get("ResourceConfig", {}).get("VolumeKmsKeyId"), "kms:CreateGrant", "volume")


def _downloading(job: Job) -> Iterator[Need]:
    yield from _pull(job)
    for source in preconditions.sources(job.request):
        data = preconditions.location(source["S3Uri"])
        text = preconditions.unreadable(job, source["S3Uri"])
        bucket = job.bucket_arn(data.bucket)
        yield Need("s3:ListBucket", bucket, f"ClientError: Data download failed:{text}", {"s3:prefix": data.key})
        found = preconditions.bucket(job, data.bucket)
        for key in list(found.keys.keys()) if found else ():
            if key.startswith(data.key):
                yield Need(
                    "s3:GetObject",
                    f"{bucket}/{key}",
                    "ClientError: Data download failed:Failed to download data. "
                    f"Access denied for s3://{data.bucket}/{key}",
                )


def _training(job: Job) -> Iterator[Need]:
    uri = job.request.get("CheckpointConfig", {}).get("S3Uri")
    if uri:
        checkpoints = preconditions.location(uri)
        bucket, prefix = job.bucket_arn(checkpoints.bucket), f"{checkpoints.key.rstrip('/')}/"
        text = f"ClientError: Checkpoint sync failed:Access denied for {uri}"
        yield Need("s3:ListBucket", bucket, text, {"s3:prefix": prefix})
        for action in ("s3:GetObject", "s3:PutObject"):
            yield Need(action, f"{bucket}/{prefix}checkpoint", text)


def _uploading(job: Job) -> Iterator[Need]:
    target = job.request["OutputDataConfig"]
    uri = f"{target['S3OutputPath'].rstrip('/')}/{job.name}/output/model.tar.gz"
    model = preconditions.location(uri)
    text = f"ClientError: Artifact upload failed:Unable to upload file to {uri}: Access denied"
    yield Need("s3:PutObject", f"{job.bucket_arn(model.bucket)}/{model.key}", text)
    yield from _key(job, target.get("KmsKeyId"), "kms:GenerateDataKey", "output")


def _pull(job: Job) -> Iterator[Need]:
    image = images.located(job)
    if image is None:
        return
    text = (
        f"ClientError: Cannot pull the image {image.uri}. Please ensure that the repository exists and that "
        f'the role "{job.request["RoleArn"]}" has "{{}}" permissions'
    )
    repository = Arn(image.partition.name, "ecr", image.region, image.account, f"repository/{image.repository}").text
    yield Need("ecr:GetAuthorizationToken", "*", text.format("ecr:GetAuthorizationToken"))
    for action in PULL:
        yield Need(action, repository, text.format(action))


def _key(job: Job, key: str | None, action: str, use: str) -> Iterator[Need]:
    """The use of a key by id or ARN; which key is behind an alias, only KMS knows."""
    if not key or "alias/" in key:
        return
    arn = key if key.startswith("arn:") else job.arn_of("kms", f"key/{key}")
    text = f'ClientError: Access denied to the {use} key {key}. Please ensure that the role has "{action}" permissions'
    yield Need(action, arn, text, {"kms:GrantIsForAWSResource": "true"})


NEEDS: Mapping[str, Callable[[Job], Iterator[Need]]] = {
    "Starting": _starting,
    "DownloadingTrainingImage": _downloading,
    "Training": _training,
    "Uploading": _uploading,
}
"""By status, what a job does with its role in it."""
