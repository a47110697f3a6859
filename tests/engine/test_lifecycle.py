"""The life of a declared job under the real engine: up, unchanged, changed, gone, destroyed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from localaws.trial import Trial

pytestmark = pytest.mark.engine

JOB = """
job = TrainingJob("model", spec(), role=role)
pulumi.export("name", job.training_job_name)
pulumi.export("artifacts", job.model_artifacts)
"""


def test_the_same_configuration_is_the_same_job(trial: Trial) -> None:
    """A second up changes nothing and starts nothing; a changed hyperparameter is named and starts exactly one job."""
    trial.program(JOB)
    first = trial.up()
    assert "5 created" in first.text
    (name,) = trial.jobs()
    assert trial.outputs() == {"name": name, "artifacts": f"s3://trial-data/models/{name}/output/model.tar.gz"}

    again = trial.up("--expect-no-changes")
    assert "5 unchanged" in again.text
    assert list(trial.jobs()) == [name]

    trial.config("depth", "5")
    preview = trial.preview()
    assert "the job is replaced because hyper_parameters.depth changed (4 → 5), which defines the model" in preview.text
    assert "1 to replace" in preview.text
    assert list(trial.jobs()) == [name]
    trial.up()
    assert len(trial.jobs()) == 2

    trial.config("depth", "4")
    back = trial.up()
    assert len(trial.jobs()) == 2, back.text
    assert "it is reused, no job starts" in back.text
    assert trial.outputs()["name"] == name


def test_a_job_that_was_deleted_elsewhere_is_said_and_kept(trial: Trial) -> None:
    """Refresh warns and keeps the resource; the next up trains nothing."""
    trial.program(JOB)
    trial.up()
    (name,) = trial.jobs()
    trial.await_job(name, "Completed")
    trial.aws("sagemaker").delete_training_job(TrainingJobName=name)

    refreshed = trial.refresh()
    assert f"job {name} was deleted elsewhere; the resource is kept" in refreshed.text
    up = trial.up()
    assert "on_missing='retrain' trains again" in up.text
    assert trial.jobs() == {}

    trial.program(JOB.replace("role=role", 'role=role, on_missing="retrain"'))
    trial.up()
    assert len(trial.jobs()) == 1


def test_destroy_stops_a_running_job_and_leaves_nothing_behind(trial: Trial) -> None:
    """The record of the job stays, as on_delete='stop' says; the stack and its network are gone."""
    trial.program("""
        from sagemaker_constructs import TrainingNetwork

        network = TrainingNetwork("net", zones=1)
        job = TrainingJob("model", spec(environment={"LOCALAWS_SECONDS": "600"}), role=role, network=network)
    """)
    trial.up()
    (name,) = trial.jobs()
    assert trial.jobs() == {name: "InProgress"}
    trial.destroy()
    trial.await_job(name, "Stopped")
    assert trial.resources() == []
    assert trial.aws("ec2").describe_network_interfaces()["NetworkInterfaces"] == []
    assert [v for v in trial.aws("ec2").describe_vpcs()["Vpcs"] if not v["IsDefault"]] == []


def test_three_mistakes_are_refused_in_the_preview_with_path_value_and_expectation(trial: Trial) -> None:
    """All at once, and nothing was created."""
    trial.program("""
        TrainingJob("model", spec(
            resource_config=ResourceConfig(instance_type="m5.large", instance_count=1, volume_size_in_gb=-1),
            stopping_condition=StoppingCondition(max_runtime_in_seconds="long"),
        ), role=role)
    """)
    refused = trial.preview(expect=None)
    assert refused.code != 0
    for part in (
        "resource_config.instance_type: got 'm5.large', expected",
        "resource_config.volume_size_in_gb: got -1, expected at least 0",
        "stopping_condition.max_runtime_in_seconds: got 'long', expected a whole number",
    ):
        assert part in refused.text
    assert "Traceback" not in refused.text
    assert trial.jobs() == {}


def test_a_create_that_aws_refuses_shows_one_sentence(trial: Trial) -> None:
    """What was asked, what AWS said, what to do; no traceback."""
    trial.program(JOB)
    trial.start()
    trial.fault("quota", times=99)
    refused = trial.up(expect=None)
    assert refused.code != 0
    assert "CreateTrainingJob for job 'model-" in refused.text
    assert "ResourceLimitExceeded" in refused.text
    assert "Ask for a higher quota" in refused.text
    assert "Traceback" not in refused.text
    assert 'File "' not in refused.text
