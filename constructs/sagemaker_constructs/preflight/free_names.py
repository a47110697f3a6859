"""Looks up with a few calls which names of hundreds of jobs are free, so that only jobs that exist are described.

Input: the declarations of jobs that start in one place. Output: a reader that has no job under a name that is free. A
few jobs are described one by one: Search may not know yet a job that was created seconds ago, DescribeTrainingJob does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sagemaker_constructs.aws.protocols import ExistingJobs
from sagemaker_constructs.reconcile.looking_ahead import first_names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sagemaker_constructs.aws.account import AccountReader
    from sagemaker_constructs.aws.answers import ExistingJob
    from sagemaker_constructs.reconcile.bag import Properties

ONE_BY_ONE = 20
"""Jobs that are described one by one at most."""


def free_names(reader: AccountReader, declared: Iterable[Properties]) -> frozenset[str]:
    """The names of declarations that no job has. Raises ServiceError."""
    names = frozenset(name for each in declared for name in first_names(each))
    return names - reader.in_use(sorted(names))


@dataclass(frozen=True, slots=True)
class BesidesFree(ExistingJobs):
    """The jobs of a reader, which is not asked for the names that are free."""

    reader: AccountReader
    free: frozenset[str]

    def describe(self, name: str) -> ExistingJob | None:
        """DescribeTrainingJob."""
        return None if name in self.free else self.reader.describe(name)

    def tags(self, arn: str) -> dict[str, str]:
        """ListTags."""
        return self.reader.tags(arn)
