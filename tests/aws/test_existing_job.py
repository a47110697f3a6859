"""What DescribeTrainingJob and Search say, in the words of a declaration."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from sagemaker_constructs.aws.answers import DescribedJob
from sagemaker_constructs.aws.existing_job import existing_job
from tests.api.service_model import FULL_REQUESTS
from tests.samples import FULL, SMALL, described


@pytest.mark.parametrize(("request_", "members"), list(zip(FULL_REQUESTS, FULL, strict=True)))
def test_an_answer_has_the_members_as_they_were_declared(request_: dict[str, Any], members: dict[str, Any]) -> None:
    """Under their snake_case names at every depth; keys that are the user's stay as they are. No name, no tags."""
    arn = "arn:aws:sagemaker:eu-west-1:123456789012:training-job/a-job"
    job = existing_job(DescribedJob({**request_, "TrainingJobArn": arn, "TrainingJobStatus": "Completed"}))
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
    assert (job.created, job.model_artifacts, job.failure_reason, job.warm_pool_status) == (None, None, None, None)


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


def test_search_gives_tags_and_describe_none() -> None:
    """None is not the same as no tags."""
    assert described(SMALL).tags is None
    assert described(SMALL, Tags=[]).tags == {}
    assert described(SMALL, Tags=[{"Key": "a", "Value": "b"}]).tags == {"a": "b"}
