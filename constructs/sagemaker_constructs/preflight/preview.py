"""Notices in a preview which of a program's jobs start, and has those announced, checked and examined.

Input: the jobs of a program, as it declares them. Output: those that start, together, as soon as the last is known: a
program declares its jobs before the first is registered. What examines them is loaded with the first job that starts,
for a preview of jobs that stay needs neither that nor boto3.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pulumi
from pulumi import Output

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sagemaker_constructs.preflight.examination import StartingJobs


def announce_job(
    resource: pulumi.Resource, id_: Output[str], properties: Mapping[str, Any], *, own_role: bool, look: bool = True
) -> None:
    """Announce a job that starts in a preview, and check it, when what that needs is known; returns at once.

    Args:
        resource: whose row the lines belong to.
        id_: its id, which a preview knows only where there is a job that stays.
        properties: the properties of the job as the program has them.
        own_role: whether the program has the role as a resource, which may change in the same update.
        look: whether AWS is asked anything but for the account of the credentials.
    """
    if pulumi.runtime.is_dry_run():
        preview = _preview_of(pulumi.runtime.get_root_resource())
        Output.from_input(preview.job(preview.declare(), resource, id_, properties, own_role=own_role, look=look))


def announce_fallback(resource: pulumi.Resource, id_: Output[str], properties: Mapping[str, Any]) -> None:
    """Announce in a preview what a new fallback may start; returns at once."""
    if pulumi.runtime.is_dry_run():
        Output.from_input(_preview_of(pulumi.runtime.get_root_resource()).fallback(resource, id_, properties))


class _Preview:
    """The jobs of one run of a program, of which it becomes known whether they start."""

    def __init__(self) -> None:
        self._declared = 0
        self._awaited: set[int] = set()
        self._starting: StartingJobs | None = None

    def declare(self) -> int:
        """Take up a job; its number."""
        self._declared += 1
        self._awaited.add(self._declared)
        return self._declared

    async def job(
        self,
        number: int,
        resource: pulumi.Resource,
        id_: Output[str],
        properties: Mapping[str, Any],
        *,
        own_role: bool,
        look: bool,
    ) -> None:
        """Announce a job where it starts, and with it all others that wait, as soon as the last of them is known."""
        try:
            if not await id_.is_known():
                await self._starting_jobs().add(number, resource, properties, own_role=own_role, look=look)
        finally:  # where one cannot be registered, the others do not wait for it
            self._awaited.remove(number)
            if self._starting and not self._awaited:
                await self._starting.examine()

    async def fallback(self, resource: pulumi.Resource, id_: Output[str], properties: Mapping[str, Any]) -> None:
        """Announce a fallback where it is new."""
        if not await id_.is_known():
            await self._starting_jobs().announce_fallback(resource, properties)

    def _starting_jobs(self) -> StartingJobs:
        if self._starting is None:
            from sagemaker_constructs.preflight.examination import StartingJobs  # noqa: PLC0415  with the first of them

            self._starting = StartingJobs()
        return self._starting


@lru_cache(maxsize=1)
def _preview_of(stack: pulumi.Resource | None) -> _Preview:
    """The preview of a stack's program; a program may run several times in one process."""
    del stack
    return _Preview()
