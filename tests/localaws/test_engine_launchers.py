"""The executables beside the engine, with a stand-in for Python that tells how it was called."""

import os
import subprocess
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
def test_dynamic_providers_run_in_the_programs_virtualenv(tmp_path: Path, inside: str) -> None:
    """A relative one counts from the project's root, also for a program in a folder of its own."""
    (tmp_path / "Pulumi.yaml").touch()
    (tmp_path / inside).mkdir(parents=True, exist_ok=True)
    python = add_python(tmp_path / "my venv")

    called = launched("pulumi-resource-pulumi-python", tmp_path / inside, PULUMI_RUNTIME_VIRTUALENV="my venv/")

    assert called == f"{python} -u {LAUNCHERS}/dynamic_provider.py 127.0.0.1:1\n"


def test_dynamic_providers_run_in_an_absolute_virtualenv(tmp_path: Path) -> None:
    """Wherever the program is."""
    python = add_python(tmp_path / "venv")

    called = launched("pulumi-resource-pulumi-python", Path("/"), PULUMI_RUNTIME_VIRTUALENV=f"{tmp_path}/venv")

    assert called.startswith(f"{python} ")


@pytest.mark.parametrize("name", ["pulumi-resource-pulumi-python", "pulumi-language-python"])
def test_without_a_virtualenv_the_named_interpreter_runs(tmp_path: Path, name: str) -> None:
    """That of `pulumilocal` itself."""
    python = add_python(tmp_path)

    assert launched(name, tmp_path, PULUMI_PYTHON_CMD=str(python)).startswith(f"{python} ")


def test_a_launcher_is_replaced_only_when_it_changes(tmp_path: Path) -> None:
    """Another command may be starting it at this moment."""
    launcher = tmp_path / "bin" / "launcher"

    assert [place_launcher(launcher, text) for text in ("one", "one", "two")] == [True, False, True]
    assert launcher.read_text() == "two"
    assert os.access(launcher, os.X_OK)
    assert list(launcher.parent.iterdir()) == [launcher]
