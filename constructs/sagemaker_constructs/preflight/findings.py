"""Groups what several jobs have in common.

Input: findings with the jobs that have them. Output: each finding once, with its jobs in the order in which they came.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_MOST = 5
"""Resources, and other jobs, that a sentence lists."""

_Job = TypeVar("_Job")


class Finding(NamedTuple):
    """A sentence about a job. Findings that differ in their resources alone are one."""

    sentence: str
    """With `{}` where the resources are to stand, if there are any."""
    resources: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The whole sentence."""
        return self.sentence.replace("{}", listed(self.resources)) if self.resources else self.sentence

    def changed(self, change: Callable[[str], str]) -> Finding:
        """The finding with its texts changed, as by a mask."""
        return Finding(change(self.sentence), tuple(map(change, self.resources)))


def grouped(found: Iterable[tuple[Finding, _Job]]) -> Mapping[Finding, list[_Job]]:
    """Each finding once, with its jobs and with the resources of all of them."""
    resources: dict[str, dict[str, None]] = {}
    jobs: dict[str, list[_Job]] = {}
    for finding, job in found:
        resources.setdefault(finding.sentence, {}).update(dict.fromkeys(finding.resources))
        jobs.setdefault(finding.sentence, []).append(job)
    return {Finding(sentence, tuple(resources[sentence])): each for sentence, each in jobs.items()}


def listed(names: Iterable[str]) -> str:
    """The first few, and how many more there are."""
    given = list(names)
    more = [f"{len(given) - _MOST} more"] if len(given) > _MOST + 1 else []
    return ", ".join([*(given[:_MOST] if more else given), *more])
