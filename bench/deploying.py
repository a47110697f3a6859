"""How long the engine takes with declared jobs, beside as many dynamic resources that do nothing."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bench.programs import declared, nothing
from bench.project import project
from bench.table import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

TITLE = "Seconds of a whole command, by the number of jobs"
_PREVIEWS = 3


def measure(counts: Iterable[int] = (1, 20, 100)) -> Iterator[Row]:
    """The first `up`, which starts every job, and the fastest of three previews with nothing to do."""
    for count in counts:
        with project(declared, count) as jobs, project(nothing, count) as nothings:
            yield Row(f"up of {count}", _seconds(jobs.up), "s", _seconds(nothings.up), "do-nothing resources")
            previews = [(_seconds(jobs.preview), _seconds(nothings.preview)) for _ in range(_PREVIEWS)]
            ours, theirs = (min(times) for times in zip(*previews, strict=True))
            yield Row(f"unchanged preview of {count}", ours, "s", theirs, "do-nothing resources")


def _seconds(command: Callable[..., object]) -> float:
    start = time.perf_counter()
    command()
    return time.perf_counter() - start
