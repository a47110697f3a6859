"""Waits in the program for a training job to end, before its result is registered with the engine.

Input: the job's name, its Region, and how to show the progress. Output: None, or why the wait ended before the job.
A wait occupies neither a worker of the engine nor a thread of the provider process, for any number of waits. The
first Ctrl-C ends the program and so every wait, with a warning of the jobs that keep running; no resource is left
half-made, because none was registered. What polls is loaded with the first wait: a preview has none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi

from sagemaker_constructs.program.mocks import with_mocks

if TYPE_CHECKING:
    from collections.abc import Callable

    from sagemaker_constructs.program.wait import Wait


async def until_ended(wait: Callable[[], Wait], region: str, owner: str, stored: str | None = None) -> str | None:
    """Return when the job has ended or does not exist; why the wait ended before, if it did.

    Returns at once in a preview, and in unit tests of a program.

    Args:
        wait: makes the wait.
        region: the job's Region.
        owner: the stack, whose jobs are found by one search.
        stored: the AWS settings that the job stores. None: the stack's.
    """
    if pulumi.runtime.is_dry_run() or with_mocks():
        return None
    from sagemaker_constructs.program.region_waits import waits_of  # noqa: PLC0415  where something is waited for

    return await waits_of(region, owner, stored).wait(wait())
