"""Processor time and memory of a command, by the part of it that each of its processes is.

Input: a command. Output: its `Usage`. The wall time of a shared machine says little; processor time says what was done.
The processes are looked at while they run, so the last twentieth of a second of one may not be seen.
"""

from __future__ import annotations

import subprocess
import time
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

ENGINE = "engine"
PROGRAM, PROVIDER = "program", "provider"
_PARTS: Mapping[str, str] = {
    "program.py": PROGRAM,
    "dynamic_provider.py": PROVIDER,
    "language_host": "language host",
    "localaws.plugin": "aws plugin",
}
"""By what stands on its command line, which process it is; the one that began it all is the engine."""
_LOOK, _SEARCH = 0.05, 0.1
"""Seconds between looks at the known processes, and between searches for new ones, which take longer."""


@dataclass
class Usage:
    """What a command has used."""

    seconds: float = 0.0
    """From its start to its end."""
    processor: dict[str, float] = field(default_factory=dict[str, float])
    """Seconds of processor time, by part."""
    memory: dict[str, float] = field(default_factory=dict[str, float])
    """The most memory that a process of the part had, in MB."""
    server: float = 0.0
    """Seconds of processor time that the local AWS took meanwhile, which is none of the parts."""
    printed: str = ""
    """What the command printed."""

    @property
    def total(self) -> float:
        """Processor time of all parts."""
        return sum(self.processor.values())


def part_of(command_line: str) -> str:
    """Which part of a command a process is."""
    return next((part for words, part in _PARTS.items() if words in command_line), ENGINE)


def usage_of(command: Sequence[str], folder: Path, environment: Mapping[str, str], *, server: int) -> Usage:
    """Run a command. Raises CalledProcessError, with what it printed, where it fails.

    Args:
        command: the command line.
        folder: where it runs.
        environment: its environment.
        server: the process of the local AWS.
    """
    began, before = time.monotonic(), _processor(psutil.Process(server))
    with TemporaryFile("w+") as output:  # a pipe that nobody reads would be full after some hundred lines
        with subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT) as process:
            seen = _watched(process)
            seconds = time.monotonic() - began
        output.seek(0)
        printed = output.read()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, [*command], printed)
    usage = Usage(seconds, server=_processor(psutil.Process(server)) - before, printed=printed)
    for part, processor, memory in seen:
        usage.processor[part] = usage.processor.get(part, 0.0) + processor
        usage.memory[part] = max(usage.memory.get(part, 0.0), memory)
    return usage


def _watched(process: subprocess.Popen[bytes]) -> Iterator[tuple[str, float, float]]:
    """Part, processor seconds and memory of each process, when the last of them has ended."""
    root = psutil.Process(process.pid)
    known: dict[int, psutil.Process] = {root.pid: root}
    seen: dict[int, tuple[str, float, float]] = {}
    searched = 0.0
    while process.poll() is None:
        if time.monotonic() - searched > _SEARCH:
            searched = time.monotonic()
            known |= {each.pid: each for each in _below(root) if each.pid not in known}
        for pid, each in known.items():
            try:
                part, _, memory = seen.get(pid, (ENGINE, 0.0, 0.0))
                if pid != root.pid and (words := each.cmdline()):  # one that has ended has none
                    part = part_of(" ".join(words))
                seen[pid] = (part, _processor(each), max(each.memory_info().rss / 1e6, memory))
            except psutil.Error:  # it has ended
                continue
        time.sleep(_LOOK)
    return iter(seen.values())


def _processor(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def _below(root: psutil.Process) -> list[psutil.Process]:
    try:
        return root.children(recursive=True)
    except psutil.Error:
        return []
