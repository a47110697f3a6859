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

    from sagemaker_constructs.preflight.starting_job import StartingJob


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
        job = _Declared(resource, id_, properties, own_role=own_role)
        preview = _preview_of(pulumi.runtime.get_root_resource())
        Output.from_input(job.require_account())
        Output.from_input(preview.examine(preview.declare(), job, look=look))


def announce_fallback(resource: pulumi.Resource, id_: Output[str], properties: Mapping[str, Any]) -> None:
    """Announce in a preview what a new fallback may start; returns at once."""
    if pulumi.runtime.is_dry_run():
        Output.from_input(_Declared(resource, id_, properties, own_role=False).announce_as_fallback())


class _Declared:
    """A job of the program, of which it is not known yet whether it starts."""

    def __init__(
        self, resource: pulumi.Resource, id_: Output[str], properties: Mapping[str, Any], *, own_role: bool
    ) -> None:
        self._resource = resource
        self._id = id_
        self._properties = properties
        self._own_role = own_role

    async def starting(self) -> StartingJob | None:
        """The job, when it is registered; None for one that stays as it is or is changed in place."""
        if await self._id.is_known():
            return None
        from sagemaker_constructs.preflight.starting_job import starting_job  # noqa: PLC0415  where a job starts

        return await starting_job(self._resource, self._properties, own_role=self._own_role)

    async def require_account(self) -> None:
        """Reject credentials with which the job cannot start."""
        if not await self._id.is_known():
            from sagemaker_constructs.preflight.account_check import require_account  # noqa: PLC0415  where a job starts

            await require_account(self._resource.pulumi_resource_name, self._properties)

    async def announce_as_fallback(self) -> None:
        """Announce what the job would start as a fallback."""
        if job := await self.starting():
            from sagemaker_constructs.preflight.examination import announce_run_of_fallback  # noqa: PLC0415

            announce_run_of_fallback(job)


class _Preview:
    """The jobs of one run of a program, and what was said of them."""

    def __init__(self) -> None:
        self._declared = 0
        self._awaited: set[int] = set()
        self._arrived: dict[int, StartingJob] = {}
        self._said: set[str] = set()

    def declare(self) -> int:
        """Take a job up that is to be examined; its number."""
        self._declared += 1
        self._awaited.add(self._declared)
        return self._declared

    async def examine(self, number: int, job: _Declared, *, look: bool) -> None:
        """Announce a job, and with it all others that wait, as soon as the last of them is known."""
        found: StartingJob | None = None
        try:
            found = await job.starting()
        finally:  # where one cannot be registered, the others do not wait for it
            self._awaited.remove(number)
            if found and look and found.place:
                self._arrived[number] = found
            elif found:
                from sagemaker_constructs.preflight.examination import announce  # noqa: PLC0415  where a job starts

                announce(found)
            if self._arrived and not self._awaited:
                from sagemaker_constructs.preflight.examination import Examination  # noqa: PLC0415

                arrived, self._arrived = self._arrived, {}
                await Examination([arrived[each] for each in sorted(arrived)], self._said).run()


@lru_cache(maxsize=1)
def _preview_of(stack: pulumi.Resource | None) -> _Preview:
    """The preview of a stack's program; a program may run several times in one process."""
    del stack
    return _Preview()
