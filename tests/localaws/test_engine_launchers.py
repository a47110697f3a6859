"""The executables beside the engine, with a stand-in for Python that tells how it was called."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from localaws.engine.installation import LAUNCHERS
from localaws.launchers import place_launcher

PYTHON = '#!/bin/sh\necho "$0 $*"\n'


def add_python(folder: Path) -> Path:
    """The stand-in, where a virtualenv has its interpreter."""
    python = folder / "bin" / "python"
    place_launcher(python, PYTHON)
    return python


def launched(name: str, folder: Path, **variables: str) -> str:
    """What the launcher called, when it is started in `folder`."""
    return subprocess.check_output(
        [LAUNCHERS / name, "127.0.0.1:1"], cwd=folder, env={"PATH": os.defpath, **variables}, text=True
    )


@pytest.mark.parametrize("inside", [".", "program/deep"])
@pytest.mark.parametrize(("option", "value"), [("VIRTUALENV", "my venv/"), ("TOOLCHAIN", "uv")])
def test_dynamic_providers_run_in_the_programs_environment(
    tmp_path: Path, inside: str, option: str, value: str
) -> None:
    """A relative one counts from the project's root, also for a program in a folder of its own."""
    (tmp_path / "Pulumi.yaml").touch()
    (tmp_path / inside).mkdir(parents=True, exist_ok=True)
    python = add_python(tmp_path / ("my venv" if option == "VIRTUALENV" else ".venv"))
    runtime = {"PULUMI_PYTHON_CMD": sys.executable, f"PULUMI_RUNTIME_{option}": value}

    called = launched("pulumi-resource-pulumi-python", tmp_path / inside, **runtime)

    assert called == f"{python} -u {LAUNCHERS}/dynamic_provider.py 127.0.0.1:1\n"


def test_a_missing_environment_is_explained(tmp_path: Path) -> None:
    """In one sentence, which the engine shows."""
    launcher = [LAUNCHERS / "pulumi-resource-pulumi-python", "127.0.0.1:1"]
    environment = {"PATH": os.defpath, "PULUMI_PYTHON_CMD": sys.executable, "PULUMI_RUNTIME_VIRTUALENV": "venv"}
    done = subprocess.run(launcher, check=False, cwd=tmp_path, env=environment, capture_output=True, text=True)

    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith(f"there is no Python in {tmp_path}/venv")


@pytest.mark.parametrize("name", ["pulumi-resource-pulumi-python", "pulumi-language-python"])
def test_the_launchers_start_with_the_interpreter_of_pulumilocal(tmp_path: Path, name: str) -> None:
    """Which has localaws; the program's own need not."""
    python = add_python(tmp_path)

    assert launched(name, tmp_path, PULUMI_PYTHON_CMD=str(python)).startswith(f"{python} ")


def test_a_launcher_is_replaced_only_when_it_changes(tmp_path: Path) -> None:
    """Another command may be starting it at this moment."""
    launcher = tmp_path / "bin" / "launcher"

    assert [place_launcher(launcher, text) for text in ("one", "one", "two")] == [True, False, True]
    assert launcher.read_text() == "two"
    assert os.access(launcher, os.X_OK)
    assert list(launcher.parent.iterdir()) == [launcher]
