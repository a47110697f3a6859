"""Declared training jobs to test with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.aws.answers import ExistingJob
from sagemaker_constructs.reconcile.bag import Properties
from sagemaker_constructs.reconcile.planning import planned
from tests.api.service_model import FULL_REQUESTS

if TYPE_CHECKING:
    from collections.abc import Mapping

REGION = "eu-west-1"
OWNER = "organization/project/stack"
DECLARED_AS = "pulumi-python:dynamic/sagemaker:TrainingJob::model"
ROLE = "arn:aws:iam::123456789012:role/training"
IMAGE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1"
DATA = "s3://bucket/train/"

SMALL: Mapping[str, Any] = {
    "algorithm_specification": {"training_image": IMAGE, "training_input_mode": "File"},
    "hyper_parameters": {"depth": "4"},
    "input_data_config": [
        {
            "channel_name": "train",
            "data_source": {"s3_data_source": {"s3_data_type": "S3Prefix", "s3_uri": DATA}},
        }
    ],
    "output_data_config": {"s3_output_path": "s3://bucket/models"},
    "resource_config": {"instance_type": "ml.m5.large", "instance_count": 1, "volume_size_in_gb": 10},
    "role_arn": ROLE,
}
"""The members of a small job."""

FULL = tuple(TrainingJobSpec.from_request(request).to_members() for request in FULL_REQUESTS)
"""The members of jobs that between them have every member."""


OPTIONS = {"name_prefix": "model", "owner": OWNER, "region": REGION, "declared_as": DECLARED_AS}
"""The options that every job's resource has."""


class Sentences(list[str]):
    """Collects what the user is told, in order."""

    def __call__(self, message: str, *, warning: bool = False, ephemeral: bool = False) -> None:
        """Keep it."""
        del warning, ephemeral
        self.append(message)


def checked(**others: Any) -> dict[str, Any]:
    """The inputs that the provider makes of the small job."""
    declared = Properties(program(**others))
    return planned(declared, TrainingJobSpec.from_members(declared.members).to_members(), Properties({}))


def state_of(owner: str) -> str:
    """The identity of the state of a stack, as a job's property has it."""
    return f"state of {owner}@file:///states"


def program(**others: Any) -> dict[str, Any]:
    """The properties of a small job as the program hands them over; `others` override, None removes."""
    properties = {**SMALL, **OPTIONS, "state_identity": state_of(others.get("owner") or OWNER), **others}
    return {name: value for name, value in properties.items() if value is not None}


def described(members: Mapping[str, Any], **answer: Any) -> ExistingJob:
    """The job as DescribeTrainingJob has it: what was asked for, and what `answer` adds or changes."""
    name = members.get("training_job_name") or "a-job"
    return ExistingJob(
        {
            **TrainingJobSpec.from_members(members).to_wire(),
            "TrainingJobName": name,
            "TrainingJobArn": f"arn:aws:sagemaker:{REGION}:123456789012:training-job/{name}",
            "TrainingJobStatus": "Completed",
            "SecondaryStatus": "Completed",
            **answer,
        }
    )
