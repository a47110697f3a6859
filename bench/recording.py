"""What a terminal shows while three jobs run: frames as text, for the docs.

Input: nothing; the file to write may be given (default `docs/recording.md`). Output: that file. The frames are those
of a real `pulumi up` on the local AWS, in a pseudo-terminal that this module reads as a terminal would.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import sys
import tempfile
import termios
import time
from dataclasses import dataclass, field
from pathlib import Path

from localaws.trial import Trial

WIDTH, HEIGHT = 132, 40
FRAME_SECONDS = 3.0
"""Between one frame and the next."""

_PROGRAM = """\
import pulumi
from sagemaker_constructs import (
    AlgorithmSpecification, CheckpointConfig, OutputDataConfig, ResourceConfig, TrainingJob, TrainingJobSpec,
)

SPOT = {
    "enable_managed_spot_training": True,
    "checkpoint_config": CheckpointConfig(s3_uri="s3://recorded/checkpoints"),
    "stopping_condition": {"max_runtime_in_seconds": 3600, "max_wait_time_in_seconds": 7200},
}
for name, seconds in {"penguins": 9, "seals": 15, "whales": 12}.items():
    spec = TrainingJobSpec(
        algorithm_specification=AlgorithmSpecification(
            training_image="123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1",
            training_input_mode="File",
            metric_definitions=[{"name": "loss", "regex": "loss=([0-9.]+)"}],
        ),
        environment={"LOCALAWS_SECONDS": seconds},
        output_data_config=OutputDataConfig(s3_output_path="s3://recorded/models"),
        resource_config=ResourceConfig(instance_type="ml.m5.large", instance_count=1, volume_size_in_gb=10),
        role_arn="arn:aws:iam::123456789012:role/recorded",
        **(SPOT if name == "whales" else {}),
    )
    TrainingJob(name, spec).result()
"""

_PARTS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r|\n|[^\x1b\r\n]+")
_QUESTIONS = re.compile(r"\x1b\].*?(?:\x07|\x1b\\)")
"""What a program asks the terminal, such as its background's colour; not shown."""

_INTRODUCTION = """\
# A run of three jobs, as a terminal shows it

Written by `python -m bench.recording`. Each frame is the whole screen at that second of a real `pulumi up`; the rows
of the results are there from the moment that their jobs run, before the results themselves are created. The jobs are
of the local AWS and take seconds; the whales train on spot capacity, which is reclaimed once.
"""


@dataclass
class Screen:
    """The part of a terminal that Pulumi's display uses: lines, and a cursor that goes up again."""

    lines: list[str] = field(default_factory=lambda: [""])
    row: int = 0
    column: int = 0

    def feed(self, text: str) -> None:
        """Take in what was printed."""
        for part in _PARTS.findall(_QUESTIONS.sub("", text)):
            if part == "\n":
                self.row += 1
                self.column = 0
                while len(self.lines) <= self.row:
                    self.lines.append("")
            elif part == "\r":
                self.column = 0
            elif part.startswith("\x1b"):
                self._control(part[2:-1], part[-1])
            else:
                line = self.lines[self.row].ljust(self.column)
                self.lines[self.row] = line[: self.column] + part + line[self.column + len(part) :]
                self.column += len(part)

    def _control(self, number: str, kind: str) -> None:
        if kind == "A":
            self.row = max(0, self.row - int(number or 1))
        elif kind == "K":
            self.lines[self.row] = self.lines[self.row][: self.column]
        elif kind == "J":
            del self.lines[self.row + 1 :]
            self.lines[self.row] = self.lines[self.row][: self.column]

    def text(self) -> str:
        """What stands on it."""
        return "\n".join(line.rstrip() for line in self.lines).strip("\n")


def frames(trial: Trial) -> list[tuple[int, str]]:
    """The screens of an `up` of the trial, with the second of each; the last one is the end."""
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(trial.root)
        environment = {name: value for name, value in trial.environment().items() if name not in ("CI", "NO_COLOR")}
        command = trial.command("up", "--stack", "trial", "--yes", "--skip-preview", "--color", "never")
        os.execvpe(command[0], command, {**environment, "TERM": "xterm"})
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))
    screen, taken, began = Screen(), list[tuple[int, str]](), time.monotonic()
    while True:
        try:
            text = os.read(terminal, 65536).decode(errors="replace")
        except OSError:  # the terminal is closed
            break
        screen.feed(text)
        if "TrainingJob" not in screen.text():
            began = time.monotonic()
            continue
        seconds = time.monotonic() - began
        if not taken or seconds - taken[-1][0] >= FRAME_SECONDS:
            taken.append((int(seconds), screen.text()))
    os.waitpid(process, 0)
    return [*taken, (int(time.monotonic() - began), screen.text().partition("\n\nResources:")[0])]


def record() -> str:
    """The document."""
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(Path(folder), {}, prelude="")
        try:
            trial.furnish(bucket="recorded", role="recorded")
            reclaimed = {"kind": "interrupt", "operation": "CreateTrainingJob", "match": "whales-*"}
            trial._ask("POST", "faults", reclaimed)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
            trial.program(_PROGRAM)
            trial.run("stack", "init", "trial")
            taken = frames(trial)
        finally:
            trial.end()
    blocks = [f"## Second {second}\n\n```text\n{text}\n```\n" for second, text in taken]
    return "\n".join([_INTRODUCTION, *blocks])


if __name__ == "__main__":
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/recording.md")
    target.write_text(record())
    print(f"wrote {target}")
