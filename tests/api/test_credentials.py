"""Credentials in members that anyone with access to the job can read are refused, and never shown."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from credential_cases import ORDINARY, WORDS
from pulumi import UNKNOWN
from real_requests import real_requests
from service_model import KEPT_WARM, Request, changed

from sagemaker_constructs.api.credentials import credentials_in
from sagemaker_constructs.api.mistakes import InvalidRequest
from sagemaker_constructs.api.spec import TrainingJobSpec

HUGGING_FACE, GITHUB = (next(word for word in WORDS if word.startswith(start)) for start in ("hf_", "ghp_"))


@pytest.mark.parametrize(
    ("words", "position"),
    [
        (["--token", HUGGING_FACE], 1),
        (["--epochs", "3", "--password=correct-horse"], 2),
        (["train.py", GITHUB], 1),
        (["--api-key", "correct-horse"], 1),
    ],
)
@pytest.mark.parametrize("member", ["container_arguments", "container_entrypoint"])
def test_credential_in_a_command_is_refused(member: str, words: list[str], position: int) -> None:
    """An argument is checked under the name of its option."""
    found = credentials_in({"algorithm_specification": {member: words}})

    assert [("algorithm_specification", member, position)] == [mistake.path for mistake in found]


def test_the_command_is_read_over_the_entrypoint_and_the_arguments() -> None:
    """The arguments follow the entrypoint: what the last word of it means is known."""
    command = {"container_entrypoint": ["curl", "-u"], "container_arguments": ["trainer:swordfish", "-O"]}

    (found,) = credentials_in({"algorithm_specification": command})

    assert found.path == ("algorithm_specification", "container_arguments", 0)


def test_a_number_may_be_a_password() -> None:
    """Numbers come as numbers too, and only their name tells."""
    assert [
        each.path[1] for each in credentials_in({"hyper_parameters": {"password": 12345678, "seed": 12345678}})
    ] == ["password"]


@pytest.mark.parametrize("request_", real_requests())
def test_real_request_has_no_credential(request_: Request) -> None:
    """No value of a real request is reported."""
    assert credentials_in(TrainingJobSpec.from_request(request_).to_members()) == []


def test_unknown_value_is_left_out() -> None:
    """A value that is not known yet is skipped."""
    members: dict[str, Any] = {
        "hyper_parameters": {"API_KEY": UNKNOWN},
        "environment": UNKNOWN,
        "algorithm_specification": {"container_arguments": ["--token", UNKNOWN], "container_entrypoint": UNKNOWN},
    }

    assert credentials_in(members) == []
    assert credentials_in({"algorithm_specification": UNKNOWN}) == []


def test_refusal_names_the_member_and_hides_the_value() -> None:
    """The error has the path and the kind of credential, but no part of the value."""
    with pytest.raises(InvalidRequest) as caught:
        TrainingJobSpec.from_request({**KEPT_WARM, "Environment": {"SETTING": GITHUB}})

    text = str(caught.value)
    assert "Environment.SETTING: got a value that is not shown, expected no credential (this looks like: GitHub" in text
    assert GITHUB[4:12] not in text


WRONG: list[tuple[tuple[str | int, ...], Any]] = [
    (("HyperParameters",), {"key": ["hidden-value"]}),
    (("HyperParameters",), ["hidden-value"]),
    (("HyperParameters",), {"key": "hidden-value\n"}),
    (("Environment",), {"KEY": "hidden-value" * 50}),
    (("Environment",), "hidden-value"),
    (("AlgorithmSpecification",), [{"ContainerArguments": ["hidden-value"]}]),
    (("AlgorithmSpecification", "ContainerArguments"), ["hidden-value\n"]),
    (("AlgorithmSpecification", "ContainerEntrypoint"), "hidden-value"),
    (("AlgorithmSpecification", "ContainerArgument"), "hidden-value"),
    (("Hyperparameters",), {"key": "hidden-value"}),
]


@pytest.mark.parametrize(("path", "value"), WRONG)
def test_confidential_value_is_in_no_error(path: tuple[str | int, ...], value: Any) -> None:
    """Whatever is wrong with or about a confidential member, its value is not in the text."""
    with pytest.raises(InvalidRequest) as caught:
        TrainingJobSpec.from_request(changed(KEPT_WARM, path, value))

    assert "hidden-value" not in str(caught.value)


def test_detector_is_loaded_only_when_it_is_needed() -> None:
    """Neither the import nor a job of ordinary values loads the detector: the provider process starts with it."""
    ordinary = {case.value: case.value for case in ORDINARY}
    script = (
        "import json, sys; from sagemaker_constructs.api.spec import TrainingJobSpec\n"
        "from sagemaker_constructs.api.credentials import credentials_in\n"
        "credentials_in({'hyper_parameters': json.load(sys.stdin)})\n"
        "assert 'detect_secrets' not in sys.modules"
    )

    subprocess.run([sys.executable, "-c", script], input=json.dumps(ordinary), text=True, check=True)
