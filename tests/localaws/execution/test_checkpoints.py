"""Checkpoints: when they are uploaded, and what is not."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from localaws.server.execution import checkpoints
from localaws.server.training.job import Job
from tests.localaws.eventually import eventually

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.localaws.execution.conftest import Workshop


def test_checkpoints_are_uploaded_while_the_job_runs(workshop: Workshop) -> None:
    """Whenever they have changed, for others to read, as on AWS."""
    job = workshop.create(
        """
(ml / "checkpoints/step").write_text("1")
print("saved")
time.sleep(600)
""",
        CheckpointConfig={"S3Uri": "s3://data/checkpoints/running"},
    )
    found = eventually(lambda: keys(workshop, "checkpoints/running/"))

    assert found == ["checkpoints/running/step"]
    assert workshop.object("checkpoints/running/step") == b"1"
    assert workshop.trainer.describe(job)["SecondaryStatus"] == "Training"
    workshop.trainer.sagemaker.stop_training_job(TrainingJobName=job)
    workshop.trainer.wait(job)


def keys(workshop: Workshop, prefix: str) -> list[str]:
    """The keys below a prefix."""
    found = workshop.server.client("s3").list_objects_v2(Bucket="data", Prefix=prefix)
    return [each["Key"] for each in found.get("Contents", [])]


def test_a_file_that_is_being_written_waits_and_one_that_is_to_be_ignored_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the containers run; afterwards nothing writes any more. What has not changed is uploaded once."""
    stored: list[str] = []

    def store(_job: Job, uri: str, *_: object) -> None:
        stored.append(uri)

    monkeypatch.setattr(checkpoints, "store", store)
    monkeypatch.setattr(checkpoints, "SECONDS_BETWEEN_UPLOADS", 0.01)
    folder = tmp_path / "checkpoints"
    folder.mkdir()
    for name, written in {"old": 0, "growing": 2**40, "next.sagemaker-ignore": 0}.items():
        (folder / name).write_text("x")
        os.utime(folder / name, (written, written))
    request = {"TrainingJobName": "a", "CheckpointConfig": {"S3Uri": "s3://data/run"}}
    ours = checkpoints.Checkpoints(Job("123456789012", "eu-west-1", request, created=0.0), [tmp_path])
    with ours.uploading():
        eventually(lambda: stored)
        (folder / "new").write_text("x")
        os.utime(folder / "new", (0, 0))
        eventually(lambda: len(stored) > 1)

    assert stored == ["s3://data/run/old", "s3://data/run/new"]
    ours.save()
    assert stored[2:] == ["s3://data/run/growing"]
