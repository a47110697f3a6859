"""Runs `python -m localaws.containers.toolkit [--python INTERPRETER] train`."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from localaws.containers.toolkit import configuration, environment, program, source
from localaws.containers.toolkit.errors import ScriptError

if TYPE_CHECKING:
    from types import FrameType

OPT_ML = "/opt/ml"
PATIENT = (signal.SIGTERM, signal.SIGINT)
"""The signals that the toolkit leaves to the script, as the first process of a container does."""


def main() -> int:
    """Runs the script; the exit code is 0, or 1 and the reason in output/failure."""
    parser = argparse.ArgumentParser(prog="python -m localaws.containers.toolkit")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("command", choices=["train"])
    asked = parser.parse_args()
    base = Path(os.environ.get("SAGEMAKER_BASE_DIR", OPT_ML))
    for number in PATIENT:
        signal.signal(number, left_to_the_script)
    try:
        train(base, asked.python)
    except ScriptError as error:
        (base / "output/failure").write_text(str(error))
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def left_to_the_script(_number: int, _frame: FrameType | None) -> None:
    """Does nothing: the script has the signal too, and would inherit one that is ignored."""


def train(base: Path, python: str) -> None:
    """Prepares and runs the script.

    Raises:
        ScriptError: It cannot be run, or has failed.
    """
    told = configuration.read(base)
    on = [name for name in environment.DISTRIBUTIONS if told.framework.get(name)]
    if on:
        raise ScriptError(f"{on[0]}: the launchers of distributed training are not on this machine")
    machine = environment.Machine(
        cpus=os.cpu_count() or 1,
        gpus=gpus(),
        job=os.environ.get("TRAINING_JOB_NAME"),
        region=os.environ.get("AWS_DEFAULT_REGION"),
    )
    told.code.mkdir(exist_ok=True)
    source.fetch(str(told.own.get("sagemaker_submit_directory", told.code)), told.code)
    words = program.command(told.code, told.own.get("sagemaker_program"), environment.arguments(told), python)
    packages = Path(os.environ.get("HOME", str(base))) / "packages"
    paths = [told.code, *([packages] if source.install(told.code, packages, python) else [])]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    sys.stderr.write(f"training toolkit: running {told.own['sagemaker_program']}\n")
    program.run(
        words,
        {
            **inherited,
            **environment.service_variables(told, machine),
            **environment.variables(told, machine),
            "PYTHONPATH": os.pathsep.join(map(str, paths)),
        },
        told.code,
    )


def gpus() -> int:
    """How many GPUs nvidia-smi lists."""
    if shutil.which("nvidia-smi") is None:
        return 0
    listed = subprocess.run(["nvidia-smi", "--list-gpus"], capture_output=True, check=False, text=True).stdout  # noqa: S607  on PATH
    return sum(line.startswith("GPU ") for line in listed.splitlines())


if __name__ == "__main__":
    sys.exit(main())
