"""The type checker that most people have, without a plugin; `make lint` runs the other one."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.docs.rows import smallest_stack

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[1]
MISTAKES = ROOT / "tests" / "typing_mistakes.py"
SETTINGS = """[mypy]
strict = true
[mypy-pulumi_aws.*]
follow_imports = skip
"""
"""pulumi_aws is not read: that would take a minute, and says nothing about this library."""


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Sequence[tuple[str, int]]:
    """File and line of everything that mypy reports of the README's program and of the mistakes, in one run."""
    folder = tmp_path_factory.mktemp("mypy")
    (folder / "readme.py").write_text(smallest_stack())
    (folder / "mypy.ini").write_text(SETTINGS)
    command = [sys.executable, "-m", "mypy", "--config-file", "mypy.ini", "--cache-dir", "cache", "readme.py"]
    done = subprocess.run([*command, str(MISTAKES)], cwd=folder, check=False, capture_output=True, text=True)
    assert done.stderr == ""
    found = re.findall(r"^(.+?):(\d+): error: ", done.stdout, re.MULTILINE)
    return [(Path(file).name, int(line)) for file, line in found]


def test_the_program_of_the_readme_is_accepted(reported: Sequence[tuple[str, int]]) -> None:
    """In strict mode."""
    assert [line for file, line in reported if file == "readme.py"] == []


def test_slips_are_found(reported: Sequence[tuple[str, int]]) -> None:
    """Every line that basedpyright reports: members have their names and types, and not merely Any."""
    slips = [number for number, line in enumerate(MISTAKES.read_text().splitlines(), 1) if "# pyright: ignore" in line]
    assert sorted({line for file, line in reported if file == MISTAKES.name}) == slips
