"""Holds the server's own state, beside moto's: identity, faults, counts of calls, training jobs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from localaws.server.calls import Counts
from localaws.server.faults import Faults

if TYPE_CHECKING:
    from localaws.server.training.jobs import Jobs


@dataclass(frozen=True)
class State:
    """The state that the application writes and the control routes show.

    Attributes:
        jobs: The training jobs.
        faults: The faults in force.
        counts: How often each operation was called.
        identity: Process, port, version and start, once the server is bound.
    """

    jobs: Jobs
    faults: Faults = field(default_factory=Faults)
    counts: Counts = field(default_factory=Counts)
    identity: dict[str, Any] = field(default_factory=dict[str, Any])
