"""A spec as a program writes it, and as the provider reads it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pulumi
import pytest
from pulumi import UNKNOWN, Output
from pydantic import ValidationError
from service_model import FULL_REQUESTS, KEPT_WARM, changed

from sagemaker_constructs.api.algorithm import AlgorithmSpecification
from sagemaker_constructs.api.channels import Channel, DataSource, FileSystemDataSource, S3DataSource
from sagemaker_constructs.api.mistakes import InvalidRequest
from sagemaker_constructs.api.operation import StoppingCondition, VpcConfig
from sagemaker_constructs.api.output import OutputDataConfig
from sagemaker_constructs.api.resource_config import ResourceConfig
from sagemaker_constructs.api.rules import check_rules
from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.api.tags import Tag

REQUIRED: dict[str, Any] = {
    "algorithm_specification": AlgorithmSpecification(training_image="image", training_input_mode="File"),
    "output_data_config": OutputDataConfig(s3_output_path="s3://bucket/models"),
    "resource_config": ResourceConfig(instance_type="ml.m5.xlarge", instance_count=1),
}


def spec(**members: Any) -> TrainingJobSpec:
    """The smallest spec, and further members."""
    return TrainingJobSpec(**{**REQUIRED, **members})


def mistakes(**members: Any) -> list[str]:
    """What is wrong with the smallest spec with further members."""
    with pytest.raises(InvalidRequest) as caught:
        spec(**members)
    return [str(mistake) for mistake in caught.value.mistakes]


def test_smallest_spec() -> None:
    """Role, name and network are left to the resource."""
    assert spec().to_request() == {
        "AlgorithmSpecification": {"TrainingImage": "image", "TrainingInputMode": "File"},
        "OutputDataConfig": {"S3OutputPath": "s3://bucket/models"},
        "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1},
    }


def test_every_mistake_is_listed_at_once() -> None:
    """Mistakes of shapes, at every depth, and of rules stand in one error, with path, value and expectation."""
    channel = Channel(
        channel_name="not allowed!",
        data_source=DataSource(s3_data_source=S3DataSource(s3_data_type="S3Prefix", s3_uri="bucket/train")),
    )
    found = mistakes(
        input_data_config=[channel],
        resource_config=ResourceConfig(instance_type="ml.m5.xlarge", instance_count=-1),
        enable_managed_spot_training=True,
    )

    assert found == [
        r"input_data_config[0].channel_name: got 'not allowed!', expected a value that matches [A-Za-z0-9\.\-_]+",
        "input_data_config[0].data_source.s3_data_source.s3_uri: got 'bucket/train', expected s3://bucket/prefix",
        "resource_config.instance_count: got -1, expected at least 0",
        (
            "stopping_condition.max_wait_time_in_seconds is required with enable_managed_spot_training: "
            "it limits the time of waiting and running together"
        ),
    ]


def test_error_ends_a_program_without_a_traceback() -> None:
    """The error is a ValueError, and one that Pulumi shows as its text."""
    assert issubclass(InvalidRequest, ValueError)
    assert issubclass(InvalidRequest, pulumi.RunError)


def test_mistyped_member_is_refused() -> None:
    """A member that the API does not have is found where it stands, in nested shapes too."""
    nested: Any = ResourceConfig
    found = mistakes(resource_config=nested(instance_typ="ml.m5.xlarge", instance_count=1))

    assert found[0] == "resource_config.instance_typ is not a member of the API: did you mean instance_type?"


def test_wire_names_are_refused_in_a_program() -> None:
    """A program says `hyper_parameters`; only `from_request` reads the API's names."""
    assert mistakes(HyperParameters={"a": "b"}) == [
        "HyperParameters is not a member of the API: did you mean hyper_parameters?"
    ]


def test_python_names_are_refused_in_a_request() -> None:
    """A request says `HyperParameters`, at every depth."""
    request = changed(KEPT_WARM, ("ResourceConfig", "instance_type"), "ml.m5.xlarge")

    with pytest.raises(InvalidRequest, match=r"ResourceConfig\.instance_type"):
        TrainingJobSpec.from_request({**request, "hyper_parameters": {}})


def test_request_that_is_no_mapping_is_refused() -> None:
    """Any other value raises `InvalidRequest`."""
    text: Any = "{}"

    with pytest.raises(InvalidRequest, match=r"request: got '\{\}', expected a mapping of members"):
        TrainingJobSpec.from_request(text)


def test_request_may_leave_out_what_the_resource_sets() -> None:
    """Name and role are optional in a request that is read, and required in one that is sent."""
    request = {name: value for name, value in KEPT_WARM.items() if name not in {"TrainingJobName", "RoleArn"}}

    read = TrainingJobSpec.from_request(request)

    assert read.to_request() == request
    with pytest.raises(InvalidRequest) as caught:
        TrainingJobSpec.complete({**read.to_members(), "tags": 1})
    assert [mistake.path for mistake in caught.value.mistakes] == [("training_job_name",), ("role_arn",), ("tags",)]


def test_rules_speak_the_language_of_the_reader() -> None:
    """In a request the sentences have the API's names, as the paths have."""
    request = changed(KEPT_WARM, ("AlgorithmSpecification", "TrainingImage"), "image")

    with pytest.raises(InvalidRequest) as caught:
        TrainingJobSpec.from_request(request)
    assert [str(mistake) for mistake in caught.value.mistakes] == [
        "AlgorithmSpecification must have exactly one of TrainingImage and AlgorithmName"
    ]


