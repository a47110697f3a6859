"""What people see has no credentials in it."""

from __future__ import annotations

import pytest

from sagemaker_constructs.reconcile.masking import MASK, masked

CREDENTIALS = {
    "key AKIAIOSFODNN7EXAMPLE in use": "AKIAIOSFODNN7EXAMPLE",
    "aws_secret_access_key=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY": "wJalrXUtnFEMI",
    "AWS_SESSION_TOKEN: IQoJb3JpZ2luX2VjEXAMPLE": "IQoJb3JpZ2lu",
    '{"api_key": "0123456789abcdef", "epochs": 3}': "0123456789abcdef",
    "connecting to postgres://trainer:s3cr3t@db.internal/features": "s3cr3t",
    "Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl": "eyJzdWIi",
    "pushing with ghp_0123456789abcdefghijklmnopqrstuvwxyz": "ghp_0123456789",
    "HF login hf_ABCDEFGHIJKLMNOPQRSTUVWXYZ": "hf_ABCDEFGHIJKL",
    "GET https://b.s3.amazonaws.com/k?X-Amz-Signature=deadbeef&X-Amz-Credential=AK%2Fx": "deadbeef",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----": "MIIEpAIBAAKCAQEA",
    "wandb: password = hunter22": "hunter22",
}


@pytest.mark.parametrize(("line", "secret"), CREDENTIALS.items())
def test_credentials_are_masked(line: str, secret: str) -> None:
    """Whatever looks like a credential is gone, and it shows that something was there."""
    assert secret not in masked(line)
    assert MASK in masked(line)


@pytest.mark.parametrize(
    "line",
    [
        "epoch 3: validation:mlogloss=0.2134 tokens_per_second: 51200",
        "Tokenizer loaded, 30522 tokens",
        "[12/200] loss=0.01, lr=1e-4",
        "s3://penguins/data/train.csv downloaded",
    ],
)
def test_ordinary_lines_stay(line: str) -> None:
    """Metrics and places are what a log is read for."""
    assert masked(line) == line


def test_the_jobs_own_secrets_are_masked_wherever_they_stand() -> None:
    """A secret needs no name beside it; one that is a part of another leaves no rest of that."""
    assert masked("using swordfish and swordfish-2", ["swordfish", "swordfish-2"]) == f"using {MASK} and {MASK}"


def test_a_secret_of_a_few_letters_is_left() -> None:
    """To mask every `1` would leave no text."""
    assert masked("depth 1 of 10", ["1"]) == "depth 1 of 10"
