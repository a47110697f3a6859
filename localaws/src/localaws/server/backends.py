"""Gives access to moto's state of the services that a training job touches, by account and Region."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moto.cloudwatch.models import cloudwatch_backends
from moto.ec2.models import ec2_backends
from moto.ecr.models import ecr_backends
from moto.iam.models import iam_backends
from moto.logs.models import logs_backends
from moto.s3.models import s3_backends
from moto.utilities.utils import get_partition

if TYPE_CHECKING:
    from moto.cloudwatch.models import CloudWatchBackend
    from moto.ec2.models import EC2Backend
    from moto.ecr.models import ECRBackend
    from moto.iam.models import IAMBackend
    from moto.logs.models import LogsBackend
    from moto.s3.models import S3Backend


def iam(account: str, region: str) -> IAMBackend:
    """The roles of an account."""
    return iam_backends[account][get_partition(region)]


def s3(account: str, region: str) -> S3Backend:
    """The buckets of an account."""
    return s3_backends[account][get_partition(region)]


def ec2(account: str, region: str) -> EC2Backend:
    """The networks of an account in a Region."""
    return ec2_backends[account][region]


def ecr(account: str, region: str) -> ECRBackend:
    """The registry of an account in a Region."""
    return ecr_backends[account][region]


def logs(account: str, region: str) -> LogsBackend:
    """The log groups of an account in a Region."""
    return logs_backends[account][region]


def cloudwatch(account: str, region: str) -> CloudWatchBackend:
    """The metrics of an account in a Region."""
    return cloudwatch_backends[account][region]
