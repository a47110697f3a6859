"""The generated documentation is that of the code."""

from __future__ import annotations

import runpy
from pathlib import Path

ROOT = Path(__file__).parent.parent
GENERATED = runpy.run_path(str(ROOT / "docs" / "reference.py"))


def test_the_reference_is_fresh() -> None:
    """`make docs` would write it as it is."""
    assert (ROOT / "docs" / "reference.md").read_text() == GENERATED["reference"]()


def test_the_guide_to_results_lists_every_class_of_failures() -> None:
    """`make docs` would leave it as it is."""
    text = (ROOT / "docs" / "results.md").read_text()
    assert GENERATED["results"](text) == text


def test_the_readme_lists_every_member_with_its_class() -> None:
    """`make docs` would leave it as it is."""
    text = (ROOT / "README.md").read_text()
    assert GENERATED["readme"](text) == text


def test_the_guide_to_the_local_aws_lists_what_its_plugin_supports() -> None:
    """`make docs` would leave it as it is."""
    text = (ROOT / "docs" / "local-aws.md").read_text()
    assert GENERATED["local_aws"](text) == text
