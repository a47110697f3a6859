"""What a job comes to: outputs, or one screen of text."""

from __future__ import annotations

from datetime import UTC, datetime

from sagemaker_constructs.api.masking import MASK
from sagemaker_constructs.results.console import console_address, log_address
from sagemaker_constructs.results.endings import Ending
from sagemaker_constructs.results.outputs import failure_report, outputs
from tests.results.result_support import BEGIN, described

SCREEN = 24


def test_a_completed_spot_job_says_what_it_saved() -> None:
    """Instance seconds are billed seconds of all machines; the saving is reckoned from the seconds of one."""
    job = described(
        phases=("Starting", "Training", "Uploading", "Completed"),
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 2},
        TrainingTimeInSeconds=1000,
        BillableTimeInSeconds=300,
        ModelArtifacts={"S3ModelArtifacts": "s3://b/models/penguins/output/model.tar.gz"},
        FinalMetricDataList=[{"MetricName": "loss", "Value": 0.25}],
    )
    found = outputs(job, [job], ())
    assert found["spot_saving_percent"] == 70.0
    assert found["instance_seconds"] == 600
    assert found["final_metrics"] == {"loss": 0.25}
    assert found["model_artifacts"] == "s3://b/models/penguins/output/model.tar.gz"
    assert found["start_time"] == "2026-05-01T12:01:00+00:00"
    assert [each["status"] for each in found["transitions"]] == ["Starting", "Training", "Uploading", "Completed"]
    assert found["transitions"][0]["end_time"] == found["transitions"][1]["start_time"]


def test_a_job_that_never_started_has_every_output() -> None:
    """An output that is absent would be unknown in every preview; texts are empty and numbers 0 instead."""
    job = described(phases=("Starting", "MaxWaitTimeExceeded"))
    found = outputs(job, [job], ())
    assert None not in found.values()
    assert (found["training_seconds"], found["spot_saving_percent"], found["start_time"]) == (0, 0.0, "")


def test_machines_of_groups_are_added_up() -> None:
    """Instance groups have counts of their own; a preference that was chosen says how many it took."""
    groups = {"InstanceGroups": [{"InstanceCount": 2}, {"InstanceCount": 3}]}
    assert described(ResourceConfig=groups).instance_count == 5
    assert described(ResourceConfig={"SelectedInstanceCount": 4, "InstanceCount": 1}).instance_count == 4


def test_a_failure_fits_on_a_screen_and_has_all_that_helps() -> None:
    """Job, class, AWS's words, what to do, the last lines of the log, both addresses; no secret among them."""
    job = described(
        phases=("Training", "Failed"),
        FailureReason="AlgorithmError: exit code 1: swordfish refused " + "x" * 900,
        Environment={"TOKEN": "swordfish"},
    )
    lines = [f"line {number} of swordfish AKIAIOSFODNN7EXAMPLE" for number in range(500)]
    text = failure_report(job, Ending.FAILED, lines, job.secrets(["environment.TOKEN"]))
    assert text.startswith("training job penguins failed (algorithm)\n")
    assert "AWS says: AlgorithmError: exit code 1" in text
    assert "line 499" in text
    assert console_address(job.arn) in text
    assert log_address(job.arn) in text
    assert len(text.splitlines()) <= SCREEN
    assert "swordfish" not in text
    assert "AKIA" not in text


def test_a_failure_has_the_status_message_where_that_adds_something() -> None:
    """Masked, as AWS's reason is."""
    transition = {"Status": "Failed", "StartTime": BEGIN, "StatusMessage": "Training job failed. swordfish was lost"}
    job = described(phases=("Training", "Failed"), SecondaryStatusTransitions=[transition])
    text = failure_report(job, Ending.FAILED, [], ["swordfish"])
    assert f"\n  Status message: Training job failed. {MASK} was lost\n" in text


def test_a_stop_says_which_option_would_take_it() -> None:
    """At the runtime limit a model may exist; the text says where."""
    job = described(
        phases=("Training", "MaxRuntimeExceeded"), ModelArtifacts={"S3ModelArtifacts": "s3://b/m/model.tar.gz"}
    )
    text = failure_report(job, Ending.MAX_RUNTIME_EXCEEDED, [], ())
    assert "reached its runtime limit" in text
    assert "on_max_runtime_exceeded='accept'" in text
    assert "s3://b/m/model.tar.gz" in text
    secret = failure_report(job, Ending.MAX_RUNTIME_EXCEEDED, [], ["s3://b/m"])
    assert f"Its model so far is at {MASK}/model.tar.gz." in secret


def test_addresses_follow_the_partition() -> None:
    """Each has a console of its own in each Region."""
    at = "arn:{}:sagemaker:{}:123456789012:training-job/penguins"
    assert console_address(at.format("aws", "eu-west-1")).startswith("https://eu-west-1.console.aws.amazon.com/")
    assert console_address(at.format("aws-cn", "cn-north-1")).startswith("https://cn-north-1.console.amazonaws.cn/")
    assert log_address(at.format("aws-us-gov", "us-gov-west-1")).startswith(
        "https://us-gov-west-1.console.amazonaws-us-gov.com/"
    )
    assert console_address(at.format("aws", "eu-west-1")).endswith("#/jobs/penguins")


def test_what_aws_says_of_a_transition_is_masked() -> None:
    """It repeats the reason of a failure."""
    transition = {"Status": "Failed", "StartTime": datetime(2026, 5, 1, tzinfo=UTC), "StatusMessage": "no swordfish"}
    job = described(phases=("Training", "Failed"), SecondaryStatusTransitions=[transition])
    assert outputs(job, [job], ["swordfish"])["transitions"][0]["status_message"] == f"no {MASK}"


def test_a_key_of_several_lines_is_in_no_report() -> None:
    """A log has each line for itself."""
    job = described(phases=("Training", "Failed"), FailureReason="AlgorithmError: exit code 1")
    lines = ["read:", "-----BEGIN " + "PRIVATE KEY-----", "MIIEpAIBAAKC", "-----END " + "PRIVATE KEY-----", "the end"]
    text = failure_report(job, Ending.FAILED, lines, ())
    assert "MIIE" not in text
    assert f"    read:\n    {MASK}\n    the end\n" in text
