"""The guide to migrating, with jobs that were started as the SageMaker SDK starts them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from localaws.trial import QUICK, Trial
from tests.docs.blocks import blocks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.engine

ADOPTED, CHANGED, WITH_CODE, _ = (block.text for block in blocks() if block.document == "docs/migrating.md")


def started_by_the_sdk(trial: Trial, name: str) -> None:
    """Start a job as an Estimator with a script does, and save its description once it has ended."""
    submitted = {
        "sagemaker_job_name": name,
        "sagemaker_submit_directory": f"s3://my-data/{name}/source/sourcedir.tar.gz",
    }
    sagemaker = trial.aws("sagemaker")
    sagemaker.create_training_job(
        TrainingJobName=name,
        RoleArn="arn:aws:iam::123456789012:role/trial",
        HyperParameters={"max_depth": "4", **{key: json.dumps(value) for key, value in submitted.items()}},
        AlgorithmSpecification={
            "TrainingImage": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1",
            "TrainingInputMode": "File",
        },
        OutputDataConfig={"S3OutputPath": "s3://my-data/models"},
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10},
        StoppingCondition={"MaxRuntimeInSeconds": 3600},
    )
    trial.await_job(name, "Completed")
    description: Any = sagemaker.describe_training_job(TrainingJobName=name)
    (trial.root / "job.json").write_text(json.dumps(description, default=str))


@pytest.fixture
def trial(tmp_path: Path) -> Iterator[Trial]:
    """A project beside the job of somebody who uses the SDK."""
    made = Trial(tmp_path, QUICK)
    made.furnish(bucket="my-data")
    started_by_the_sdk(made, "penguins-2026-01-02")
    yield made
    made.end()


def test_a_job_is_adopted_until_it_changes(trial: Trial) -> None:
    """As it is, no job starts; without its name and with another hyperparameter, one does."""
    trial.program(ADOPTED)
    trial.up()
    assert trial.outputs() == {"adopted": True}
    assert list(trial.jobs()) == ["penguins-2026-01-02"]

    trial.program(f"{ADOPTED.partition('job =')[0]}{CHANGED}")
    trial.up()
    assert list(trial.jobs().values()) == ["Completed", "Completed"]


def test_a_later_time_in_the_request_trains_nothing(trial: Trial) -> None:
    """Other code does."""
    (trial.root / "src").mkdir()
    script = trial.root / "src" / "train.py"
    script.write_text("print(1)\n")
    trial.program(WITH_CODE)
    trial.up()
    started_by_the_sdk(trial, "penguins-2026-03-04")
    before = trial.jobs()
    assert len(before) == 3

    trial.up("--expect-no-changes")
    assert trial.jobs() == before

    script.write_text("print(2)\n")
    trial.up()
    assert len(trial.jobs()) == 4
