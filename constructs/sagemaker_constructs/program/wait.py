"""Defines the wait for one job: what a program asks for, and what is known of it meanwhile."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sagemaker_constructs.program.status_row import StatusRow
    from sagemaker_constructs.results.logs import Logs

TIMEOUT = "timeout"
"""Why a wait ended before its job: its own `timeout`. Any other reason is a sentence."""


@dataclass(slots=True)
class Wait:
    """The wait for one job."""

    training_job_name: str
    row: StatusRow | None = None
    """Where the progress is shown, if anywhere."""
    timeout: float | None = None
    """Seconds."""
    logs: Logs | None = None
    secret_members: Sequence[str] = ()
    may_be_new: bool = False
    """Whether this update may have started the job: DescribeTrainingJob may not find it at first."""
    began: float = 0.0
    """When the wait began, in seconds of the clock."""
    found: bool = False
    """Whether a poll found the job."""
    running: bool = False
    """Whether a poll saw the job running; otherwise no progress is shown."""
    over: asyncio.Future[str | None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
