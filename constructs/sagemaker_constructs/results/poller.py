"""Polls all awaited jobs with at most two API calls.

Input: the jobs' names. Output: the jobs that the poll saw. One or two jobs are described. Of more, those of the stack
come from Search, a hundred per call and with everything that a description has; the other call of the poll describes
one job: first those that Search does not find (jobs of other stacks, or a caller without permission to search), then
the one that was described longest ago, because AWS does not document how far Search's index may lag behind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sagemaker_constructs.aws.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sagemaker_constructs.aws.answers import ExistingJob
    from sagemaker_constructs.aws.protocols import TrainingJobs

CALLS = 2
"""Maximum API calls of a poll."""


class Poller:
    """Polls jobs. Not thread-safe."""

    def __init__(self, jobs: TrainingJobs, owner: str) -> None:
        self.jobs = jobs
        self.may_search = bool(owner)
        """Whether Search is available; without it a poll sees two jobs, so that hundreds are seen later."""
        self.polls = 0
        """How many polls there were."""
        self._owner = owner
        self._page: str | None = None
        self._found: set[str] = set()
        """Jobs that the present pass over the pages of Search has found."""
        self._not_found: set[str] = set()
        """Jobs that the last whole pass has not found."""
        self._described: dict[str, int] = {}

    def poll(self, names: Iterable[str], *, calls: int = CALLS) -> Mapping[str, ExistingJob | None]:
        """Some of the jobs, all of them after a few polls; None for a job that does not exist.

        Args:
            names: the awaited jobs.
            calls: API calls that this poll may make, one or two.

        Raises:
            ServiceError: AWS returned an error, or could not be reached.
        """
        self.polls += 1
        awaited = set(names)
        seen: dict[str, ExistingJob | None] = {}
        searches = self.may_search and len(awaited) > CALLS
        if searches and (calls > 1 or self.polls % 2 or not self._not_found & awaited):
            seen.update(self._search(awaited))
            calls -= 1
        running = awaited - {name for name, job in seen.items() if job is not None and job.ended}
        order = sorted(running, key=lambda name: (name not in self._not_found, self._described.get(name, 0), name))
        for name in order[:calls]:
            try:
                seen[name] = self.jobs.describe(name)
            except ServiceError as error:
                if not seen or not error.throttled:
                    raise
                break  # keep what was seen; this job comes first in the next poll
            self._described[name] = self.polls
        return seen

    def _search(self, awaited: set[str]) -> dict[str, ExistingJob]:
        """One page of the stack's jobs. A pass over the pages ends when it has found every awaited job."""
        try:
            page, following = self.jobs.search(self._owner, self._page)
        except ServiceError as error:
            if not error.no_search:
                raise
            self.may_search = False
            return {}
        seen = {job.name: job for job in page if job.name in awaited}
        self._found |= set(seen)
        self._page = following if awaited - self._found else None
        if self._page is None:
            self._not_found = awaited - self._found
            self._found = set()
        return seen
