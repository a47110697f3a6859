"""Extracts the request from a response of DescribeTrainingJob.

Input: a request or a response. Output: the request. `tests/api/test_response.py` compares the names with the service
model's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

RESPONSE_ONLY = frozenset(
    {
        "AutoMLJobArn",
        "BillableTimeInSeconds",
        "BillableTokenCount",
        "CreationTime",
        "DebugRuleEvaluationStatuses",
        "FailureReason",
        "FinalMetricDataList",
        "LabelingJobArn",
        "LastModifiedTime",
        "MlflowDetails",
        "ModelArtifacts",
        "OutputModelPackageArn",
        "ProfilerRuleEvaluationStatuses",
        "ProfilingStatus",
        "ProgressInfo",
        "ResponseMetadata",
        "SecondaryStatus",
        "SecondaryStatusTransitions",
        "TrainingEndTime",
        "TrainingJobArn",
        "TrainingJobStatus",
        "TrainingStartTime",
        "TrainingTimeInSeconds",
        "TuningJobArn",
        "WarmPoolStatus",
    }
)
"""Members that only the response has, and boto3's own."""

RESOURCE_CONFIG_RESPONSE_ONLY = frozenset({"SelectedInstanceCount", "SelectedInstanceType"})
"""Members of ResourceConfig that only the response may have, although the service model lists them for both."""


def request_part(wire: Mapping[str, Any]) -> Mapping[str, Any]:
    """The request in a response of DescribeTrainingJob, recognized by its ARN; a request is returned unchanged."""
    if "TrainingJobArn" not in wire:
        return wire
    request = _without(wire, RESPONSE_ONLY)
    resources = request.get("ResourceConfig")
    if isinstance(resources, Mapping):
        request["ResourceConfig"] = _without(resources, RESOURCE_CONFIG_RESPONSE_ONLY)
    return request


def _without(members: Mapping[str, Any], names: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if name not in names}
