"""Builds the addresses of a job and of its log in the AWS console.

Input: a job's ARN. Output: URLs. The console's host follows from the partition and the Region.
"""

from __future__ import annotations

from sagemaker_constructs.addresses.arns import parse_arn
from sagemaker_constructs.addresses.partitions import PARTITIONS, partition_named
from sagemaker_constructs.aws.answers import LOG_GROUP


def console_address(arn: str) -> str:
    """The page of a training job."""
    return _page(arn, "sagemaker", "/jobs/{name}")


def log_address(arn: str) -> str:
    """The page of a training job's log streams."""
    return _page(arn, "cloudwatch", f"logStream:group={LOG_GROUP};prefix={{name}}/;streamFilter=typeLogStreamPrefix")


def _page(arn: str, service: str, fragment: str) -> str:
    job = parse_arn(arn)
    if job is None:
        return arn  # an ARN that AWS has answered always is one
    partition = partition_named(job.partition) or PARTITIONS[0]
    host = partition.console_host(job.region)
    return f"https://{host}/{service}/home?region={job.region}#{fragment.format(name=job.resource_name)}"
