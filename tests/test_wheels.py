"""The two wheels: the library's and that of the local AWS, built as they are published."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
LOCALAWS = ROOT / "localaws"

PACKAGES = {
    ROOT: ROOT / "constructs" / "sagemaker_constructs",
    LOCALAWS: LOCALAWS / "src" / "localaws",
}
"""The one package of each distribution's wheel."""


def project(distribution: Path) -> dict[str, Any]:
    """The [project] table of a distribution."""
    return tomllib.loads((distribution / "pyproject.toml").read_text())["project"]


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, Path]:
    """The wheel of each distribution."""

    def build(distribution: Path) -> Path:
        folder = tmp_path_factory.mktemp("wheel")
        command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
        subprocess.run(command, cwd=distribution, check=True, capture_output=True)
        (wheel,) = folder.glob("*.whl")
        return wheel

    return {distribution: build(distribution) for distribution in PACKAGES}


@pytest.mark.parametrize("distribution", PACKAGES, ids=lambda folder: PACKAGES[folder].name)
def test_a_wheel_has_every_file_of_its_package_and_no_other(wheels: dict[Path, Path], distribution: Path) -> None:
    """Modules, data files and the mark of a typed package; no tests, no stacks, nothing of the other distribution."""
    package = PACKAGES[distribution]
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", str(package)]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    sources = {ROOT / name for name in listed}
    with zipfile.ZipFile(wheels[distribution]) as archive:
        files = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert files == {path.relative_to(package.parent).as_posix() for path in sources if path.exists()}
    assert f"{package.name}/py.typed" in files


def test_the_extra_installs_the_local_aws_of_the_same_release() -> None:
    """The versions are raised together."""
    library, localaws = project(ROOT), project(LOCALAWS)
    assert library["version"] == localaws["version"]
    assert library["optional-dependencies"]["local"] == [f"{localaws['name']}=={localaws['version']}"]
