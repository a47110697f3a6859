"""Which Python runs a program: that of its own environment, wherever its toolchain keeps that."""

import sys
from pathlib import Path

import pytest

from localaws.engine.interpreter import interpreter
from localaws.launchers import place_launcher


def add_python(folder: Path) -> Path:
    """Something that looks like the interpreter of a virtualenv in this folder."""
    python = folder / "bin" / "python"
    place_launcher(python, "")
    return python


def test_the_virtualenv_of_the_project_runs_the_program(tmp_path: Path) -> None:
    """A relative one counts from the project's root."""
    python = add_python(tmp_path / ".venv")

    assert interpreter({"virtualenv": ".venv"}, tmp_path, {}) == python
    assert interpreter({"virtualenv": str(tmp_path / ".venv")}, Path("/elsewhere"), {}) == python
    assert interpreter({"virtualenv": ".venv", "toolchain": "uv"}, tmp_path, {}) == python


def test_without_a_virtualenv_the_named_interpreter_runs_the_program(tmp_path: Path) -> None:
    """PULUMI_PYTHON_CMD, else the interpreter of the host."""
    assert interpreter({}, tmp_path, {"PULUMI_PYTHON_CMD": "/opt/python"}) == Path("/opt/python")
    assert interpreter({"toolchain": "pip"}, tmp_path, {}) == Path(sys.executable)


@pytest.mark.parametrize(
    ("files", "beside"),
    [
        ((), "work/program"),
        (("work/program/pyproject.toml", "work/pyproject.toml"), "work/program"),
        (("work/pyproject.toml",), "work"),
        (("work/program/pyproject.toml", "work/uv.lock"), "work"),
    ],
)
@pytest.mark.parametrize("name", [".venv", "elsewhere"])
def test_uv_keeps_the_environment_beside_its_lock(
    tmp_path: Path, files: tuple[str, ...], beside: str, name: str
) -> None:
    """Of the program or of the workspace around it, else beside pyproject.toml, under the name that uv is told."""
    (tmp_path / "work" / "program").mkdir(parents=True)
    for file in files:
        (tmp_path / file).touch()
    python = add_python(tmp_path / beside / name)
    environment = {} if name == ".venv" else {"UV_PROJECT_ENVIRONMENT": name}

    assert interpreter({"toolchain": "uv"}, tmp_path / "work" / "program", environment) == python


def test_poetry_says_where_the_environment_is(tmp_path: Path) -> None:
    """It is asked in the folder of the nearest pyproject.toml."""
    python = add_python(tmp_path / "cache" / "shop-py3.11")
    (tmp_path / "shop" / "infra").mkdir(parents=True)
    (tmp_path / "shop" / "pyproject.toml").touch()
    poetry = f'#!/bin/sh\ntest "$*" = "env info --path" && echo "{tmp_path}/cache/$(basename "$PWD")-py3.11"\n'
    place_launcher(tmp_path / "bin" / "poetry", poetry)

    found = interpreter({"toolchain": "poetry"}, tmp_path / "shop" / "infra", {"PATH": f"{tmp_path}/bin:/usr/bin:/bin"})

    assert found == python


@pytest.mark.parametrize(
    ("options", "poetry", "said"),
    [
        ({"virtualenv": "venv"}, None, r"no Python in .*/venv, .*python3 -m venv"),
        ({"toolchain": "uv"}, None, r"no Python in .*/\.venv, .*`uv sync`"),
        ({"toolchain": "poetry"}, None, "no poetry on PATH: install it"),
        ({"toolchain": "poetry"}, "exit 1", "no environment for .*`poetry install`"),
        ({"toolchain": "poetry"}, "echo /nowhere", "no Python in /nowhere, .*`poetry install`"),
        ({"toolchain": "conda"}, None, "toolchain 'conda' in Pulumi.yaml: must be one of pip, uv, poetry"),
    ],
)
def test_what_is_missing_is_said(tmp_path: Path, options: dict[str, str], poetry: str | None, said: str) -> None:
    """With the command that makes it."""
    if poetry:
        place_launcher(tmp_path / "poetry", f"#!/bin/sh\n{poetry}\n")
    with pytest.raises(FileNotFoundError, match=said):
        interpreter(options, tmp_path, {"PATH": str(tmp_path)})
