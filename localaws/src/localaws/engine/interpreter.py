"""Finds the Python of a program's own environment, by the options of its runtime.

Input: the options `toolchain` and `virtualenv`, and the project's root. Output: an interpreter, as Pulumi's language
host chooses it; for a program without an environment it is that of `pulumilocal`.

Started as a process, with a script and its arguments, it becomes that interpreter: so are dynamic providers started.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from localaws.environment import PROJECT_FILES, nearest


def interpreter(options: Mapping[str, str], root: Path, environment: Mapping[str, str] = os.environ) -> Path:
    """The Python of the environment that the runtime's options name; a relative one counts from `root`.

    Raises:
        FileNotFoundError: There is none, or the toolchain is not known here. The message says what to do.
    """
    toolchain = options.get("toolchain") or "pip"
    if toolchain not in TOOLCHAINS:
        raise FileNotFoundError(f"toolchain {toolchain!r} in Pulumi.yaml: must be one of {', '.join(TOOLCHAINS)}")
    find, remedy = TOOLCHAINS[toolchain]
    folder = find(options.get("virtualenv") or "", root, environment)
    if folder is None:
        return Path(environment.get("PULUMI_PYTHON_CMD") or sys.executable)
    python = folder / "bin" / "python"
    if not python.is_file():
        raise FileNotFoundError(
            f"there is no Python in {folder}, which Pulumi.yaml names (toolchain {toolchain}): {remedy.format(folder)}"
        )
    return python


def _pip(virtualenv: str, root: Path, _environment: Mapping[str, str]) -> Path | None:
    return root / virtualenv if virtualenv else None


def _uv(virtualenv: str, root: Path, environment: Mapping[str, str]) -> Path:
    """Beside the nearest uv.lock, else pyproject.toml; a workspace has one lock and one environment for all members."""
    if virtualenv:
        return root / virtualenv
    beside = nearest(root, ("uv.lock",)) or nearest(root, ("pyproject.toml",)) or root
    return beside / (environment.get("UV_PROJECT_ENVIRONMENT") or ".venv")


def _poetry(_virtualenv: str, root: Path, environment: Mapping[str, str]) -> Path:
    """Where Poetry says that it is."""
    poetry = shutil.which("poetry", path=environment.get("PATH"))
    if poetry is None:
        raise FileNotFoundError("Pulumi.yaml names the toolchain poetry, but there is no poetry on PATH: install it")
    folder = nearest(root, ("pyproject.toml",)) or root
    command = [poetry, "env", "info", "--path"]
    said = subprocess.run(command, check=False, cwd=folder, env=environment, capture_output=True, text=True)
    if said.returncode or not said.stdout.strip():
        raise FileNotFoundError(f"Poetry has no environment for {folder}: make one with `poetry install`")
    return Path(said.stdout.strip())


TOOLCHAINS: Mapping[str, tuple[Callable[[str, Path, Mapping[str, str]], Path | None], str]] = {
    "pip": (_pip, "make one with `python3 -m venv {}` and install the program's requirements into it"),
    "uv": (_uv, "make it with `uv sync`"),
    "poetry": (_poetry, "make it with `poetry install`"),
}
"""Where each toolchain keeps a program's environment, and what to do where it is missing."""


def main() -> None:
    """Run the script that is the first argument, for a program in this folder whose options are in the environment."""
    names = ("toolchain", "virtualenv")
    options = {name: os.environ.get(f"PULUMI_RUNTIME_{name.upper()}", "") for name in names}
    root = nearest(Path.cwd(), PROJECT_FILES) or Path.cwd()
    try:
        python = interpreter(options, root)
    except FileNotFoundError as missing:
        sys.exit(str(missing))
    os.execv(python, [str(python), "-u", *sys.argv[1:]])  # noqa: S606 - its streams and its end are then the engine's


if __name__ == "__main__":
    main()
