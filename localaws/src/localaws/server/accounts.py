"""Finds the account of an access key among the accounts and partitions that are there, and creates none."""

from __future__ import annotations

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.iam.models import iam_backends


def account_of(access_key: str) -> str:
    """The account that has the access key; moto's own where none has it."""
    # Copies: another request may add an account or a partition meanwhile.
    for account, partitions in list(iam_backends.items()):
        if any(access_key in backend.access_keys for backend in list(partitions.values())):
            return account
    return DEFAULT_ACCOUNT_ID
