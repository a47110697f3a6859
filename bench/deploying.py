"""What a command costs with declared jobs, beside as many other dynamic resources.

Those that do nothing have no properties: what Pulumi itself costs at least. Those with the properties of a job show how
much of the rest is Pulumi's way to carry properties between program, engine and provider, and those with its packages,
too, what a declared job costs at least. A plain provider starts and describes jobs with boto3, as one writes it first,
and validates, plans and finds nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.processes import PROVIDER, Usage, usage_of
from bench.programs import declared, nothing, packages, plain, properties
from bench.project import project
from bench.table import Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import ModuleType

    from localaws.trial import Trial

_COUNTS = {1: 3, 100: 2, 400: 1}
"""By the number of jobs, how often each command is measured."""
TITLE = "A whole command, by the number of jobs: the least of its runs, taken in turn with the baselines"

_BASELINES: Mapping[ModuleType, str] = {
    nothing: "do nothing",
    properties: "do nothing with a job's properties",
    packages: "the same with pydantic and botocore",
    plain: "plain provider with boto3",
}
_PROGRAMS = (declared, *_BASELINES)
_COMMANDS: Mapping[str, tuple[str, ...]] = {
    "up": ("up", "--yes", "--skip-preview"),
    "unchanged preview": ("preview",),
}


def measure(counts: Mapping[int, int] = _COUNTS) -> Iterator[Row]:
    """The first `up`, which starts every job, then a preview with nothing to do."""
    for count, times in counts.items():
        runs = [{program: _used(program, count) for program in _PROGRAMS} for _ in range(times)]
        for command in _COMMANDS:
            used = {program: [run[program][command] for run in runs] for program in _PROGRAMS}
            processor = {program: min(usage.total for usage in each) for program, each in used.items()}
            name, mine = f"{command} of {count}", processor[declared]
            server = min(usage.server for usage in used[declared])
            for program, beside in _BASELINES.items():
                without = f"{name}: processor, without {server:.1f} s of the local AWS"
                yield Row(without, mine, "s", processor[program], beside)
            clock = {program: min(usage.seconds for usage in each) for program, each in used.items()}
            yield Row(f"{name}: by the clock", clock[declared], "s", clock[nothing], "do nothing")
            memory = {program: max(usage.memory.get(PROVIDER, 0) for usage in each) for program, each in used.items()}
            yield Row(f"{name}: most memory of the provider", memory[declared], "MB", memory[nothing], "do nothing")


def _used(program: ModuleType, count: int) -> dict[str, Usage]:
    with project(program, count) as trial:
        return {command: used(trial, *words) for command, words in _COMMANDS.items()}


def used(trial: Trial, *words: str, environment: Mapping[str, str] | None = None) -> Usage:
    """What a command of Pulumi uses in a trial."""
    command = trial.command(words[0], "--stack", "trial", *words[1:])
    return usage_of(command, trial.root, trial.environment(environment), server=trial.server_process)
