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
"""Pages of Search that are read at once, a hundred jobs each, the newest first."""


class Inventory:
    """Looks a job up among those that its stack owns; describes it only where it is not among them.

    A stack keeps its history for ever, so a job that is older than a thousand others is not among the pages that are
    read at once. Each look for such a job reads one more page, which costs as much as to describe it and has a hundred.
    """

    def __init__(self, jobs: TrainingJobs, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._jobs = jobs
        self._clock = clock
        self._lock = threading.Lock()
        self._owned: dict[str, dict[str, ExistingJob]] = {}
        self._pages: dict[str, Iterator[list[ExistingJob]]] = {}
        """Those that were not read yet, by owner."""
        self._until: dict[str, float] = {}

    def find(self, name: str, owner: str) -> ExistingJob | None:
        """The job, with its tags where Search gave it; None where there is none. Raises ServiceError."""
        return self.owned(name, owner) or self._on_next_page(name, owner) or self._jobs.describe(name)

    def owned(self, name: str, owner: str) -> ExistingJob | None:
        """The job, if the newest that Search returns of its owner have it; no other call."""
        return self._newest(owner).get(name)

    def was_found(self, name: str, owner: str) -> bool:
        """Whether an answer of Search, however old, has the job; no call."""
        return name in self._owned.get(owner, {})

    def runs(self, owner: str) -> list[ExistingJob]:
        """The newest jobs that Search returns of an owner."""
        return list(self._newest(owner).values())

    def _on_next_page(self, name: str, owner: str) -> ExistingJob | None:
        with self._lock:
            if name not in self._owned[owner]:
                self._read(owner)
            return self._owned[owner].get(name)

    def _newest(self, owner: str) -> dict[str, ExistingJob]:
        with self._lock:  # those who come meanwhile wait for the one answer instead of asking too
            if self._clock() > self._until.get(owner, -math.inf):
                self._owned[owner] = {}
                self._pages[owner] = self._search(owner) if owner else iter(())
                for _ in range(PAGES):
                    self._read(owner)
                self._until[owner] = self._clock() + FRESH
            return self._owned[owner]

    def _read(self, owner: str) -> None:
        """Read a page, if there is one more; who may not search may still describe."""
        try:
            self._owned[owner].update({job.name: job for job in next(self._pages[owner], [])})
        except ServiceError as error:
            if not (error.no_access or error.no_search):
                raise

    def _search(self, owner: str) -> Iterator[list[ExistingJob]]:
        found, page = self._jobs.search(owner, None)
        yield found
        while page is not None:
            found, page = self._jobs.search(owner, page)
            yield found
