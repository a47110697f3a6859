"""What the service fills in is no difference; a real difference in the same members still is."""

from __future__ import annotations

from typing import Any

import pytest

from sagemaker_constructs.api.defaults import DEFAULTS, without_defaults
from sagemaker_constructs.api.members import all_members
from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.reconcile.changes import changes_between
from sagemaker_constructs.reconcile.decisions import Adopt, TryNextName, differences_from, on_existing
from sagemaker_constructs.reconcile.effects import Effect
from tests.samples import SMALL, described

MEMBERS = {path.replace("[]", ""): member for path, member in all_members(TrainingJobSpec)}
TYPES = {"string": str, "integer": int, "boolean": bool}

FILLED_IN: dict[str, Any] = {
    "AlgorithmSpecification": {
        "TrainingImage": SMALL["algorithm_specification"]["training_image"],
        "TrainingInputMode": "File",
        "MetricDefinitions": [{"Name": "train:progress", "Regex": "#progress_metric: host=\\S+, completed (\\S+) %"}],
        "EnableSageMakerMetricsTimeSeries": False,
    },
    "InputDataConfig": [
        {
            "ChannelName": "train",
            "DataSource": {
                "S3DataSource": {
                    "S3DataType": "S3Prefix",
                    "S3Uri": "s3://bucket/train/",
                    "S3DataDistributionType": "FullyReplicated",
                }
            },
            "CompressionType": "None",
            "RecordWrapperType": "None",
        }
    ],
    "OutputDataConfig": {"KmsKeyId": "", "S3OutputPath": "s3://bucket/models", "CompressionType": "GZIP"},
    "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10, "VolumeKmsKeyId": ""},
    "StoppingCondition": {"MaxRuntimeInSeconds": 86400},
    "EnableNetworkIsolation": False,
    "EnableInterContainerTrafficEncryption": False,
    "EnableManagedSpotTraining": False,
    "DebugHookConfig": {"S3OutputPath": "s3://bucket/models", "CollectionConfigurations": []},
    "ProfilerConfig": {
        "S3OutputPath": "s3://bucket/models",
        "ProfilingIntervalInMilliseconds": 500,
        "DisableProfiler": False,
    },
    "ProfilerRuleConfigurations": [
        {
            "RuleConfigurationName": "ProfilerReport-1767323045",
            "RuleEvaluatorImage": "895741380848.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-debugger-rules:latest",
            "VolumeSizeInGB": 0,
            "RuleParameters": {"rule_to_invoke": "ProfilerReport"},
        }
    ],
    "ProfilingStatus": "Enabled",
    "SecondaryStatusTransitions": [{"Status": "Starting", "StatusMessage": "Preparing the instances for training"}],
    "FinalMetricDataList": [{"MetricName": "train:progress", "Value": 100.0}],
    "TrainingTimeInSeconds": 61,
    "BillableTimeInSeconds": 61,
}
"""The answer on the small job, with all that the service is known to add: switches, empty keys, metric definitions of
a built-in algorithm, Debugger's and the profiler's settings."""


def at(path: str, value: Any) -> dict[str, Any]:
    """A tree of members with one leaf."""
    for name in reversed(path.split(".")):
        value = {name: value}
    return value


def other_than(value: Any) -> Any:
    """Another value of the same type."""
    return (not value) if isinstance(value, bool) else value + 7 if isinstance(value, int) else f"{value}x"


def test_what_the_service_fills_in_is_no_difference() -> None:
    """The declared job is adopted, and nothing that defines or operates it is said to differ."""
    job = described(SMALL, **FILLED_IN)
    assert on_existing(job, SMALL, by_hand=False) == Adopt()
    differences = differences_from(job, SMALL)
    assert [each.path for each in differences if each.effect is Effect.DEFINES] == []
    assert [each.path for each in differences if each.new is not None] == []


def test_what_the_service_fills_in_is_no_difference_with_strict() -> None:
    """What is not declared cannot be another one."""
    assert on_existing(described(SMALL, **FILLED_IN), SMALL, by_hand=False, strict=True) == Adopt()


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("output_data_config.compression_type", {**FILLED_IN["OutputDataConfig"], "CompressionType": "NONE"}),
        ("output_data_config.kms_key_id", {**FILLED_IN["OutputDataConfig"], "KmsKeyId": "a-key"}),
        ("resource_config.instance_count", {**FILLED_IN["ResourceConfig"], "InstanceCount": 2}),
        ("input_data_config[train].compression_type", [{**FILLED_IN["InputDataConfig"][0], "CompressionType": "Gzip"}]),
        ("hyper_parameters.depth", {"depth": "5"}),
        ("environment.STAGE", {"STAGE": "prod"}),
    ],
)
def test_a_real_difference_in_the_same_members_is_one(path: str, answer: Any) -> None:
    """The job cannot be reused, and the reason names the member."""
    wire = "".join(part.capitalize() for part in path.split(".", maxsplit=1)[0].split("[", maxsplit=1)[0].split("_"))
    job = described(SMALL, **{**FILLED_IN, wire: answer})
    assert on_existing(job, SMALL, by_hand=False) == TryNextName(f"another {path}")


def test_a_real_difference_counts_with_strict_where_it_was_declared() -> None:
    """The service's own limit is one day; the declared one is an hour."""
    declared = {**SMALL, "stopping_condition": {"max_runtime_in_seconds": 3600}}
    job = described(SMALL, **FILLED_IN)
    assert on_existing(job, declared, by_hand=False) == Adopt()
    assert on_existing(job, declared, by_hand=False, strict=True) == TryNextName(
        "another stopping_condition.max_runtime_in_seconds"
    )


@pytest.mark.parametrize("path", sorted(DEFAULTS))
def test_every_default_is_of_a_member_and_of_its_type(path: str) -> None:
    """And says where it was found."""
    assert type(DEFAULTS[path].value) is TYPES[MEMBERS[path].kind.type]
    assert DEFAULTS[path].value in (MEMBERS[path].kind.choices or [DEFAULTS[path].value])
    assert DEFAULTS[path].source


@pytest.mark.parametrize("path", sorted(DEFAULTS))
def test_a_default_means_absence_and_another_value_does_not(path: str) -> None:
    """In both directions."""
    default, other = at(path, DEFAULTS[path].value), at(path, other_than(DEFAULTS[path].value))
    assert without_defaults(default) == {}
    assert without_defaults(other) == other
    assert [each.path for each in changes_between(without_defaults(default), without_defaults(other))] == [path]


def test_a_number_is_not_a_switch() -> None:
    """`0` is not `false`, although Python thinks that they are equal."""
    assert without_defaults({"enable_network_isolation": 0}) == {"enable_network_isolation": 0}


def test_a_default_in_an_item_of_a_list_means_absence_too() -> None:
    """The table has paths without list positions."""
    channel = {**SMALL["input_data_config"][0], "compression_type": "None", "record_wrapper_type": "RecordIO"}
    kept = without_defaults({"input_data_config": [channel]})
    assert kept == {"input_data_config": [{**SMALL["input_data_config"][0], "record_wrapper_type": "RecordIO"}]}
