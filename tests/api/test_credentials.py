"""Credentials in members that anyone with access to the job can read are refused, and never shown."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from pulumi import UNKNOWN
from real_requests import real_requests
from service_model import KEPT_WARM, Request, changed

from sagemaker_constructs.api.credentials import credentials_in
from sagemaker_constructs.api.mistakes import InvalidRequest
from sagemaker_constructs.api.spec import TrainingJobSpec

# Made up for these tests, from AWS's documentation or of the right form only; in halves, for scanners read this too.
SECRETS = {
    "AWS_ACCESS_KEY_ID": "AKIA" + "IOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCYEXAMPLEKEY",
    "AWS_SESSION_TOKEN": "FwoGZXIvYXdzEBYaDHqa0AP1/mQx7Zt9" + "kLcVb2RnYs5Ue8Xw3Jd6Tg4Hf",
    "GITHUB_TOKEN": "ghp_" + "aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789",
    "HF_TOKEN": "hf_" + "aBcDeFgHiJkLmNoPqRsTuVwXyZabcdefgh",
    "WANDB_API_KEY": "0123456789abcdef" + "0123456789abcdef01234567",
    "SLACK": "xoxb-123456789012-" + "1234567890123-aBcDeFgHiJkLmNoPqRsTuVwX",
    "DB_PASSWORD": "correct-horse",
    "DATABASE_URL": "postgres://user:" + "correct-horse@db.internal:5432/x",
    "JWT": "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg",
}
PRIVATE_KEY = "-----BEGIN " + "RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEAxyzxyzxyz\n-----END RSA PRIVATE KEY-----"
ORDINARY = {
    "sagemaker_submit_directory": "s3://bucket/job/source/sourcedir.tar.gz",
    "role": "arn:aws:iam::123456789012:role/service-role/AmazonSageMaker-ExecutionRole-20200101T000001",
    "secret_arn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:wandb-AbCdEf",
    "secret_name": "wandb/training",
    "password_file": "/opt/ml/input/data/password",
    "git_commit": "8f2e1c3b4a5d6e7f8091a2b3c4d5e6f708192a3b",
    "dataset_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "checkpoint_md5": "d41d8cd98f00b204e9800998ecf8427e",
    "kms_key_id": "1234abcd-12ab-34cd-56ef-1234567890ab",
    "tokenizer_name": "meta-llama/Llama-2-7b-hf",
    "tokenizer_revision": "8f2e1c3b4a5d6e7f8091a2b3c4d5e6f708192a3b",
    "model_id": "huggingface-llm-mistral-7b-instruct",
    "max_tokens": "4096",
    "pad_token": "[PAD]",
    "eos_token": "<|endoftext|>",
    "token_pooling": "mean_over_tokens",
    "eos_token_id": "50256",
    "use_auth_token": "true",
    "key_metric": "validation:accuracy",
    "partition_keys": "year,month,day_of_month",
    "features": '["age", "income", "postal_code", "education"]',
    "API_KEY": "${API_KEY}",
}


@pytest.mark.parametrize("member", ["hyper_parameters", "environment"])
@pytest.mark.parametrize("name", SECRETS)
def test_credential_in_a_pair_is_refused(member: str, name: str) -> None:
    """Keys, tokens and passwords are found in hyperparameters and environment."""
    assert [(member, name)] == [mistake.path for mistake in credentials_in({member: {name: SECRETS[name]}})]


def test_private_key_is_refused() -> None:
    """A private key is found whatever its variable is called."""
    assert [mistake.path for mistake in credentials_in({"environment": {"X": PRIVATE_KEY}})] == [("environment", "X")]


@pytest.mark.parametrize(
    ("words", "position"),
    [
        (["--token", SECRETS["HF_TOKEN"]], 1),
        (["--epochs", "3", "--password=correct-horse"], 2),
        (["train.py", SECRETS["GITHUB_TOKEN"]], 1),
        (["--api-key", "correct-horse"], 1),
    ],
)
@pytest.mark.parametrize("member", ["container_arguments", "container_entrypoint"])
def test_credential_in_a_command_is_refused(member: str, words: list[str], position: int) -> None:
    """An argument is checked under the name of its option."""
    found = credentials_in({"algorithm_specification": {member: words}})

    assert [("algorithm_specification", member, position)] == [mistake.path for mistake in found]


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_value_is_no_credential(name: str) -> None:
    """Addresses, hashes, names and switches pass, also under suspicious names."""
    assert credentials_in({"hyper_parameters": {name: ORDINARY[name]}}) == []


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


@pytest.mark.parametrize("name", SECRETS)
def test_refusal_names_the_member_and_hides_the_value(name: str) -> None:
    """The error has the path and the kind of credential, but no part of the value."""
    with pytest.raises(InvalidRequest) as caught:
        TrainingJobSpec.from_request({**KEPT_WARM, "Environment": {name: SECRETS[name]}})

    text = str(caught.value)
    assert f"Environment.{name}: got a value that is not shown, expected no credential (this looks like: " in text
    assert SECRETS[name] not in text
    assert SECRETS[name][4:12] not in text


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
    """Neither the import nor a job of numbers and addresses loads the detector: the provider process starts with it."""
    script = (
        "import sys; from sagemaker_constructs.api.spec import TrainingJobSpec\n"
        "from sagemaker_constructs.api.credentials import credentials_in\n"
        "credentials_in({'hyper_parameters': {'depth': '5', 'objective': 'reg:linear', 'code': 's3://bucket/source'}})\n"
        "assert 'detect_secrets' not in sys.modules"
    )

    subprocess.run([sys.executable, "-c", script], check=True)
