"""Kills `pulumi up` and `pulumi destroy` at many points, runs them again, and counts the jobs.

`make chaos` prints one line a kill and a table at the end. What must hold after every kill and repeat: exactly one
running or completed job for the configuration, recorded in the state; after a destroy, none that still runs.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from localaws.trial import Trial

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECONDS_TO_WAIT = 30.0
"""Until a point that never comes is given up, and the command killed wherever it is."""
PROGRAM = """
import pulumi
from sagemaker_constructs import AlgorithmSpecification, OutputDataConfig, ResourceConfig, TrainingJob, TrainingJobSpec

TrainingJob("model", TrainingJobSpec(
    role_arn="arn:aws:iam::123456789012:role/trial",
    algorithm_specification=AlgorithmSpecification(
        training_image="123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1", training_input_mode="File"),
    hyper_parameters={"version": pulumi.Config().require("version")},
    output_data_config=OutputDataConfig(s3_output_path="s3://trial-data/models"),
    resource_config=ResourceConfig(instance_type="ml.m5.large", instance_count=1, volume_size_in_gb=1),
), on_delete="delete")
"""


@dataclass(frozen=True)
class Point:
    """Where a command is killed."""

    name: str
    reached: Callable[[Trial, float, int], bool]
    """Given the trial, the seconds since the command began, and how many jobs were alive then."""
    delayed: str | None = None
    """An operation that the server holds for a second, so that the point can be met."""


def _called(operation: str) -> Callable[[Trial, float, int], bool]:
    return lambda trial, _elapsed, _before: trial.calls().get(f"SageMaker.{operation}", 0) > 0


def _job_appeared(trial: Trial, _elapsed: float, before: int) -> bool:
    return trial.calls().get("SageMaker.CreateTrainingJob", 0) > 0 and len(_alive(trial)) > before


def _after(seconds: float) -> Callable[[Trial, float, int], bool]:
    return lambda _trial, elapsed, _before: elapsed > seconds


UP = (
    Point("before CreateTrainingJob is answered, job not made", _called("CreateTrainingJob"), "CreateTrainingJob"),
    Point("the job was made, the answer is on its way", _job_appeared),
    Point("while looking for the job", _called("DescribeTrainingJob"), "DescribeTrainingJob"),
    *(Point(f"{seconds:.1f} s after the start", _after(seconds)) for seconds in (0.4, 0.8, 1.2, 1.6, 2.0, 2.4, 2.8)),
)
DESTROY = (
    Point("while the job is stopped", _called("StopTrainingJob"), "StopTrainingJob"),
    Point("while the record is deleted", _called("DeleteTrainingJob"), "DeleteTrainingJob"),
    *(Point(f"{seconds:.1f} s after the start", _after(seconds)) for seconds in (0.4, 0.8, 1.2)),
)
VICTIMS = ("engine", "all")
"""Whom the kill meets: the engine alone, so that its plugin runs on for a moment, or every process of the command."""


@dataclass(frozen=True)
class Kill:
    """One line of the table."""

    command: str
    point: str
    victims: str
    right: bool
    found: str


def main() -> int:
    """Run the kills; exit code 1 where one of them lost or doubled a job."""
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(Path(folder), {"LOCALAWS_JOB_SECONDS": "600", "LOCALAWS_STOP_SECONDS": "0.2"})
        trial.program(PROGRAM)
        try:
            trial.furnish()
            done = list(_kills(trial, _plan()))
        finally:
            trial.end()
    return _table(done)


def _plan() -> list[tuple[str, Point, str]]:
    """Every point of every command, with either kind of victims."""
    return [
        *((command, point, victims) for victims in VICTIMS for point in UP for command in ("first up", "replacing up")),
        *(("destroy", point, victims) for victims in VICTIMS for point in DESTROY),
    ]


def _kills(trial: Trial, plan: list[tuple[str, Point, str]]) -> Iterator[Kill]:
    for number, (command, point, victims) in enumerate(plan, start=1):
        trial.config("version", str(number))
        if command == "first up":
            trial.destroy()
        if command == "destroy":
            trial.up()
        _kill(trial, "destroy" if command == "destroy" else "up", point, victims)
        (trial.destroy if command == "destroy" else trial.up)()
        kill = _judge(trial, command, point, victims)
        result = "right" if kill.right else f"WRONG: {kill.found}"
        sys.stdout.write(f"{number:3} of {len(plan)}: {command}, {point.name}, {victims}: {result}\n")
        sys.stdout.flush()
        yield kill


def _kill(trial: Trial, command: str, point: Point, victims: str) -> None:
    trial.forget_calls()
    before = len(_alive(trial))
    if point.delayed:
        trial.fault("delay", point.delayed, times=1, seconds=1.0)
    process = subprocess.Popen(
        trial.command(command, "--stack", "trial", "--yes", "--skip-preview"),
        cwd=trial.root,
        env=trial.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    began = time.monotonic()
    while process.poll() is None:
        elapsed = time.monotonic() - began
        if point.reached(trial, elapsed, before) or elapsed > SECONDS_TO_WAIT:
            break
        time.sleep(0.002)
    family = [psutil.Process(process.pid)] if process.poll() is None else []
    if victims == "all" and family:
        family += family[0].children(recursive=True)
    for each in family:
        try:
            os.kill(each.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue  # it ended on its own meanwhile
    process.wait()
    trial.clear_faults()


def _alive(trial: Trial) -> list[str]:
    return [name for name, status in trial.jobs().items() if status in ("InProgress", "Completed")]


def _judge(trial: Trial, command: str, point: Point, victims: str) -> Kill:
    alive = _alive(trial)
    recorded = [
        resource["outputs"]["training_job_name"]
        for resource in trial.resources()
        if resource["type"].endswith("TrainingJob")
    ]
    right = (alive == recorded == []) if command == "destroy" else (len(alive) == 1 and alive == recorded)
    return Kill(command, point.name, victims, right, f"alive {alive}, recorded {recorded}")


def _table(done: list[Kill]) -> int:
    counted = Counter((kill.command, kill.point, kill.victims, kill.right) for kill in done)
    lines = [f"{'command':18}{'killed':54}{'victims':9}{'kills':>6}  result"]
    lines += [
        f"{command:18}{point:54}{victims:9}{count:6}  {'one job, recorded' if right else 'WRONG'}"
        for (command, point, victims, right), count in sorted(counted.items())
    ]
    wrong = [kill for kill in done if not kill.right]
    lines += [f"WRONG: {kill.command}, {kill.point}, {kill.victims}: {kill.found}" for kill in wrong]
    lines.append(f"{len(done)} kills, {len(wrong)} wrong")
    sys.stdout.write("\n" + "\n".join(lines) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
