"""Checks what a new job needs in other services: a role that trusts SageMaker, buckets, subnets, security groups."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from moto.ec2.exceptions import InvalidSubnetIdError
from moto.iam.exceptions import NotFoundException
from moto.s3.exceptions import S3ClientError

from localaws.server import backends
from localaws.server.errors import validation
from localaws.server.training.trust import trusts
from sagemaker_constructs.addresses.s3 import S3Address, S3AddressError, parse_s3

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from moto.s3.models import FakeBucket

    from localaws.server.training.job import Job

Request = dict[str, Any]


def check(job: Job, propagation: float) -> None:
    """Checks a new job's request against the other services.

    Args:
        job: The job, not yet stored.
        propagation: How long a new role cannot be assumed, in seconds.

    Raises:
        ServiceError: ValidationException with AWS's message for the first thing that is missing.
    """
    role(job, propagation)
    for need in NEEDS:
        need(job)


def role(job: Job, propagation: float) -> None:
    """The role exists, is not too new, and its trust policy lets SageMaker assume it."""
    arn = job.request["RoleArn"]
    try:
        found = backends.iam(job.account, job.region).get_role_by_arn(arn)
    except NotFoundException:
        found = None
    if (
        found is None
        or time.time() < found.create_date.timestamp() + propagation
        or not trusts(found.assume_role_policy_document, account=job.account, job_arn=job.arn)
    ):
        raise validation(
            f"Could not assume role {arn}. Please ensure that the role exists and allows principal "
            "'sagemaker.amazonaws.com' to assume the role."
        )


def location(uri: str) -> S3Address:
    """Bucket and key (or prefix) of an address in S3.

    Raises:
        ServiceError: ValidationException, where it is none.
    """
    try:
        return parse_s3(uri)
    except S3AddressError as error:
        raise validation(str(error)) from error


def bucket(job: Job, name: str) -> FakeBucket | None:
    """A bucket that the job's account can see, or None."""
    try:
        return backends.s3(job.account, job.region).get_bucket(name)
    except S3ClientError:
        return None


def sources(request: Request) -> Iterator[Request]:
    """The S3 data sources of the input channels."""
    for channel in request.get("InputDataConfig", []):
        if "S3DataSource" in channel["DataSource"]:
            yield channel["DataSource"]["S3DataSource"]


def unreadable(job: Job, uri: str) -> str:
    """AWS's message for an input that does not exist."""
    return (
        f'No S3 objects found under S3 URL "{uri}" given in input data source. Please ensure that the bucket exists in '
        f"the selected region ({job.region}), that objects exist under that S3 prefix, and that the role "
        f'"{job.request["RoleArn"]}" has "s3:ListBucket" permissions on bucket "{location(uri).bucket}".'
    )


def input_buckets(job: Job) -> None:
    """The buckets of the inputs exist, in the job's Region."""
    for source in sources(job.request):
        found = bucket(job, location(source["S3Uri"]).bucket)
        if found is None or found.region_name != job.region:
            raise validation(unreadable(job, source["S3Uri"]))


def empty_input(job: Job) -> str | None:
    """The address of the first input without objects, or None."""
    for source in sources(job.request):
        data = location(source["S3Uri"])
        found = bucket(job, data.bucket)
        if found is None or not any(key.startswith(data.key) for key in list(found.keys.keys())):
            return source["S3Uri"]
    return None


OUTPUTS = (
    ("OutputDataConfig", "S3OutputPath"),
    ("CheckpointConfig", "S3Uri"),
    ("DebugHookConfig", "S3OutputPath"),
    ("ProfilerConfig", "S3OutputPath"),
    ("TensorBoardOutputConfig", "S3OutputPath"),
)
"""The members that name a location for output."""


def output_buckets(job: Job) -> None:
    """The buckets of the outputs exist, in the job's Region."""
    for member, key in OUTPUTS:
        uri = job.request.get(member, {}).get(key)
        if uri is None:
            continue
        name = location(uri).bucket
        found = bucket(job, name)
        if found is None:
            raise validation(f"The S3 bucket {name} of {member}.{key} does not exist.")
        if found.region_name != job.region:
            raise validation(
                f"The S3 bucket {name} of {member}.{key} is in {found.region_name}, "
                f"but must be in the same Region as the training job ({job.region})."
            )


def network(job: Job) -> None:
    """The subnets and security groups exist, in one VPC."""
    configuration = job.request.get("VpcConfig")
    if configuration is None:
        return
    ec2 = backends.ec2(job.account, job.region)
    vpcs: set[str] = set()
    for subnet_id in configuration["Subnets"]:
        try:
            vpcs.add(ec2.get_subnet(subnet_id).vpc_id)
        except InvalidSubnetIdError as error:
            raise validation(f"The subnet ID '{subnet_id}' does not exist") from error
    for group_id in configuration["SecurityGroupIds"]:
        group = ec2.get_security_group_from_id(group_id)
        if group is None:
            raise validation(f"The security group '{group_id}' does not exist")
        vpcs.add(str(group.vpc_id))
    if len(vpcs) > 1:
        raise validation("The subnets and security groups of VpcConfig must belong to the same VPC.")


NEEDS: tuple[Callable[[Job], None], ...] = (input_buckets, output_buckets, network)
