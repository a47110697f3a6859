"""Changes in place, and the windows in which AWS makes them."""

from __future__ import annotations

from typing import Any

import pytest

from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.reconcile.decisions import declared_changes
from sagemaker_constructs.reconcile.updating import drifted, live_plan, update_request
from tests.samples import SMALL, described

RULE = {"rule_configuration_name": "report", "rule_evaluator_image": "image", "rule_parameters": {"a": "1", "b": "2"}}
PROFILER = {"profiler_config": {"s3_output_path": "s3://bucket/profiler"}}
STARTING = {"TrainingJobStatus": "InProgress", "SecondaryStatus": "Starting"}
RULES = {"profiler_rule_configurations": [RULE]}
DEBUG = {"remote_debug_config": {"enable_remote_debug": True}}
WARM = {"resource_config": {**SMALL["resource_config"], "keep_alive_period_in_seconds": 600}}


def plan_of(before: dict[str, Any], after: dict[str, Any], **answer: Any) -> Any:
    """The plan for a change of the small job."""
    return live_plan(declared_changes({**SMALL, **before}, {**SMALL, **after}), described(SMALL, **answer))


@pytest.mark.parametrize(
    ("members", "name", "answer", "is_open"),
    [
        (PROFILER, "profiler_config", {"TrainingJobStatus": "InProgress"}, True),
        (PROFILER, "profiler_config", STARTING, False),
        (PROFILER, "profiler_config", {"TrainingJobStatus": "Completed"}, False),
        (RULES, "profiler_rule_configurations", {"TrainingJobStatus": "InProgress"}, True),
        (RULES, "profiler_rule_configurations", STARTING, False),
        (RULES, "profiler_rule_configurations", {"TrainingJobStatus": "Stopping"}, False),
        (DEBUG, "remote_debug_config", {"SecondaryStatus": "Training"}, True),
        (DEBUG, "remote_debug_config", {"SecondaryStatus": "Downloading"}, True),
        (DEBUG, "remote_debug_config", {"TrainingJobStatus": "InProgress", "SecondaryStatus": "Starting"}, False),
        (WARM, "resource_config", {"WarmPoolStatus": {"Status": "Available"}}, True),
        (WARM, "resource_config", {"WarmPoolStatus": {"Status": "InUse"}}, False),
        (WARM, "resource_config", {}, False),
    ],
)
def test_a_member_is_changed_in_its_window_and_otherwise_recorded(
    members: dict[str, Any], name: str, answer: dict[str, Any], is_open: bool
) -> None:
    """And then a sentence says when it could have been."""
    plan = plan_of({}, members, **answer)
    assert plan.members == ({name} if is_open else set())
    assert bool(plan.postponed) is not is_open
    for sentence in plan.postponed:
        assert sentence.startswith(name)
        assert "can be changed in place only while" in sentence
        assert sentence.endswith(". It is recorded and applies to the next run")


def test_tags_and_what_is_not_live_are_no_concern_of_update_training_job() -> None:
    """Other calls, and other runs, see to them."""
    after = {"tags": [{"key": "a", "value": "b"}], "role_arn": "another", "hyper_parameters": {"depth": "5"}}
    assert plan_of({}, after, TrainingJobStatus="InProgress") == live_plan((), described(SMALL))


@pytest.mark.parametrize(
    ("before", "after", "request_"),
    [
        ({}, PROFILER, {"ProfilerConfig": {"S3OutputPath": "s3://bucket/profiler"}}),
        (PROFILER, {}, {"ProfilerConfig": {"DisableProfiler": True}}),
        (DEBUG, {}, {"RemoteDebugConfig": {"EnableRemoteDebug": False}}),
        ({}, DEBUG, {"RemoteDebugConfig": {"EnableRemoteDebug": True}}),
        ({}, WARM, {"ResourceConfig": {"KeepAlivePeriodInSeconds": 600}}),
        (WARM, {}, {"ResourceConfig": {"KeepAlivePeriodInSeconds": 0}}),
    ],
)
def test_what_is_removed_is_switched_off(
    before: dict[str, Any], after: dict[str, Any], request_: dict[str, Any]
) -> None:
    """UpdateTrainingJob has no word for absence."""
    answer = {"TrainingJobStatus": "InProgress", "SecondaryStatus": "Training"}
    plan = plan_of(before, after, WarmPoolStatus={"Status": "Available"}, **answer)
    assert update_request(plan, TrainingJobSpec.from_members({**SMALL, **after}).to_wire()) == request_


def test_a_profiler_rule_is_added_but_never_removed() -> None:
    """AWS keeps a rule; it is said once, not for each of its members."""
    answer = {"TrainingJobStatus": "InProgress"}
    assert plan_of({}, RULES, **answer).members == {"profiler_rule_configurations"}
    removed = plan_of(RULES, {}, **answer)
    assert removed.members == set()
    rule = "profiler_rule_configurations[report]"
    assert removed.postponed == (f"{rule} cannot be removed from the present job; the removal applies to the next run",)


@pytest.mark.parametrize(
    ("declared", "answer", "found"),
    [
        ({"enable_remote_debug": True}, {"EnableRemoteDebug": False}, {"enable_remote_debug": False}),
        ({"enable_remote_debug": True}, {}, {"enable_remote_debug": False}),
        ({"enable_remote_debug": True}, {"EnableRemoteDebug": True}, None),
        ({"enable_remote_debug": False}, {}, None),
    ],
)
def test_a_live_member_that_somebody_changed_is_drift(
    declared: dict[str, Any], answer: dict[str, Any], found: dict[str, Any] | None
) -> None:
    """What the answer leaves out is the service's default."""
    job = described(SMALL, SecondaryStatus="Training", RemoteDebugConfig=answer)
    assert drifted({"remote_debug_config": declared}, job) == ({"remote_debug_config": found} if found else {})


def test_a_member_outside_its_window_is_no_drift() -> None:
    """What is declared may be waiting for the next run, and nothing could be put back."""
    job = described(SMALL, SecondaryStatus="Completed", RemoteDebugConfig={"EnableRemoteDebug": False})
    assert drifted({"remote_debug_config": {"enable_remote_debug": True}}, job) == {}
