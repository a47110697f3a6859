"""Connects to the accounts of a stack's jobs: one reader for each Region and settings, asked each question once.

Input: a Region, and the AWS settings that a job stores. Output: an `AccountReader`, and the time that its looks have.
"""

from __future__ import annotations

import asyncio
from functools import lru_cache
from typing import TYPE_CHECKING, cast

import pulumi

from sagemaker_constructs.aws.account import AwsAccountReader, CachedAccountReader
from sagemaker_constructs.preflight.looks import Looks
from sagemaker_constructs.program.stack_settings import settings_of

if TYPE_CHECKING:
    from sagemaker_constructs.aws.account import AccountReader

Place = tuple[str, str | None]
"""A Region, and the AWS settings that the job stores, if it does."""


class Readers(dict[Place, "AccountReader"]):
    """The readers of one run of a program, by Region and settings."""

    def __init__(self) -> None:
        super().__init__()
        self.looks = Looks()
        self._accounts: dict[Place, asyncio.Future[str]] = {}

    def __missing__(self, place: Place) -> AccountReader:
        region, stored = place
        self[place] = cast("AccountReader", CachedAccountReader(AwsAccountReader(settings_of(stored), region)))
        return self[place]

    async def account(self, place: Place) -> str:
        """The account of the credentials, by one look for all jobs.

        Raises:
            TimeoutError: there was no answer in time.
            ServiceError: AWS refused.
        """
        if place not in self._accounts:
            self._accounts[place] = asyncio.ensure_future(self.looks.look((place, "account"), self[place].account))
        return await asyncio.shield(self._accounts[place])  # one who gives up leaves the answer to the others


def readers_of_run() -> Readers:
    """Those of this run; a program may run several times in one process."""
    return _of(pulumi.runtime.get_root_resource())


@lru_cache(maxsize=1)
def _of(stack: pulumi.Resource | None) -> Readers:
    del stack
    return Readers()
