"""Builds the addresses of a job and of its log in the AWS console.

Input: a job's ARN. Output: URLs. The console's host follows from the partition.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sagemaker_constructs.aws.answers import LOG_GROUP

if TYPE_CHECKING:
    from collections.abc import Mapping

_CONSOLES: Mapping[str, str] = {
    "aws": "{region}.console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
    "aws-iso": "console.c2s.ic.gov",
    "aws-iso-b": "console.sc2s.sgov.gov",
    "aws-eusc": "console.amazonaws-eusc.eu",
}
"""Host of the console by partition (AWS documentation of each partition's sign-in)."""


def console_address(arn: str) -> str:
    """The page of a training job."""
    region, name = _region(arn), arn.rpartition("/")[2]
    return f"https://{_host(arn)}/sagemaker/home?region={region}#/jobs/{name}"


def log_address(arn: str) -> str:
    """The page of a training job's log streams."""
    region, name = _region(arn), arn.rpartition("/")[2]
    streams = f"group={LOG_GROUP};prefix={name}/;streamFilter=typeLogStreamPrefix"
    return f"https://{_host(arn)}/cloudwatch/home?region={region}#logStream:{streams}"


def _host(arn: str) -> str:
    partition = arn.split(":", 2)[1]
    return _CONSOLES.get(partition, _CONSOLES["aws"]).format(region=_region(arn))


def _region(arn: str) -> str:
    return arn.split(":", 4)[3]
