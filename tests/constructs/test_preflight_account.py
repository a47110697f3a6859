"""The account of the credentials, verified in a preview: what is rejected, and what is left to AWS."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from graphs import graph

from sagemaker_constructs import DeclarationError
from sagemaker_constructs.aws.errors import FORBIDDEN_ACCOUNT, ServiceError
from sagemaker_constructs.preflight import account_check, readers

if TYPE_CHECKING:
    from collections.abc import Callable

ROLE = "arn:aws:iam::123456789012:role/trainer"


def verified(
    monkeypatch: pytest.MonkeyPatch, account: Callable[[], str], *, role: str | None = ROLE, stored: str | None = None
) -> int:
    """Verify twice by credentials of an account; how often it was asked for."""
    asked: list[object] = []

    class Reader:
        def __init__(self, *_: object) -> None:
            pass

        def account(self) -> str:
            asked.append(self)
            return account()

    async def build() -> None:
        await asyncio.gather(
            *(account_check.verify_account("m", "eu-west-1", stored, role=each) for each in (None, role))
        )

    monkeypatch.setattr(readers, "AwsAccountReader", Reader)
    pulumi.runtime.set_all_config({})
    graph(build, preview=True)
    return len(asked)


def refusing(code: str) -> Callable[[], str]:
    """Credentials that may not ask."""

    def refuse() -> str:
        raise ServiceError("GetCallerIdentity", "the stack", code, "aws:allowedAccountIds has only 1")

    return refuse


def test_the_account_of_the_role_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """With one call, however many jobs there are."""
    assert verified(monkeypatch, lambda: "123456789012") == 1


def test_another_account_than_that_of_the_role_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    """SageMaker would refuse the role only after everything else was created."""
    expected = "role of account 123456789012, but the job would be started with credentials of account 999999999999"
    with pytest.raises(DeclarationError, match=expected):
        verified(monkeypatch, lambda: "999999999999")


def test_an_account_that_is_not_allowed_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the role is known."""
    with pytest.raises(DeclarationError, match="aws:allowedAccountIds has only 1"):
        verified(monkeypatch, refusing(FORBIDDEN_ACCOUNT), role=None)


@pytest.mark.parametrize("code", ["NoCredentials", "ExpiredToken", "AccessDenied", "Unreachable"])
def test_a_preview_comes_without_credentials(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Such as that of a pull request from a fork."""
    assert verified(monkeypatch, refusing(code)) == 1


def test_a_service_without_sts_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """`skipRequestingAccountId`."""
    assert verified(monkeypatch, lambda: "999999999999", stored='{"skipRequestingAccountId": true}') == 0


def test_unit_tests_of_programs_ask_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mocks have no account."""

    async def verify(*_: Any, **__: Any) -> None:
        pytest.fail("asked")

    async def build() -> None:
        await account_check.require_account("m", {"region": "eu-west-1", "aws_settings": None, "role_arn": ROLE})

    monkeypatch.setattr(account_check, "verify_account", verify)
    graph(build, preview=True)
