"""What is generated is that of the code."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GENERATED = runpy.run_path(str(ROOT / "docs" / "generate.py"))["generated"]()


@pytest.mark.parametrize("path", GENERATED)
def test_what_is_generated_is_fresh(path: str) -> None:
    """`make docs` would leave it as it is."""
    assert (ROOT / path).read_text() == GENERATED[path]
