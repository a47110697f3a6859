"""A response of DescribeTrainingJob is read as a request."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from service_model import KEPT_WARM, READ_ONLY, changed, request_shape, service_model

from sagemaker_constructs.api.mistakes import InvalidRequest
from sagemaker_constructs.api.response import RESOURCE_CONFIG_RESPONSE_ONLY, RESPONSE_ONLY
from sagemaker_constructs.api.spec import TrainingJobSpec

ANSWER = {
    **changed(KEPT_WARM, ("ResourceConfig", "SelectedInstanceType"), "ml.m5.xlarge"),
    "TrainingJobArn": "arn:aws:sagemaker:us-west-2:123456789012:training-job/a-job",
    "TrainingJobStatus": "Completed",
    "SecondaryStatus": "Completed",
    "CreationTime": datetime(2024, 1, 1, tzinfo=UTC),
    "ModelArtifacts": {"S3ModelArtifacts": "s3://bucket/models/a-job/output/model.tar.gz"},
    "ResponseMetadata": {"HTTPStatusCode": 200},
}


def test_names_are_those_of_the_service() -> None:
    """The tables have what the service's answer has beyond the request, and boto3's own member."""
    answer = service_model().operation_model("DescribeTrainingJob").output_shape
    assert answer

    assert answer.members.keys() - request_shape().members.keys() | {"ResponseMetadata"} == RESPONSE_ONLY
    assert {name for _, name in READ_ONLY} == RESOURCE_CONFIG_RESPONSE_ONLY


def test_answer_is_read_as_its_request() -> None:
    """What only the answer has is left out."""
    assert TrainingJobSpec.from_request(ANSWER).to_request() == KEPT_WARM


def test_unknown_member_of_an_answer_is_refused() -> None:
    """A member that neither the request nor the answer has is a mistake."""
    with pytest.raises(InvalidRequest, match="Surprise"):
        TrainingJobSpec.from_request({**ANSWER, "Surprise": 1})


def test_answers_member_in_a_request_is_refused() -> None:
    """A request that claims a status is wrong, as it is for AWS."""
    with pytest.raises(InvalidRequest, match="TrainingJobStatus"):
        TrainingJobSpec.from_request({**KEPT_WARM, "TrainingJobStatus": "Completed"})
