"""Reaches the jobs of a Region, and says once where the caller may not.

Input: how to connect to a Region. Output: jobs, their tags, and what a look-up finds where it is allowed.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, TypeVar

from sagemaker_constructs.api.deferred import is_deferred
from sagemaker_constructs.aws.errors import ServiceError
from sagemaker_constructs.aws.inventory import Inventory
from sagemaker_constructs.reconcile.presence import recorded_job

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sagemaker_constructs.aws.answers import ExistingJob
    from sagemaker_constructs.aws.protocols import Say, TrainingJobs
    from sagemaker_constructs.reconcile.bag import Properties

_Found = TypeVar("_Found")


class Access:
    """The training jobs of a stack, by Region and AWS settings.

    Args:
        connect: the jobs of a Region by stored settings, the same object for every call.
        say: how to tell the user.
    """

    def __init__(self, connect: Callable[[str, str | None], TrainingJobs], say: Say) -> None:
        self._connect = connect
        self._say = say
        self._inventories: dict[tuple[str, str | None], Inventory] = {}
        self._said = threading.Event()

    def jobs(self, properties: Properties) -> TrainingJobs:
        """The jobs of the Region and the account of a resource."""
        return self._connect(*_connection(properties))

    def is_known(self, properties: Properties) -> bool:
        """Whether Region and settings of a resource are known, so that its jobs can be looked up."""
        return not any(map(is_deferred, _connection(properties)))

    def find(self, name: str, recorded: Properties) -> ExistingJob | None:
        """The job that a resource has, with its tags where Search has returned it; None where it was deleted."""
        inventory = self._inventory(recorded)
        return recorded_job(lambda: inventory.find(name, recorded.options.owner), self.jobs(recorded), name, recorded)

    def own(self, name: str, declared: Properties) -> ExistingJob | None:
        """The job, if Search returns it among those of the stack; `find` then needs no further call."""
        return self._inventory(declared).owned(name, declared.options.owner)

    def was_found(self, name: str, declared: Properties) -> bool:
        """Whether Search has returned the job before; no call."""
        return self._inventory(declared).was_found(name, declared.options.owner)

    def runs(self, declared: Properties) -> list[ExistingJob]:
        """The jobs of the stack, as Search has returned them; none where the caller may not search."""
        return self._inventory(declared).runs(declared.options.owner)

    def _inventory(self, properties: Properties) -> Inventory:
        return self._inventories.setdefault(_connection(properties), Inventory(self.jobs(properties)))

    def described(self, name: str, recorded: Properties) -> ExistingJob | None:
        """The same, described: Search is eventually consistent, and on a run that ended another one may follow."""
        jobs = self.jobs(recorded)
        return recorded_job(lambda: jobs.describe(name), jobs, name, recorded)

    def tags(self, existing: ExistingJob, recorded: Properties) -> Mapping[str, str]:
        """The job's tags, which Search returns and DescribeTrainingJob does not."""
        return self.jobs(recorded).tags(existing.arn) if existing.tags is None else existing.tags

    def if_allowed(self, look_up: Callable[[], _Found | None]) -> _Found | None:
        """What a look-up finds; None where the caller may not look, which is said once."""
        try:
            return look_up()
        except ServiceError as error:
            if not error.no_access:
                raise
            if not self._said.is_set():
                self._said.set()
                self._say(f"jobs cannot be read, so the recorded state is compared. {error}", warning=True)
            return None


def _connection(properties: Properties) -> tuple[str, str | None]:
    return properties.region, properties.options.aws_settings
