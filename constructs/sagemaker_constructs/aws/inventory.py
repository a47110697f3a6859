"""Finds the jobs of a stack with a few Search calls for hundreds.

Input: `TrainingJobs` and the stack that owns them. Output: one job at a time.
"""

from __future__ import annotations

import math
import threading
import time
from typing import TYPE_CHECKING

from sagemaker_constructs.aws.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sagemaker_constructs.aws.answers import ExistingJob
    from sagemaker_constructs.aws.protocols import TrainingJobs

FRESH = 30.0
"""Seconds for which an answer of Search is used."""
PAGES = 10
"""Pages of Search that are read, a hundred jobs each, the newest first. A stack keeps its history for ever; a present
job that is older than a thousand others is described."""


class Inventory:
    """Looks a job up among those that its stack owns; describes it only where it is not among them."""

    def __init__(self, jobs: TrainingJobs, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._jobs = jobs
        self._clock = clock
        self._lock = threading.Lock()
        self._owned: dict[str, dict[str, ExistingJob]] = {}
        self._until: dict[str, float] = {}

    def find(self, name: str, owner: str) -> ExistingJob | None:
        """The job, with its tags where Search gave it; None where there is none. Raises ServiceError."""
        return self.owned(name, owner) or self._jobs.describe(name)

    def owned(self, name: str, owner: str) -> ExistingJob | None:
        """The job, if Search returns it among those of its owner; no other call."""
        return self._owned_by(owner).get(name)

    def was_found(self, name: str, owner: str) -> bool:
        """Whether an answer of Search, however old, has the job; no call."""
        return name in self._owned.get(owner, {})

    def _owned_by(self, owner: str) -> dict[str, ExistingJob]:
        with self._lock:  # those who come meanwhile wait for the one answer instead of asking too
            if self._clock() > self._until.get(owner, -math.inf):
                try:
                    self._owned[owner] = {job.name: job for job in self._search(owner)} if owner else {}
                except ServiceError as error:
                    if not (error.no_access or error.no_search):
                        raise
                    self._owned[owner] = {}  # who may not search may still describe
                self._until[owner] = self._clock() + FRESH
            return self._owned[owner]

    def _search(self, owner: str) -> Iterator[ExistingJob]:
        page: str | None = None
        for _ in range(PAGES):
            found, page = self._jobs.search(owner, page)
            yield from found
            if page is None:
                return
