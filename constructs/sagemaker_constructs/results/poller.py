"""One look at all jobs that are waited for: two service calls at most, however many there are.

Input: the names. Output: what was seen of them. One or two jobs are described. Of more, those of the stack come from
Search, a hundred a call and with everything that a description has; the other call of the look describes one job:
first those that Search does not find (jobs of others, or a caller who may not search), then the one that was
described longest ago, for nothing says how far Search's index may lag behind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sagemaker_constructs.aws.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sagemaker_constructs.aws.answers import ExistingJob
    from sagemaker_constructs.aws.protocols import TrainingJobs

CALLS = 2
"""Service calls of a look at most."""


class Lookout:
    """Looks at jobs. Not for several threads at once."""

    def __init__(self, jobs: TrainingJobs, owner: str) -> None:
        self.jobs = jobs
        self.may_search = bool(owner)
        """Whether Search answers; without it a look sees two jobs, so that hundreds are seen later."""
        self._owner = owner
        self._page: str | None = None
        self._in_sweep: set[str] = set()
        self._not_found: set[str] = set()
        self._described: dict[str, int] = {}
        self._looks = 0

    def look(self, names: Iterable[str], *, calls: int = CALLS) -> Mapping[str, ExistingJob | None]:
        """Some of the jobs, all of them after a few looks; None for a job that does not exist.

        Args:
            names: the jobs that are waited for.
            calls: service calls that this look may make, one or two.

        Raises:
            ServiceError: AWS refuses, or cannot be reached.
        """
        self._looks += 1
        wanted = set(names)
        seen: dict[str, ExistingJob | None] = {}
        searches = self.may_search and len(wanted) > CALLS
        if searches and (calls > 1 or self._looks % 2 or not self._not_found & wanted):
            seen.update(self._search(wanted))
            calls -= 1
        running = wanted - {name for name, job in seen.items() if job is not None and job.ended}
        order = sorted(running, key=lambda name: (name not in self._not_found, self._described.get(name, 0), name))
        for name in order[:calls]:
            try:
                seen[name] = self.jobs.describe(name)
            except ServiceError as error:
                if not seen or not error.throttled:
                    raise
                break  # what was seen counts; this one comes first the next time
            self._described[name] = self._looks
        return seen

    def _search(self, wanted: set[str]) -> dict[str, ExistingJob]:
        """One page of the stack's jobs. A sweep over the pages ends when it has seen every job that is wanted."""
        try:
            found, following = self.jobs.search(self._owner, self._page)
        except ServiceError as error:
            if not error.no_search:
                raise
            self.may_search = False
            return {}
        seen = {job.name: job for job in found if job.name in wanted}
        self._in_sweep |= set(seen)
        self._page = following if wanted - self._in_sweep else None
        if self._page is None:
            self._not_found = wanted - self._in_sweep
            self._in_sweep = set()
        return seen
