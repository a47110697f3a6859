"""Changes that AWS makes on a job that exists, and drift that is seen and put back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from localaws.trial import Trial

pytestmark = pytest.mark.engine

JOB = Path(__file__).with_name("job_program.py").read_text()


def _tags(cloud: Trial, name: str) -> dict[str, str]:
    """The tags that a person gave the job."""
    sagemaker = cloud.aws("sagemaker")
    arn = sagemaker.describe_training_job(TrainingJobName=name)["TrainingJobArn"]
    tags = sagemaker.list_tags(ResourceArn=arn)["Tags"]
    return {tag["Key"]: tag["Value"] for tag in tags if not tag["Key"].startswith("sagemaker-constructs:")}


def test_tags_are_changed_in_place_and_drift_is_put_back(cloud: Trial) -> None:
    """No second job; refresh shows what somebody changed by hand, and the next up undoes it."""
    cloud.program(JOB)
    cloud.config("members", '{"tags": {"team": "birds", "cost": "1"}}')
    cloud.up()
    (name,) = cloud.jobs()
    cloud.config("members", '{"tags": {"team": "penguins"}}')
    assert "1 updated" in cloud.up().text
    assert _tags(cloud, name) == {"team": "penguins"}

    arn = f"arn:aws:sagemaker:eu-west-1:123456789012:training-job/{name}"
    cloud.aws("sagemaker").add_tags(ResourceArn=arn, Tags=[{"Key": "team", "Value": "stolen"}])
    shown = cloud.run("refresh", "--stack", "trial", "--preview-only", "--diff", "--expect-no-changes", expect=None)
    assert shown.code != 0
    assert '"penguins" => "stolen"' in shown.text
    cloud.refresh()
    cloud.up()
    assert _tags(cloud, name) == {"team": "penguins"}
    cloud.run("up", "--stack", "trial", "--yes", "--refresh", "--expect-no-changes")
    assert list(cloud.jobs()) == [name]


def test_a_change_of_how_the_job_is_run_is_recorded_for_the_next_run(cloud: Trial) -> None:
    """The preview says so, nothing starts, and the run after a new configuration uses it."""
    cloud.program(JOB)
    cloud.up()
    (name,) = cloud.jobs()
    cloud.config("members", '{"stopping_condition": {"max_runtime_in_seconds": 7200}}')
    preview = cloud.preview()
    assert "stopping_condition.max_runtime_in_seconds does not affect the trained model" in preview.text
    assert "1 to update" in preview.text
    cloud.up()
    assert list(cloud.jobs()) == [name]
    cloud.up("--expect-no-changes")

    cloud.config("options", '{"strict": ["stopping_condition"]}')
    cloud.up()
    cloud.config("members", '{"stopping_condition": {"max_runtime_in_seconds": 3600}}')
    assert "1 replaced" in cloud.up().text


def test_a_live_member_outside_its_window_is_recorded_and_said(cloud: Trial) -> None:
    """Remote debugging can be switched only while the job is downloading or training."""
    cloud.program(JOB)
    cloud.up()
    (name,) = cloud.jobs()
    cloud.await_job(name, "Completed")
    cloud.config("members", '{"remote_debug_config": {"enable_remote_debug": true}}')
    said = cloud.up().text
    assert "can be changed in place only while the job is Downloading or Training" in said
    assert "applies to the next run" in said
    assert list(cloud.jobs()) == [name]


def test_a_live_member_inside_its_window_is_changed_on_the_job(cloud: Trial) -> None:
    """The running job itself has it afterwards; switched off by hand, it is seen and put back."""
    cloud.program(JOB)
    cloud.config("members", '{"environment": {"LOCALAWS_SECONDS": "240"}}')
    cloud.up()
    (name,) = cloud.jobs()
    cloud.await_job(name, "Training", seconds=120)
    cloud.config(
        "members",
        '{"environment": {"LOCALAWS_SECONDS": "240"}, "remote_debug_config": {"enable_remote_debug": true}}',
    )
    cloud.up()
    sagemaker = cloud.aws("sagemaker")
    assert sagemaker.describe_training_job(TrainingJobName=name)["RemoteDebugConfig"] == {"EnableRemoteDebug": True}

    sagemaker.update_training_job(TrainingJobName=name, RemoteDebugConfig={"EnableRemoteDebug": False})
    assert "true => false" in cloud.refresh("--diff").text
    cloud.up()
    assert sagemaker.describe_training_job(TrainingJobName=name)["RemoteDebugConfig"] == {"EnableRemoteDebug": True}
    assert list(cloud.jobs()) == [name]
