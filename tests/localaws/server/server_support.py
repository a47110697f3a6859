"""A server to test against, and jobs on it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from urllib.request import Request, urlopen

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.localaws.eventually import eventually

if TYPE_CHECKING:
    from pathlib import Path

    from mypy_boto3_sagemaker import SageMakerClient

SECONDS = {"LOCALAWS_JOB_SECONDS": "0.4", "LOCALAWS_STOP_SECONDS": "0.2", "LOCALAWS_LINGER_SECONDS": "0.8"}
REGION = "eu-central-1"
LASTING = {"LOCALAWS_SECONDS": "60"}
"""The environment of a job that outlives its test."""

TRUST: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ],
}


@dataclass(frozen=True)
class Server:
    """A running server."""

    process: subprocess.Popen[str]
    state: dict[str, Any]

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.state['port']}"

    def control(self, method: str, route: str, body: Any = None) -> Any:
        """Calls one of the server's own routes."""
        data = None if body is None else json.dumps(body).encode()
        with urlopen(Request(f"{self.url}/_localaws/{route}", data=data, method=method)) as answer:
            return json.load(answer)

    def client(self, service: str, *, region: str = REGION) -> Any:
        """A boto3 client that never tries again, so that a test sees every refusal."""
        return boto3.client(  # pyright: ignore[reportCallIssue]
            service,  # pyright: ignore[reportArgumentType]
            endpoint_url=self.url,
            region_name=region,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 1}),
        )


def start(folder: Path, **environment: str) -> Server:
    """Starts a server and waits until it says where it is."""
    state = folder / "server.json"
    process = subprocess.Popen(
        [sys.executable, "-m", "localaws.server", "--state-file", str(state)],
        env=os.environ | SECONDS | environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not state.exists():
        assert process.poll() is None, process.communicate()[1]
        time.sleep(0.02)
    return Server(process, json.loads(state.read_text()))


def end(server: Server) -> str:
    """Ends a server; what it wrote to stderr comes back."""
    server.process.terminate()
    return server.process.communicate(timeout=10)[1]


@dataclass(frozen=True)
class Network:
    """A subnet and a security group in one VPC."""

    subnet: str
    group: str


@dataclass(frozen=True)
class Trainer:
    """Creates jobs and watches them."""

    sagemaker: SageMakerClient
    role: str
    bucket: str

    @property
    def image(self) -> str:
        """An image of AWS's, in the Region of the client."""
        return f"763104351884.dkr.ecr.{self.sagemaker.meta.region_name}.amazonaws.com/pytorch-training:2.5.1"

    def request(self, **members: Any) -> dict[str, Any]:
        """The request of a small job under a new name; members override, None removes."""
        request: dict[str, Any] = {
            "TrainingJobName": f"job-{uuid.uuid4().hex[:12]}",
            "RoleArn": self.role,
            "AlgorithmSpecification": {"TrainingImage": self.image, "TrainingInputMode": "File"},
            "OutputDataConfig": {"S3OutputPath": f"s3://{self.bucket}/output"},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10},
            "StoppingCondition": {"MaxRuntimeInSeconds": 600},
        } | members
        return {name: value for name, value in request.items() if value is not None}

    def create(self, **members: Any) -> str:
        """Creates a job; its name comes back."""
        request = self.request(**members)
        self.sagemaker.create_training_job(**request)
        return request["TrainingJobName"]

    def accepted(self, **members: Any) -> bool:
        """Whether a job is created; False where it is refused."""
        try:
            return bool(self.create(**members))
        except ClientError:
            return False

    def exists(self, name: str) -> bool:
        """Whether a job is there, be it in deletion."""
        try:
            return bool(self.describe(name))
        except ClientError:
            return False

    def describe(self, name: str) -> dict[str, Any]:
        """A job's description, without the response's metadata."""
        described = cast("dict[str, Any]", self.sagemaker.describe_training_job(TrainingJobName=name))
        return {member: value for member, value in described.items() if member != "ResponseMetadata"}

    def wait(self, name: str, *secondary: str) -> dict[str, Any]:
        """The description once the secondary status is one of these; without any, once the job has ended."""

        def described() -> dict[str, Any] | None:
            job = self.describe(name)
            ended = job["TrainingJobStatus"] not in {"InProgress", "Stopping"}
            return job if job["SecondaryStatus"] in secondary or (ended and not secondary) else None

        return cast("dict[str, Any]", eventually(described))

    def refusal(self, **members: Any) -> str:
        """Code and message with which a job is refused."""
        return refusal(self.sagemaker.create_training_job, **self.request(**members))


def refusal(operation: Any, **request: Any) -> str:
    """Code and message of the error that an operation raises."""
    with pytest.raises(ClientError) as caught:
        operation(**request)
    error = caught.value.response.get("Error", {})
    return f"{error.get('Code')}: {error.get('Message')}"


def channel(uri: str, name: str = "train") -> dict[str, Any]:
    """An input channel from S3."""
    return {"ChannelName": name, "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": uri}}}
