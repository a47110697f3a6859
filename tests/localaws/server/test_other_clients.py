"""The local AWS as other clients use it: the AWS CLI and sagemaker-core, each in an environment of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sagemaker_constructs import TrainingJobSpec
from tests.localaws.server.server_support import REGION

if TYPE_CHECKING:
    from tests.localaws.server.server_support import Server, Trainer

AWS_CLI = "awscli==1.46.3"
SAGEMAKER_CORE = "sagemaker-core==2.27.0"

CORE = """
import json, sys
from sagemaker.core.resources import TrainingJob

job = TrainingJob.create(**json.loads(sys.argv[1]))
job.wait(poll=1)
print(job.training_job_status, job.model_artifacts.s3_model_artifacts)
print([each.training_job_name for each in TrainingJob.get_all(name_contains="core")])
"""


def installed(folder: Path, requirement: str) -> Path:
    """The programs of an environment with this package alone."""
    uv = Path(sys.executable).with_name("uv")
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, folder], check=True)
    command = [uv, "pip", "install", "--quiet", "--python", folder / "bin" / "python", requirement]
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    if done.returncode:
        pytest.skip(f"{requirement} cannot be had: {done.stderr.strip().splitlines()[-1:]}")
    return folder / "bin"


def environment(server: Server) -> dict[str, str]:
    """What points a client at the server."""
    return os.environ | {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL": server.url,
        "AWS_MAX_ATTEMPTS": "1",
        "AWS_PAGER": "",
    }


def test_the_aws_cli_trains_and_reads_what_came_of_it(server: Server, trainer: Trainer, tmp_path: Path) -> None:
    """Create, describe, tags, logs, model; a missing object is one that is not found."""
    programs = installed(tmp_path / "cli", AWS_CLI)

    def aws(*words: str, expect: int = 0) -> str:
        command = [programs / "python", programs / "aws", *words]
        done = subprocess.run(command, env=environment(server), capture_output=True, check=False, text=True)
        assert done.returncode == expect, done.stderr
        return done.stderr if expect else done.stdout

    def answer(*words: str) -> Any:
        return json.loads(aws(*words, "--output", "json"))

    tags = [{"Key": "team", "Value": "vision"}]
    request = trainer.request(TrainingJobName="cli", Tags=tags)
    arn = answer("sagemaker", "create-training-job", "--cli-input-json", json.dumps(request))["TrainingJobArn"]
    trainer.wait("cli")
    job = answer("sagemaker", "describe-training-job", "--training-job-name", "cli")
    assert job["TrainingJobStatus"] == "Completed"
    assert answer("sagemaker", "list-tags", "--resource-arn", arn)["Tags"] == tags
    events = answer("logs", "filter-log-events", "--log-group-name", "/aws/sagemaker/TrainingJobs")["events"]
    assert any("training finished" in each["message"] for each in events if each["logStreamName"].startswith("cli/"))
    aws("s3", "cp", job["ModelArtifacts"]["S3ModelArtifacts"], str(tmp_path / "model.tar.gz"))
    with tarfile.open(tmp_path / "model.tar.gz") as model:
        assert model.getnames() == ["model.json"]
    assert "404" in aws("s3api", "head-object", "--bucket", trainer.bucket, "--key", "none", expect=255)


def test_sagemaker_core_trains_and_lists(server: Server, trainer: Trainer, tmp_path: Path) -> None:
    """Its resource creates a job, waits for it, and finds it in a list."""
    programs = installed(tmp_path / "core", SAGEMAKER_CORE)
    (tmp_path / "train.py").write_text(CORE)
    members = TrainingJobSpec.from_request(trainer.request(TrainingJobName="core")).to_members()
    done = subprocess.run(
        [programs / "python", tmp_path / "train.py", json.dumps(members)],
        env=environment(server),
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert f"Completed s3://{trainer.bucket}/output/core/output/model.tar.gz" in done.stdout
    assert "['core']" in done.stdout
