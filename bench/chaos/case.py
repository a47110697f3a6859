"""Judges one trial: which of its jobs were lost, started twice, or stopped by somebody else's stack.

Input: the jobs that run, what the states record, how many jobs were started, what the commands printed. Output: a
`Case` that says what was wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from localaws.trial import Outcome


WRONG = ("lost", "duplicated", "stopped", "failed")
"""What can be wrong: attributes of a `Case`."""


@dataclass
class Case:
    """One trial."""

    kind: str
    """The row of the table."""
    what: str
    """What is peculiar to it."""
    number: int
    said: str = ""
    """What the commands on its jobs printed, of both stacks."""
    lost: set[str] = field(default_factory=set[str])
    """Jobs that run and that no state has, or that a state has and that do not run."""
    named: set[str] = field(default_factory=set[str])
    """The same, but a command has told the user which job it is and that it runs."""
    duplicated: set[str] = field(default_factory=set[str])
    """Jobs that were started more than once for one configuration of one resource."""
    stopped: set[str] = field(default_factory=set[str])
    """Jobs of the other stack that this one has stopped."""
    failed: list[str] = field(default_factory=list[str])
    """Commands that failed although nothing went wrong any more."""

    @property
    def own(self) -> str:
        """The resource that only this stack declares."""
        return f"own-{self.number:03}"

    @property
    def twin(self) -> str:
        """The resource that both stacks declare alike; the other stack has started its job."""
        return f"twin-{self.number:03}"

    @property
    def right(self) -> bool:
        """Whether nothing was wrong."""
        return not self.wrong

    @property
    def wrong(self) -> str:
        """What was wrong; empty where nothing was."""
        return "; ".join(f"{name}: {', '.join(sorted(found))}" for name in WRONG if (found := getattr(self, name)))

    def heard(self, outcome: Outcome, *, expect: bool = True) -> None:
        """Note what a command printed, and that it failed where it had no reason to."""
        self.said += outcome.text
        if expect and outcome.code:
            self.failed.append(" ".join(line.strip() for line in outcome.text.splitlines() if "error" in line.lower()))

    def compare(self, running: Iterable[str], recorded: Mapping[str, str]) -> None:
        """Compare the jobs that run with what this stack records."""
        astray = of(running, self.own) ^ {name for resource, name in recorded.items() if resource == self.own}
        self._astray(astray)

    def compare_beside(self, running: Iterable[str], recorded: Mapping[str, str]) -> None:
        """The stack is destroyed, the other one is not: compare the jobs that run with what that one records."""
        self.compare(running, {})
        self.stopped |= {recorded[self.twin]} - set(running)

    def compare_end(self, running: Iterable[str]) -> None:
        """Both stacks are destroyed: no job runs."""
        self._astray(of(running, self.own) | of(running, self.twin))

    def count(self, started: Mapping[tuple[str, str], int]) -> None:
        """Note the configurations for which more than one job was started, whoever did it."""
        self.duplicated |= {
            f"{resource}, version {version}: {times} jobs"
            for (resource, version), times in started.items()
            if resource in (self.own, self.twin) and times > 1
        }

    def _astray(self, jobs: set[str]) -> None:
        named = {job for job in jobs if is_named(job, self.said)}
        self.named |= named
        self.lost |= jobs - named - self.named


def of(jobs: Iterable[str], resource: str) -> set[str]:
    """The jobs of a resource, by their names."""
    return {job for job in jobs if job.startswith(f"{resource}-")}


def is_named(job: str, said: str) -> bool:
    """Whether a text tells how to stop a job, or that it keeps running."""
    return any(
        f"stop-training-job --training-job-name {job} " in line or (f"job {job} " in line and "keeps running" in line)
        for line in said.splitlines()
    )
