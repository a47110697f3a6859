"""How long 64 results make an `up` last: beside the ideal, and beside a provider that waits in `create` as shipped.

Each `up` is of a fresh stack. The ideal is the length of a job and an `up` of the same stack whose jobs take no time.
The comparison provider starts a job in `create` and asks for it every second until it ends, as pulumi-aws and most
dynamic providers do; the SDK lets four of them do so at once.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.table import Row
from localaws.trial import Trial

if TYPE_CHECKING:
    from collections.abc import Iterator

JOB_SECONDS = 10
TITLE = f"Waiting for the results of jobs of {JOB_SECONDS} s (goals: 1.25 of the ideal, 2 calls a second)"

_START = """\
import pulumi_aws as aws

bucket = aws.s3.Bucket("data", bucket="bench-data", force_destroy=True)
role = aws.iam.Role("role", name="bench", assume_role_policy='''{
  "Version": "2012-10-17",
  "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "sagemaker.amazonaws.com"}}]
}''')
"""

_RESULTS = """\
from sagemaker_constructs import (
    AlgorithmSpecification, OutputDataConfig, ResourceConfig, TrainingJob, TrainingJobSpec,
)

for number in range(NUMBER):
    spec = TrainingJobSpec(
        algorithm_specification=AlgorithmSpecification(
            training_image="123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1", training_input_mode="File"),
        hyper_parameters={"seed": number},
        output_data_config=OutputDataConfig(s3_output_path="s3://bench-data/models"),
        resource_config=ResourceConfig(instance_type="ml.m5.large", instance_count=1, volume_size_in_gb=1),
    )
    TrainingJob(f"model-{number}", spec, role=role, opts=pulumi.ResourceOptions(depends_on=[bucket])).result()
"""

_SHIPPED = """\
from waiting_in_create import WaitingJob

for number in range(NUMBER):
    WaitingJob(f"model-{number}", {"name": f"model-{number}", "role_arn": role.arn, "bucket": bucket.bucket})
"""

_WAITING_IN_CREATE = """\
import time

import boto3
from pulumi import dynamic


class WaitingProvider(dynamic.ResourceProvider):
    serialize_as_secret_always = False

    def create(self, props):
        sagemaker = boto3.client("sagemaker", region_name="eu-west-1")
        sagemaker.create_training_job(
            TrainingJobName=props["name"],
            RoleArn=props["role_arn"],
            AlgorithmSpecification={
                "TrainingImage": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1", "TrainingInputMode": "File"},
            OutputDataConfig={"S3OutputPath": f"s3://{props['bucket']}/models"},
            ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
            StoppingCondition={"MaxRuntimeInSeconds": 3600},
        )
        while sagemaker.describe_training_job(TrainingJobName=props["name"])["TrainingJobStatus"] == "InProgress":
            time.sleep(1)
        return dynamic.CreateResult(props["name"], props)


class WaitingJob(dynamic.Resource):
    def __init__(self, name, props):
        super().__init__(WaitingProvider(), name, props)
"""


@dataclass(frozen=True)
class Measured:
    """An `up` of a fresh stack."""

    seconds: float
    looks: int
    """Service calls that look at jobs."""


def measure(number: int = 64) -> Iterator[Row]:
    """So many results, with and without the wait, and the same by waiting in `create`."""
    results = _START + _RESULTS.replace("NUMBER", str(number))
    without_waiting = _up(results, 0)
    waiting = _up(results, JOB_SECONDS)
    ideal = JOB_SECONDS + without_waiting.seconds
    beside = f"{JOB_SECONDS} s and an up of jobs that take none"
    yield Row(f"up with {number} results", waiting.seconds, "s", ideal, beside)
    shipped = _up(_START + _SHIPPED.replace("NUMBER", str(number)), JOB_SECONDS)
    yield Row(f"up with {number} waits in create, as shipped", shipped.seconds, "s", ideal, beside)
    looks = (waiting.looks - without_waiting.looks) / JOB_SECONDS
    yield Row("calls in a second of the wait", looks, "calls", shipped.looks / shipped.seconds, "waits in create")


def _up(program: str, job_seconds: float) -> Measured:
    """The `up` of a fresh stack on an AWS of its own, whose jobs last `job_seconds`."""
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(Path(folder), {"LOCALAWS_JOB_SECONDS": str(job_seconds)}, prelude="import pulumi\n")
        try:
            trial.start()
            (trial.root / "waiting_in_create.py").write_text(_WAITING_IN_CREATE)
            trial.program(program)
            trial.preview()
            trial.forget_calls()
            began = time.monotonic()
            trial.up()
            seconds = time.monotonic() - began
            calls = trial.calls()
        finally:
            trial.end()
    looking = ("SageMaker.DescribeTrainingJob", "SageMaker.Search", "SageMaker.ListTrainingJobs")
    return Measured(seconds, sum(calls.get(operation, 0) for operation in looking))
