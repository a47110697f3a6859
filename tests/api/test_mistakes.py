"""The text of mistakes."""

from __future__ import annotations

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


def test_error_lists_its_mistakes() -> None:
    """One line per mistake, and their number."""
    one = Mistake(("role_arn",), "nothing", "a value")

    assert str(InvalidRequest("Spec", [one])) == "Spec: 1 mistake\n  - role_arn: got nothing, expected a value"
    assert str(InvalidRequest("Spec", [one, one])).startswith("Spec: 2 mistakes\n")