@pytest.mark.parametrize(
    ("written", "sent"), [(5, "5"), (5.0, "5"), (0.1, "0.1"), (1e-05, "1e-05"), (True, "true"), ("5", "5"), ("", "")]
)
def test_hyper_parameters_are_sent_as_text(written: object, sent: str) -> None:
    """Numbers and booleans are converted as people write them; whole floats, as the engine sends them, are integers."""
    assert {"k": sent} == spec(hyper_parameters={"k": written}).to_request()["HyperParameters"]
    assert {"k": sent} == spec(environment={"k": written}).to_request()["Environment"]


@pytest.mark.parametrize("written", [3600, 3600.0, timedelta(hours=1)])
def test_durations(written: float | timedelta) -> None:
    """Seconds or a timedelta; the engine sends integers as floats."""
    condition: Any = StoppingCondition
    found = spec(stopping_condition=condition(max_runtime_in_seconds=written)).to_request()

    assert found["StoppingCondition"] == {"MaxRuntimeInSeconds": 3600}
    assert type(found["StoppingCondition"]["MaxRuntimeInSeconds"]) is int


def test_fraction_of_a_second_is_refused() -> None:
    """The API has whole seconds."""
    found = mistakes(stopping_condition=StoppingCondition(max_runtime_in_seconds=timedelta(seconds=1.5)))

    assert found == ["stopping_condition.max_runtime_in_seconds: got 1.5, expected a whole number"]


@pytest.mark.parametrize(
    "tags", [{"team": "research"}, [Tag(key="team", value="research")], [{"key": "team", "value": "research"}]]
)
def test_tags_are_a_mapping_or_a_list(tags: object) -> None:
    """The API's list, or the mapping that Pulumi programs write."""
    assert spec(tags=tags).to_request()["Tags"] == [{"Key": "team", "Value": "research"}]


def test_mistake_in_a_mapping_of_tags_is_found() -> None:
    """A shorthand is validated like the full form."""
    assert mistakes(tags={"team": "!"}) == [
        "tags[0].value: got '!', expected a value that matches ([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)"
    ]


def test_mapping_of_tags_is_refused_in_a_request() -> None:
    """The wire form has a list."""
    with pytest.raises(InvalidRequest, match="Tags: got a dict, expected a list"):
        TrainingJobSpec.from_request({**KEPT_WARM, "Tags": {"team": "research"}})


def test_set_is_refused() -> None:
    """The order of a set is chance, and so would the request be."""
    network: Any = VpcConfig
    found = mistakes(vpc_config=network(subnets={"subnet-1"}, security_group_ids=("sg-1",)))

    assert found == ["vpc_config.subnets: got a set, expected a list"]


def test_absent_empty_and_false_are_three_things() -> None:
    """None is absent; empty and false are sent."""
    request = spec(hyper_parameters={}, enable_network_isolation=False, environment=None).to_request()

    assert request["HyperParameters"] == {}
    assert request["EnableNetworkIsolation"] is False
    assert "Environment" not in request


def test_spec_is_immutable() -> None:
    """A spec that was checked stays as it was checked."""
    built: Any = spec()

    with pytest.raises(ValidationError, match="frozen"):
        built.role_arn = "another"


def test_network_may_come_from_the_resource() -> None:
    """In a program, rules about the network wait for the resource; in the provider they no longer do."""
    source = FileSystemDataSource(
        file_system_id="fs-0123456789abcdef0",
        file_system_access_mode="ro",
        file_system_type="EFS",
        directory_path="/data",
    )
    channel = Channel(channel_name="train", data_source=DataSource(file_system_data_source=source))
    built = spec(input_data_config=[channel])

    with pytest.raises(InvalidRequest, match="file_system_data_source requires vpc_config"):
        TrainingJobSpec.from_members(built.to_members())


@pytest.mark.parametrize("request_", FULL_REQUESTS, ids=["machines", "groups", "preferences", "warm", "serverless"])
def test_every_value_may_be_unknown(request_: dict[str, Any]) -> None:
    """In a preview any value at any depth may be unknown: it passes, and stays what it is."""
    members = TrainingJobSpec.from_request(request_).to_members()

    for path in paths(members):
        preview = changed(members, path, UNKNOWN)
        assert preview == TrainingJobSpec.from_members(preview).to_members()
        check_rules(preview)


def paths(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The path of every value below this one, in structures, lists and mappings."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here for key, item in items for here in ((*path, key), *paths(item, (*path, key)))]


@pulumi.runtime.test
def test_outputs_pass_and_shapes_within_them_are_taken_apart() -> Output[None]:
    """An Output may stand for a leaf, a list or a whole structure."""
    image = Output.from_input("image")
    network = Output.from_input("subnet-1").apply(
        lambda subnet: VpcConfig(subnets=[subnet], security_group_ids=["sg-1"])
    )
    built = spec(
        algorithm_specification=AlgorithmSpecification(training_image=image, training_input_mode="File"),
        vpc_config=network,
        hyper_parameters={"depth": Output.from_input(5)},
    )

    def check(members: Any) -> None:
        assert members["algorithm_specification"]["training_image"] == "image"
        assert members["vpc_config"] == {"subnets": ["subnet-1"], "security_group_ids": ["sg-1"]}
        assert members["hyper_parameters"] == {"depth": 5}

    return Output.all(**built.to_members()).apply(check)
