"""The text of mistakes."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from sagemaker_constructs.api.mistakes import InvalidRequest, Mistake, path_text
from sagemaker_constructs.api.spec import TrainingJobSpec

if TYPE_CHECKING:
    from sagemaker_constructs.api.tree import Path


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), "request"),
        (("role_arn",), "role_arn"),
        (("input_data_config", 0, "data_source"), "input_data_config[0].data_source"),
        (("hyper_parameters", "max-depth"), "hyper_parameters['max-depth']"),
        (("environment", 0), "environment[0]"),
    ],
)
def test_path_text(path: Path, text: str) -> None:
    """A path reads like an expression."""
    assert text == path_text(path)


def test_long_key_is_cut() -> None:
    """A key of any length fits a line."""
    assert len(path_text(("hyper_parameters", "k" * 1000))) < 120


def test_a_value_and_a_combination_read_differently() -> None:
    """A wrong value is shown with what is expected; of a combination a clause says what is wrong."""
    assert str(Mistake(("role_arn",), "7", "a string")) == "role_arn: got 7, expected a string"
    assert str(Mistake(("vpc_config",), problem="requires subnets")) == "vpc_config requires subnets"


@pytest.mark.parametrize(
    ("member", "value", "path"),
    [
        ("role_arn", 7, "role_arn"),
        ("hyper_parameters", {"a": "x" * 2501}, "hyper_parameters.a"),
        ("stopping_condition", {"max_runtime_in_seconds": 0}, "stopping_condition.max_runtime_in_seconds"),
        ("tags", {"team": "!"}, "tags[0].value"),
        ("vpc_config", {"subnets": [], "security_group_ids": [7]}, "vpc_config.security_group_ids[0]"),
    ],
)
def test_a_wrong_value_is_reported_once(member: str, value: Any, path: str) -> None:
    """At its own place, however many alternatives it was tried against."""
    reported = [path_text(mistake.path) for mistake in TrainingJobSpec.read({member: value}).mistakes]

    assert reported.count(path) == 1
    assert not [each for each in reported if "[" in each and "[0]" not in each]


READ_ONLY = "is read-only: SageMaker reports it of a job, and no request sets it"
BASE: dict[str, Any] = {"output_data_config": {"s3_output_path": "s3://bucket"}}


def reported(members: dict[str, Any]) -> list[str]:
    """The mistakes in members, but for those about what is absent."""
    sentences = map(str, TrainingJobSpec.read({**BASE, **members}).mistakes)
    return [each for each in sentences if "is required" not in each and "must have" not in each]


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"hyperparameters": {}}, "hyperparameters is not a member of the API: did you mean hyper_parameters?"),
        ({"HyperParameters": {}}, "HyperParameters is not a member of the API: did you mean hyper_parameters?"),
        (
            {"resource_config": {"instance_typ": "ml.m5.large"}},
            "resource_config.instance_typ is not a member of the API: did you mean instance_type?",
        ),
        (
            {"input_data_config": [{"data_source": {"s3_data_source": {"s3uri": "s3://bucket"}}}]},
            "input_data_config[0].data_source.s3_data_source.s3uri is not a member of the API: did you mean s3_uri?",
        ),
        (
            {"instance_type": "ml.m5.large"},
            "instance_type is not a member of the API: did you mean resource_config.instance_type?",
        ),
        (
            {"use_spot_instances": True},
            "use_spot_instances is not a member of the API: did you mean enable_managed_spot_training?",
        ),
        (
            {"resource_config": {"instances": 2}},
            "resource_config.instances is not a member of the API: did you mean instance_count?",
        ),
        ({"instances": 2}, "instances is not a member of the API: did you mean resource_config.instance_count?"),
        ({"wholly_unlike": 1}, "wholly_unlike is not a member of the API"),
        (
            {"training_job_status": "Completed"},
            f"training_job_status {READ_ONLY}",
        ),
        (
            {"resource_config": {"selected_instance_type": "ml.m5.large"}},
            f"resource_config.selected_instance_type {READ_ONLY}",
        ),
    ],
)
def test_a_name_that_is_no_member_comes_with_the_one_that_is_meant(members: dict[str, Any], said: str) -> None:
    """Beside it, or in another structure; one that only an answer has is called read-only."""
    assert reported(members) == [said]


def test_the_name_of_a_role_is_told_from_its_arn() -> None:
    """Short or long; the pattern of ARNs would say little."""
    for name in ("train", "a-role-with-quite-a-long-name"):
        assert reported({"role_arn": name}) == [f"role_arn: got {name!r}, expected the ARN of a role, not its name"]
    (said,) = reported({"role_arn": "arn:aws:iam::123456789012:user/me"})
    assert "a value that matches arn:" in said


def test_a_value_that_is_cut_keeps_its_quotes() -> None:
    """So that the cut is seen as one."""
    (said,) = reported({"resource_config": {"instance_type": f"ml.{'x' * 80}"}})
    assert f"got 'ml.{'x' * 56}…' (85 characters), expected" in said


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        ({"HyperParamters": {}}, "HyperParamters is not a member of the API: did you mean HyperParameters?"),
        ({"hyper_parameters": {}}, "hyper_parameters is not a member of the API: did you mean HyperParameters?"),
        ({"InstanceCount": 1}, "InstanceCount is not a member of the API: did you mean ResourceConfig.InstanceCount?"),
        ({"FailureReason": ""}, "FailureReason is read-only: SageMaker reports it of a job, and no request sets it"),
    ],
)
def test_in_a_request_the_apis_name_is_suggested(request_: dict[str, Any], said: str) -> None:
    """As everything there is under the API's names."""
    with pytest.raises(InvalidRequest, match=re.escape(said) + "\n"):
        TrainingJobSpec.from_request(request_)


@pytest.mark.parametrize("member", ["hyper_parameters", "environment"])
@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "got None, expected a string, a number or a boolean"),
        (["a"], "got a list, expected a string, a number or a boolean"),
        ({"a": 1}, "got a dict, expected a string, a number or a boolean"),
        (Decimal(1), "got a Decimal, expected a string, a number or a boolean"),
    ],
)
def test_a_value_of_another_type_is_named_by_its_type(member: str, value: Any, said: str) -> None:
    """Although the values of these mappings are not shown."""
    assert reported({member: {"key": value}}) == [f"{member}.key: {said}"]


def test_a_line_break_is_called_one() -> None:
    """A pattern that accepts every line says nothing to whoever has two."""
    assert reported({"hyper_parameters": {"key": "a\nb"}}) == [
        "hyper_parameters.key: got a value that is not shown, expected a single line, without a line break"
    ]


def test_error_lists_its_mistakes() -> None:
    """One line per mistake, and their number."""
    one = Mistake(("role_arn",), "nothing", "a value")

    assert str(InvalidRequest("Spec", [one])) == "Spec: 1 mistake\n  - role_arn: got nothing, expected a value"
    assert str(InvalidRequest("Spec", [one, one])).startswith("Spec: 2 mistakes\n")
