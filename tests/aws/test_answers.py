"""One answer of DescribeTrainingJob or of Search, by its parts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from sagemaker_constructs.api.masking import MASK
from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.aws.answers import ExistingJob, secret_texts
from tests.api.service_model import FULL_REQUESTS
from tests.samples import DATA, FULL, SMALL, described


@pytest.mark.parametrize(("request_", "members"), list(zip(FULL_REQUESTS, FULL, strict=True)))
def test_an_answer_has_the_members_as_they_were_declared(request_: dict[str, Any], members: dict[str, Any]) -> None:
    """Under their snake_case names at every depth; keys that are the user's stay as they are. No name, no tags."""
    arn = "arn:aws:sagemaker:eu-west-1:123456789012:training-job/a-job"
    job = ExistingJob({**request_, "TrainingJobArn": arn, "TrainingJobStatus": "Completed"})
    expected = {name: value for name, value in members.items() if name not in ("tags", "training_job_name")}
    assert job.members == expected


def test_keys_of_the_user_are_not_renamed() -> None:
    """A hyperparameter called MaxDepth stays one."""
    members = {
        **SMALL,
        "hyper_parameters": {"MaxDepth": "4", "sagemaker_program": "x"},
        "environment": {"SomeName": "x"},
    }
    assert described(members).members == members


def test_an_answer_without_times_and_results_is_read() -> None:
    """A job that never started has none."""
    job = described(SMALL)
    assert (job.started, job.model_artifacts, job.failure_reason, job.warm_pool_status) == (None, None, None, None)
    assert job.creation_time == ""


def test_times_and_results_are_read() -> None:
    """As a state can hold them: text."""
    created = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    job = described(
        SMALL,
        CreationTime=created,
        ModelArtifacts={"S3ModelArtifacts": "s3://bucket/model.tar.gz"},
        WarmPoolStatus={"Status": "Available"},
        TrainingJobStatus="Failed",
        SecondaryStatus="Failed",
        FailureReason="no memory",
    )
    assert job.outputs() == {
        "arn": "arn:aws:sagemaker:eu-west-1:123456789012:training-job/a-job",
        "creation_time": "2026-01-02T03:04:05+00:00",
        "failure_reason": "no memory",
        "secondary_status": "Failed",
        "training_job_name": "a-job",
        "training_job_status": "Failed",
    }
    assert (job.model_artifacts, job.warm_pool_status) == ("s3://bucket/model.tar.gz", "Available")


@pytest.mark.parametrize(
    ("status", "running"),
    [("InProgress", True), ("Stopping", True), ("Completed", False), ("Failed", False), ("Stopped", False)],
)
def test_a_job_that_is_stopping_still_costs_money(status: str, running: bool) -> None:
    """Only a job that has ended does not."""
    assert described(SMALL, TrainingJobStatus=status).running is running


def test_what_the_service_selected_was_not_declared() -> None:
    """Which of the preferred types a job got, and what it writes beside the request, is no member of the request."""
    selected = {**described(SMALL).members["resource_config"]}
    answer = {
        "InstanceType": "ml.m5.large",
        "InstanceCount": 1,
        "VolumeSizeInGB": 10,
        "SelectedInstanceType": "ml.m5.large",
        "SelectedInstanceCount": 1,
    }
    job = described(SMALL, ResourceConfig=answer, ProfilingStatus="Disabled", BillableTimeInSeconds=7)
    assert job.members["resource_config"] == selected
    assert set(job.members) == set(SMALL)


def test_a_reason_is_masked_where_it_is_stored_and_not_in_the_answer() -> None:
    """The class of a failure is found in AWS's own words; the state has neither credentials nor the job's secrets."""
    job = described(
        {**SMALL, "environment": {"TOKEN": "swordfish"}},
        TrainingJobStatus="Failed",
        FailureReason="AlgorithmError: swordfish refused, password=hunter22",
    )
    assert job.failure_reason == "AlgorithmError: swordfish refused, password=hunter22"
    assert job.masked_reason() == f"AlgorithmError: swordfish refused, password={MASK}"
    assert job.outputs(["environment.TOKEN"])["failure_reason"] == f"AlgorithmError: {MASK} refused, password={MASK}"


NESTED = {
    **SMALL,
    "environment": {"TOKEN": "a-token", "PLAIN": "plain"},
    "hyper_parameters": {"a.b": "dotted", "depth": "four"},
}
URI = "input_data_config.data_source.s3_data_source.s3_uri"
SECRETS = {
    ("environment.TOKEN",): {"a-token"},
    ("environment",): {"a-token", "plain"},
    ("hyper_parameters.a.b",): {"dotted"},
    ("environment.GONE", "environment.token", "no_such_member.x"): set[str](),
    (URI,): {DATA},
    ("output_data_config.s3_output_path", "environment.TOKEN"): {"s3://bucket/models", "a-token"},
    ("resource_config.volume_size_in_gb",): set[str](),
}


@pytest.mark.parametrize(("paths", "texts"), SECRETS.items())
def test_a_secret_is_found_by_its_whole_path(paths: tuple[str, ...], texts: set[str]) -> None:
    """In a declaration and in an answer alike, and nothing beside it: other texts of the member are not secret."""
    assert secret_texts(NESTED, paths) == texts
    assert described(NESTED).secrets(paths) == texts


def test_a_secret_within_a_member_masks_no_other_text_of_it() -> None:
    """Such as the input mode `File` of the channel whose address is secret."""
    channel = {**SMALL["input_data_config"][0], "input_mode": "File"}
    reason = f"AlgorithmError: FileNotFoundError: {DATA}x"
    job = described({**SMALL, "input_data_config": [channel]}, FailureReason=reason)
    assert job.masked_reason(job.secrets([URI])) == f"AlgorithmError: FileNotFoundError: {MASK}x"


def test_a_job_that_was_just_started_is_known_by_its_request() -> None:
    """To describe it could fail."""
    request = TrainingJobSpec.from_members({**SMALL, "training_job_name": "a"}).to_wire()
    job = ExistingJob.just_started(request, "arn:a")
    assert (job.name, job.arn, job.status, job.secondary_status) == ("a", "arn:a", "InProgress", "Starting")
    assert job.members == SMALL
    assert job.running


def test_search_gives_tags_and_describe_none() -> None:
    """None is not the same as no tags."""
    assert described(SMALL).tags is None
    assert described(SMALL, Tags=[]).tags == {}
    assert described(SMALL, Tags=[{"Key": "a", "Value": "b"}]).tags == {"a": "b"}
