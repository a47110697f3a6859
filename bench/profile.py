"""Where the time of an unchanged preview goes: in the program, in the provider and in the engine, each by itself.

`python -m bench.profile [jobs]`. Input: how many jobs. Output: the processor time of each part and, by function, where
the time is spent below it: of Python by py-spy, which samples all processes, of the engine by its own profiler.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from bench.deploying import used
from bench.processes import ENGINE, PROGRAM, PROVIDER, part_of
from bench.programs import declared
from bench.project import project

if TYPE_CHECKING:
    from collections.abc import Iterator

    from localaws.trial import Trial

_RATE = 250
"""Samples a second, of threads that hold the interpreter's lock: the others wait."""
_SHOWN = 25
_LINE = re.compile(r":\d+\)$")


def main(count: int) -> None:
    """Print the profile of a preview of so many jobs that exist."""
    with project(declared, count) as trial:
        trial.up()
        usage = used(trial, "preview")
        print(f"unchanged preview of {count} jobs: {usage.total:.2f} s of processor time")
        for part, seconds in usage.processor.items():
            print(f"  {part:<14} {seconds:6.2f} s {usage.memory[part]:6.0f} MB")
        samples = [*_python(trial)]
        for part in (PROGRAM, PROVIDER):
            _print(part, [(stack, times) for of, stack, times in samples if of == part])
        print(f"\n{ENGINE}\n{_engine(trial)}")


def _python(trial: Trial) -> Iterator[tuple[str, list[str], int]]:
    """Part, stack and number of samples."""
    output = trial.root / "samples"
    sampler = [str(Path(sys.executable).with_name("py-spy")), "record", "--subprocesses", "--gil", "--function"]
    sampler += ["--format", "raw", "--rate", str(_RATE), "--output", str(output), "--"]
    command = [*sampler, *trial.command("preview", "--stack", "trial")]
    subprocess.run(command, cwd=trial.root, env=trial.environment(), check=True, capture_output=True)
    for line in output.read_text().splitlines():
        stack, _, times = line.rpartition(" ")
        frames = stack.split(";")
        processes = [frame for frame in frames if frame.startswith("process ")]
        functions = [_LINE.sub(")", frame) for frame in frames if frame not in processes]
        if functions:
            yield part_of(processes[-1]), functions, int(times)


def _engine(trial: Trial) -> str:
    """The engine's own profile: functions by the time below them."""
    profile = trial.root / "profile"
    trial.preview("--profiling", str(profile))
    (written,) = trial.root.glob("profile.*.cpu")
    command = ["go", "tool", "pprof", "-top", "-cum", f"-nodecount={_SHOWN}", str(written)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _print(part: str, samples: list[tuple[list[str], int]]) -> None:
    own, below = Counter[str](), Counter[str]()
    for stack, times in samples:
        own[stack[-1]] += times
        below.update(dict.fromkeys(stack, times))
    whole = sum(own.values()) or 1
    for title, found in ((f"{part}: below a function", below), (f"{part}: in a function itself", own)):
        print(f"\n{title}")
        for function, times in found.most_common(_SHOWN):
            print(f"  {times / whole:6.1%} {function}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
