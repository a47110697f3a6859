"""An account with two people in it who do not know of each other, and whose stacks have the same names.

Output: `Account`: a local AWS behind a faulty proxy, two clones of one project, and the jobs that were started.
"""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bench.chaos.clone import Clone
from localaws.faulty_proxy import FaultyProxy
from localaws.trial import Trial

if TYPE_CHECKING:
    from collections.abc import Generator

_SECONDS = {"LOCALAWS_JOB_SECONDS": "36000", "LOCALAWS_STOP_SECONDS": "0.2"}


@dataclass(frozen=True)
class Account:
    """Organization, project and stack have the same names in both clones; only the first one meets faults."""

    aws: Trial
    proxy: FaultyProxy
    ours: Clone
    theirs: Clone
    started: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    """How many jobs were started, by resource and version."""

    def running(self) -> set[str]:
        """The jobs that cost money now."""
        return {name for name, status in self.aws.jobs().items() if status == "InProgress"}

    def calm(self) -> None:
        """Let nothing go wrong any more, and count the jobs that were started meanwhile."""
        effects = list(self.proxy.effects)
        self.proxy.right()
        for operation, request in effects:
            if operation == "CreateTrainingJob":
                resource = "-".join(request["TrainingJobName"].split("-")[:2])
                self.started[resource, request["HyperParameters"]["version"]] += 1


@contextmanager
def account() -> Generator[Account]:
    """A new account; nothing of it is left afterwards."""
    with TemporaryDirectory() as folder:
        roots = [Path(folder) / name for name in ("aws", "ours", "theirs")]
        for root in roots:
            root.mkdir()
        aws = Trial(roots[0], _SECONDS)
        try:
            aws.furnish()
            with FaultyProxy(aws.endpoint).listening() as proxy:
                ours, theirs = (Clone(root, aws.endpoint, proxy.url) for root in roots[1:])
                yield Account(aws, proxy, ours, theirs)
        finally:
            aws.end()
