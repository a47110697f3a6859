"""The two wheels: the library's and that of the local AWS, built as they are published."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import zipfile
from dataclasses import dataclass
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest

from localaws.engine.installation import built_engine

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
    assert f"{library['name']}=={library['version']}" in localaws["dependencies"]


def test_the_local_aws_may_import_only_the_parsers_of_addresses() -> None:
    """The contract names every other module of the library."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    (contract,) = (each for each in settings["contracts"] if each.get("source_modules") == ["localaws"])
    modules = {f"sagemaker_constructs.{module.name}" for module in iter_modules([str(PACKAGES[ROOT])])}
    assert modules - set(contract["forbidden_modules"]) == {"sagemaker_constructs.addresses"}


def test_the_parsers_of_addresses_load_nothing_heavy() -> None:
    """The local AWS and its plugin start with each command."""
    source = """if True:
        import sys
        from sagemaker_constructs.addresses import arns, ecr, partitions, s3
        print(sorted({"boto3", "pulumi", "pydantic"} & sys.modules.keys()))
    """
    done = subprocess.run([sys.executable, "-c", source], check=True, capture_output=True, text=True)
    assert done.stdout == "[]\n"


@dataclass(frozen=True)
class Installation:
    """Both wheels, installed by pip as a user does, with compiled modules. What they require is this environment's."""

    folder: Path

    def run(self, *command: str, cache: Path) -> str:
        """What a command prints that finds the installed packages first, and no Pulumi on PATH."""
        environment = {"PATH": os.defpath, "PYTHONPATH": str(self.folder), "LOCALAWS_CACHE": str(cache)}
        done = subprocess.run(command, check=False, capture_output=True, cwd=cache, env=environment, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def pulumilocal(self, *words: str, cache: Path) -> str:
        """What the installed console script prints."""
        return self.run(str(self.folder / "bin" / "pulumilocal"), *words, cache=cache)


@pytest.fixture(scope="module")
def installation(wheels: dict[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Both wheels in a folder of their own."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--compile"]
    subprocess.run([*command, "--target", str(folder), *map(str, wheels.values())], check=True, capture_output=True)
    return Installation(folder)


def test_the_installed_packages_are_the_ones_that_are_imported(installation: Installation, tmp_path: Path) -> None:
    """The tests below would otherwise be about the checkout."""
    source = "import localaws, sagemaker_constructs as library; print(localaws.__file__, library.__file__, sep='\\n')"
    files = installation.run(sys.executable, "-c", source, cache=tmp_path).splitlines()
    assert [Path(file).parent.parent for file in files] == [installation.folder, installation.folder]


def test_the_installed_command_explains_itself(installation: Installation, tmp_path: Path) -> None:
    """The console script is there, and starts."""
    assert "pulumilocal <pulumi command>" in installation.pulumilocal("--help", cache=tmp_path)


def test_the_installed_command_gets_the_engine_ready(
    installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The launchers are put beside the engine; the bytecode that pip compiled among them is none."""
    launchers = installation.folder / "localaws" / "engine" / "launchers"
    assert (launchers / "__pycache__").is_dir()
    monkeypatch.setenv("LOCALAWS_CACHE", str(tmp_path))
    engine = built_engine()
    engine.parent.mkdir(parents=True)
    engine.touch()

    installation.pulumilocal("setup", cache=tmp_path)

    (linked,) = engine.parent.glob("*/pulumi")
    beside = {path.name for path in linked.parent.iterdir()}
    assert beside == {"pulumi", "dynamic_provider.py", "pulumi-language-python", "pulumi-resource-pulumi-python"}
