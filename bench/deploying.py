"""How long the engine takes with declared jobs, beside as many dynamic resources that do nothing."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bench.programs import declared, nothing
from bench.project import project
from bench.table import Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import ModuleType

_RUNS = 3
TITLE = f"Seconds of a whole command, by the number of jobs; the fastest of {_RUNS}, taken in turn with the baseline"


def measure(counts: Iterable[int] = (1, 20, 100)) -> Iterator[Row]:
    """The first `up`, which starts every job, then a preview with nothing to do."""
    for count in counts:
        runs = [(_seconds(declared, count), _seconds(nothing, count)) for _ in range(_RUNS)]
        for command in runs[0][0]:
            ours, theirs = (min(run[command] for run in each) for each in zip(*runs, strict=True))
            yield Row(f"{command} of {count}", ours, "s", theirs, "do-nothing resources")


def _seconds(program: ModuleType, count: int) -> dict[str, float]:
    taken: dict[str, float] = {}
    with project(program, count) as trial:
        for command, run in {"up": trial.up, "unchanged preview": trial.preview}.items():
            start = time.perf_counter()
            run()
            taken[command] = time.perf_counter() - start
    return taken
