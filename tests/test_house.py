"""The house: what is exported, and what must not stand in any file."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
from pathlib import Path

import pytest

import sagemaker_constructs
from sagemaker_constructs.api.members import all_members
from sagemaker_constructs.api.spec import TrainingJobSpec

ROOT = Path(__file__).parents[1]
BINARY = {".png", ".gz", ".zip", ".whl", ".ico"}

FORBIDDEN = {
    "a package registry": re.compile(
        "|".join(
            (
                r"py" + r"pi\.org",
                r"files\.python" + r"hosted",
                r"proxy\.go" + r"lang\.org",
                r"sum\.go" + r"lang\.org",
                r"registry\.np" + r"mjs",
            )
        )
    ),
    "a path of this machine": re.compile(r"(?<![\w.:/])/(?:wo" + r"rk|ro" + r"ot|ho" + r"me/\w+|Us" + r"ers/\w+)/"),
}


def tracked() -> list[Path]:
    """The files in the repository, those included that are not committed yet."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    return [ROOT / name for name in listed if (ROOT / name).is_file() and (ROOT / name).suffix not in BINARY]


def test_constructs_is_no_package() -> None:
    """The name belongs to another project; the folder is only a source root."""
    assert not (ROOT / "constructs" / "__init__.py").exists()


def test_the_public_names_are_those_of_the_stub() -> None:
    """Each stands there once, re-exported under its own name."""
    stub = ast.parse((ROOT / "constructs" / "sagemaker_constructs" / "__init__.pyi").read_text())
    names = [name for node in stub.body if isinstance(node, ast.ImportFrom) for name in node.names]
    assert [name.asname for name in names] == [name.name for name in names]
    assert sorted(name.name for name in names) == dir(sagemaker_constructs)
    assert len(set(dir(sagemaker_constructs))) == len(names)


def test_every_shape_of_a_request_is_exported() -> None:
    """Whoever writes a spec needs them."""
    kinds = [member.kind.item or member.kind for _, member in all_members(TrainingJobSpec)]
    shapes = {kind.shape.__name__ for kind in kinds if kind.shape}
    assert shapes - set(dir(sagemaker_constructs)) == set()


@pytest.mark.parametrize("name", dir(sagemaker_constructs))
def test_every_export_is_there(name: str) -> None:
    """And is the one of the module that defines it."""
    found = getattr(sagemaker_constructs, name)
    assert getattr(importlib.import_module(found.__module__), name) is found


def test_what_is_not_exported_is_an_attribute_error() -> None:
    """As of any module."""
    with pytest.raises(AttributeError, match="has no attribute 'NoSuchConstruct'"):
        _ = sagemaker_constructs.NoSuchConstruct  # pyright: ignore[reportAttributeAccessIssue]


@pytest.mark.parametrize("what", sorted(FORBIDDEN))
def test_no_file_names(what: str) -> None:
    """Where things come from and where they lie is a matter of each machine."""
    found = {
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in tracked()
        for match in FORBIDDEN[what].finditer(path.read_text(encoding="utf-8"))
    }
    assert sorted(found) == []
