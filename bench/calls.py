"""How often the engine calls AWS for declared jobs, beside a plain provider that describes each job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.programs import declared, plain
from bench.project import project
from bench.table import Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from types import ModuleType

TITLE = "Service calls of a command, by the number of jobs"


def measure(counts: Iterable[int] = (1, 100, 500)) -> Iterator[Row]:
    """A first preview, an `up` that starts every job, then a preview and a refresh with nothing to do."""
    for count in counts:
        ours, theirs = _calls(declared, count), _calls(plain, count)
        for command, called in ours.items():
            operations = ", ".join(f"{times} {name.rpartition('.')[2]}" for name, times in called.items())
            baseline = sum(theirs[command].values())
            yield Row(f"{command} of {count}: {operations}", sum(called.values()), "calls", baseline, "plain provider")


def _calls(program: ModuleType, count: int) -> dict[str, Mapping[str, int]]:
    called: dict[str, Mapping[str, int]] = {}
    with project(program, count) as trial:
        commands = {"first preview": trial.preview, "up": trial.up, "preview": trial.preview, "refresh": trial.refresh}
        for command, run in commands.items():
            trial.forget_calls()
            run()
            called[command] = trial.calls()
    return called
