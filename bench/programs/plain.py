"""Training jobs by a dynamic provider as one writes it first: each resource asks for its own job."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import boto3
from pulumi import dynamic

from bench.programs import BUCKET, IMAGE, ROLE_ARN

_REQUEST: dict[str, Any] = {
    "RoleArn": ROLE_ARN,
    "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
    "OutputDataConfig": {"S3OutputPath": f"s3://{BUCKET}/models"},
    "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
    "StoppingCondition": {"MaxRuntimeInSeconds": 86400},
}


@cache
def _sagemaker() -> Any:
    return boto3.client("sagemaker", region_name="eu-west-1")


class PlainJobProvider(dynamic.ResourceProvider):
    """Starts a job, and describes it whenever it is asked."""

    serialize_as_secret_always = False

    def create(self, props: dict[str, Any]) -> dynamic.CreateResult:
        """Start the job."""
        made = _sagemaker().create_training_job(TrainingJobName=props["job_name"], **json.loads(props["request"]))
        return dynamic.CreateResult(props["job_name"], {**props, "arn": made["TrainingJobArn"]})

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> dynamic.DiffResult:
        """A job that failed is run again."""
        found = _sagemaker().describe_training_job(TrainingJobName=_id)
        return dynamic.DiffResult(changes=found["TrainingJobStatus"] == "Failed")

    def read(self, id_: str, props: dict[str, Any]) -> dynamic.ReadResult:
        """The job as it is."""
        found = _sagemaker().describe_training_job(TrainingJobName=id_)
        return dynamic.ReadResult(id_, {**props, "job_name": found["TrainingJobName"]})


class PlainJob(dynamic.Resource, module="bench", name="PlainJob"):
    """A training job."""

    def __init__(self, name: str) -> None:
        super().__init__(PlainJobProvider(), name, {"job_name": name, "request": json.dumps(_REQUEST), "arn": None})


def deploy(count: int) -> None:
    """So many jobs."""
    for number in range(count):
        PlainJob(f"job{number}")
