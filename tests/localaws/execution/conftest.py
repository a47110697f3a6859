"""A server on which jobs run their own code, and a way to give them some."""

from __future__ import annotations

import io
import json
import tarfile
import uuid
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, cast

import pytest

from tests.localaws.server.server_support import REGION, TRUST, Server, Trainer, channel, end, start

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GROUP = "/aws/sagemaker/TrainingJobs"
IMAGE = f"123456789012.dkr.ecr.{REGION}.amazonaws.com/train:1"
ENTRYPOINT = ("sh", "-c", "exec python ${SAGEMAKER_BASE_DIR:-/opt/ml}/input/data/code/train.py")
"""Runs the program of the channel `code`, wherever the machine lets /opt/ml be."""

PREFACE = """\
import json, os, pathlib, signal, subprocess, sys, time
ml = pathlib.Path(os.environ.get("SAGEMAKER_BASE_DIR", "/opt/ml"))
"""


@dataclass(frozen=True)
class Workshop:
    """Runs programs as training jobs."""

    server: Server
    trainer: Trainer
    folder: Path

    @classmethod
    def on(cls, server: Server, folder: Path) -> Workshop:
        """A workshop on a server of `start_running`, in its folder."""
        role = server.client("iam").get_role(RoleName="training")["Role"]["Arn"]
        return cls(server, Trainer(server.client("sagemaker"), role, "data"), folder)

    @property
    def files(self) -> Path:
        """The folder of the files of all jobs."""
        return self.folder / "jobs"

    def create(self, program: str, **members: Any) -> str:
        """Creates a job that runs a program, whose `ml` is /opt/ml; its name comes back."""
        prefix = f"code/{uuid.uuid4().hex}/"
        self.server.client("s3").put_object(Bucket="data", Key=f"{prefix}train.py", Body=(PREFACE + program).encode())
        algorithm = {"TrainingImage": IMAGE, "TrainingInputMode": "File", "ContainerEntrypoint": list(ENTRYPOINT)}
        own = members.pop("AlgorithmSpecification", {})
        channels = [channel(f"s3://data/{prefix}", "code"), *members.pop("InputDataConfig", [])]
        return self.trainer.create(AlgorithmSpecification=algorithm | own, InputDataConfig=channels, **members)

    def run(self, program: str, **members: Any) -> dict[str, Any]:
        """The description of such a job once it has ended."""
        return self.trainer.wait(self.create(program, **members))

    def log(self, job: str, instance: int = 1) -> list[str]:
        """The lines in the log of an instance; none before there is a log."""
        logs = self.server.client("logs")
        try:
            streams = logs.describe_log_streams(logGroupName=GROUP, logStreamNamePrefix=f"{job}/algo-{instance}-")
        except logs.exceptions.ResourceNotFoundException:
            return []
        for stream in streams["logStreams"]:
            found = logs.get_log_events(logGroupName=GROUP, logStreamName=stream["logStreamName"], startFromHead=True)
            return [event["message"] for event in found["events"]]
        return []

    def archive(self, key: str) -> dict[str, str]:
        """The files of an archive, with their texts."""
        with tarfile.open(fileobj=io.BytesIO(self.object(key))) as files:
            return {name: cast("IO[bytes]", files.extractfile(name)).read().decode() for name in files.getnames()}

    def object(self, key: str) -> bytes:
        """The content of an object."""
        return self.server.client("s3").get_object(Bucket="data", Key=key)["Body"].read()


def start_running(folder: Path, **environment: str) -> Server:
    """Starts a server that runs the images of a user's table, with a bucket and a role."""
    (folder / "localaws.toml").write_text('[images."*/train:*"]\n')
    server = start(folder, LOCALAWS_IMAGES=str(folder / "localaws.toml"), **environment)
    server.client("s3").create_bucket(Bucket="data", CreateBucketConfiguration={"LocationConstraint": REGION})
    server.client("iam").create_role(RoleName="training", AssumeRolePolicyDocument=json.dumps(TRUST))
    return server


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    """A workshop on a server that all tests share; it must not have logged anything at the end."""
    folder = tmp_path_factory.mktemp("running")
    server = start_running(folder, LOCALAWS_GRACE_SECONDS="20")
    yield Workshop.on(server, folder)
    assert end(server) == ""


@pytest.fixture
def workshop(running: Workshop) -> Iterator[Workshop]:
    """Runs programs as training jobs."""
    yield running
    running.server.control("DELETE", "faults")
