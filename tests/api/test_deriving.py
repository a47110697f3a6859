"""A spec that is derived from another, and how a spec shows itself."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest
from pulumi import Output

from sagemaker_constructs.api.algorithm import AlgorithmSpecification
from sagemaker_constructs.api.mistakes import InvalidRequest
from sagemaker_constructs.api.operation import StoppingCondition
from sagemaker_constructs.api.output import OutputDataConfig
from sagemaker_constructs.api.resource_config import ResourceConfig
from sagemaker_constructs.api.spec import TrainingJobSpec

NO_MEMBER = "is not a member of the API"
MACHINES = ResourceConfig(instance_type="ml.m5.xlarge", instance_count=1)
SPEC = TrainingJobSpec(
    algorithm_specification=AlgorithmSpecification(training_image="image", training_input_mode="File"),
    hyper_parameters={"depth": 4},
    output_data_config=OutputDataConfig(s3_output_path="s3://bucket/models"),
    resource_config=MACHINES,
)


@pytest.mark.parametrize("copy", ["model_copy", "copy"])
@pytest.mark.parametrize(
    ("update", "mistakes"),
    [
        (
            {"enable_managed_spot_trainig": True},
            [f"enable_managed_spot_trainig {NO_MEMBER}: did you mean enable_managed_spot_training?"],
        ),
        ({"HyperParameters": {"depth": 5}}, [f"HyperParameters {NO_MEMBER}: did you mean hyper_parameters?"]),
        (
            {"enable_network_isolation": "yes", "hyper_parameters": 3},
            [
                "hyper_parameters: got a value that is not shown, expected a mapping",
                "enable_network_isolation: got 'yes', expected true or false",
            ],
        ),
        (
            {"enable_managed_spot_training": True},
            [
                (
                    "stopping_condition.max_wait_time_in_seconds is required with enable_managed_spot_training: it "
                    "limits the time of waiting and running together"
                ),
            ],
        ),
        (
            {"resource_config": MACHINES.model_copy(update={"instance_counts": 2})},
            [f"resource_config.instance_counts {NO_MEMBER}: did you mean instance_count?"],
        ),
        (
            {"resource_config": MACHINES.model_copy(update={"instance_count": -1})},
            ["resource_config.instance_count: got -1, expected at least 0"],
        ),
    ],
)
def test_what_is_derived_is_validated(copy: str, update: dict[str, Any], mistakes: list[str]) -> None:
    """Names, values and rules, of nested shapes too, and by pydantic's older method too."""
    with pytest.raises(InvalidRequest) as caught:
        getattr(SPEC, copy)(update=update)

    assert [str(each) for each in caught.value.mistakes] == mistakes


def test_the_derived_spec_is_the_same_but_for_what_is_updated() -> None:
    """As if it had been written out; the first one stays what it is."""
    spot = SPEC.model_copy(
        update={
            "enable_managed_spot_training": True,
            "stopping_condition": StoppingCondition(max_runtime_in_seconds=60, max_wait_time_in_seconds=90),
            "resource_config": MACHINES.model_copy(update={"instance_type": "ml.m5.large"}),
        }
    )

    assert spot.to_members() == {
        **SPEC.to_members(),
        "enable_managed_spot_training": True,
        "stopping_condition": {"max_runtime_in_seconds": 60, "max_wait_time_in_seconds": 90},
        "resource_config": {"instance_type": "ml.m5.large", "instance_count": 1},
    }
    assert SPEC.enable_managed_spot_training is None


@pytest.mark.parametrize("deep", [False, True])
def test_a_copy_without_an_update_is_equal(deep: bool) -> None:
    """And has containers of its own."""
    copied = SPEC.model_copy(deep=deep)

    assert copied == SPEC
    assert copied.hyper_parameters is not SPEC.hyper_parameters


def test_none_removes_a_member() -> None:
    """As everywhere, None means absent: nothing of it is sent."""
    assert "HyperParameters" not in SPEC.model_copy(update={"hyper_parameters": None}).to_request()


@pulumi.runtime.test
def test_an_output_stays_an_output() -> Output[Any]:
    """What is not known yet is validated when it is, and may be a secret."""
    depth = Output.secret("swordfish")
    derived = SPEC.model_copy(update={"hyper_parameters": {"depth": depth}}).model_copy()

    assert derived.hyper_parameters == {"depth": depth}
    assert "swordfish" not in repr(derived)
    return Output.all(**derived.to_members())


def test_repr_shows_everything_that_was_set() -> None:
    """Hyperparameters and environment, too, and nothing that was not set."""
    assert repr(SPEC.model_copy(update={"environment": {"MODE": "fast"}})) == (
        "TrainingJobSpec(hyper_parameters={'depth': '4'}, "
        "algorithm_specification=AlgorithmSpecification(training_image='image', training_input_mode='File'), "
        "output_data_config=OutputDataConfig(s3_output_path='s3://bucket/models'), "
        "resource_config=ResourceConfig(instance_type='ml.m5.xlarge', instance_count=1), "
        "environment={'MODE': 'fast'})"
    )


def test_repr_of_a_shape_masks_credentials() -> None:
    """A nested shape is not validated before its spec is, so that it may have one, in any word of a command."""
    algorithm = AlgorithmSpecification(
        training_image="image",
        training_input_mode="File",
        container_entrypoint=("train", "--epochs", "3", "--password"),
        container_arguments=["swordfish-4", "--fast"],
    )

    assert repr(algorithm) == (
        "AlgorithmSpecification(training_image='image', "
        "container_entrypoint=['train', '--epochs', '3', '--password'], container_arguments=['[masked]', '--fast'], "
        "training_input_mode='File')"
    )
