"""Credentials are masked in text that is shown to users."""

from __future__ import annotations

import pytest

from sagemaker_constructs.api.masking import MASK, masked

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
    'ExecuteUserScriptError: Command "/opt/train.py --token s3cr3tTOKEN"': "s3cr3tTOKEN",
    "train.py --epochs 3 --api-key 0123456789abcdef --lr 0.1": "0123456789abcdef",
    "train.py --wandb_api_key 0123456789abcdef": "0123456789abcdef",
    "train.py --aws-secret-access-key=wJalrXUtnFEMI/K7MDENG": "wJalrXUtnFEMI",
    "train.py --password=x": "=x",
    "train.py --password 123456": "123456",
    "train.py --db-password 'my long phrase' --lr 0.1": "long",
    'SM_USER_ARGS=["--epochs","3","--token","s3cr3t"]': "s3cr3t",
    r'SM_HPS="{\"token\": \"s3cr3t\", \"epochs\": 3}"': "s3cr3t",
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
        "train.py --max_tokens 512 --max-tokens=512 --num-token 128 --tokenizer bert --tokenizer=bert-base",
        "train.py --token-file /opt/ml/input/token --password-file path",
        "train.py --pad_token <pad> --mask-token [MASK] --use_auth_token true --token --lr 0.1",
        "give --token\nepoch 1 of the next token:\nepoch 2",
        "train.py -p 8080 --key value --sort-key name",
        "tokenizer: bert-base, tokenization=fast",
    ],
)
def test_ordinary_lines_stay(line: str) -> None:
    """Metrics and places are what a log is read for."""
    assert masked(line) == line


def test_the_jobs_own_secrets_are_masked_wherever_they_stand() -> None:
    """A secret needs no name beside it; one that is a part of another leaves no rest of that."""
    assert masked("using swordfish and swordfish-2", ["swordfish", "swordfish-2"]) == f"using {MASK} and {MASK}"


def test_a_secret_of_several_lines_is_masked_line_by_line() -> None:
    """A log has each line for itself; what is left of a short line says nothing."""
    secret = "{\n  user: trainer\n  swordfish\n}"
    assert masked("read:   swordfish", [secret]) == f"read:   {MASK}"
    assert masked("{ depth: 1 }", [secret]) == "{ depth: 1 }"


def test_a_secret_of_a_few_letters_is_left() -> None:
    """To mask every `1` would leave no text."""
    assert masked("depth 1 of 10", ["1"]) == "depth 1 of 10"


@pytest.mark.parametrize(
    ("secret", "part"),
    [
        ("https://trainer:swordfish@example.com/x", "swordfish"),
        ("https://example.com/x?room=swordfish&n=1", "swordfish"),
        ("https://example.com/x?room=sword%20fish", "sword fish"),
        ("s3://bucket/swordfish-2/train/", "swordfish-2"),
        ("s3://bucket/a/b/c/", "a/b/c"),
        ('{"a": [{"b": "swordfish"}]}', "swordfish"),
        ('{"a": "https://trainer:swordfish@example.com"}', "swordfish"),
        ('{"a": 123456}', "123456"),
        ('"swordfish"', "swordfish"),
        ("host=db user=trainer room=swordfish", "swordfish"),
        ('sword"fish', r"sword\"fish"),
        ("sword fish+", "sword%20fish%2B"),
    ],
)
def test_a_part_of_a_secret_is_masked(secret: str, part: str) -> None:
    """A text may repeat only the inner part of what the program put together, or write it in another way."""
    assert masked(f"Value '{part}' is not good", [secret]) == f"Value '{MASK}' is not good"
    assert masked(f"Value '{secret}' is not good", [secret]) == f"Value '{MASK}' is not good"


def test_a_part_is_masked_as_a_word_of_its_own() -> None:
    """The scheme, the names and parts of other words say nothing of the secret."""
    secret = "https://trainer:word@example.com/data/parts/?mode=train"
    assert masked("https: example mode training words data", [secret]) == "https: example mode training words data"


def test_a_secret_number_is_masked_as_a_number_of_its_own() -> None:
    """Other numbers with the same digits are other numbers."""
    assert masked("depth 1234 of 12345, 0.1234", ["1234"]) == f"depth {MASK} of 12345, 0.1234"


def test_a_credential_beside_a_secret_is_masked_too() -> None:
    """One does not hide the other."""
    assert (
        masked("swordfish: token=s3cr3t5 --password swordfish", ["swordfish"])
        == f"{MASK}: token={MASK} --password {MASK}"
    )
