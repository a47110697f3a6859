"""The two wheels: the library's and that of the local AWS, built as they are published."""

from __future__ import annotations

import json
import os
import re
import shlex
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
from tests.docs.blocks import Block, blocks, commands

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


def test_the_local_aws_may_import_only_addresses_and_algorithms() -> None:
    """The contract names every other module of the library."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    (contract,) = (each for each in settings["contracts"] if each.get("source_modules") == ["localaws"])
    modules = {f"sagemaker_constructs.{module.name}" for module in iter_modules([str(PACKAGES[ROOT])])}
    allowed = modules - set(contract["forbidden_modules"])
    assert allowed == {"sagemaker_constructs.addresses", "sagemaker_constructs.algorithms"}


def test_addresses_and_algorithms_load_nothing_heavy() -> None:
    """The local AWS and its plugin start with each command."""
    source = """if True:
        import sys
        from sagemaker_constructs.addresses import arns, ecr, framework_images, partitions, s3
        from sagemaker_constructs.algorithms import xgboost
        print(sorted({"boto3", "pulumi", "pydantic"} & sys.modules.keys()))
    """
    done = subprocess.run([sys.executable, "-c", source], check=True, capture_output=True, text=True)
    assert done.stdout == "[]\n"


@dataclass(frozen=True)
class Installation:
    """A new environment with both wheels and what they say that they require, and nothing of the checkout."""

    folder: Path

    def run(self, program: str, *words: str, inside: Path, **variables: str) -> str:
        """What a program of the environment prints, in a folder."""
        environment = {"PATH": os.defpath, "LOCALAWS_CACHE": str(inside), **variables}
        command = [self.folder / "bin" / program, *words]
        done = subprocess.run(command, check=False, capture_output=True, cwd=inside, env=environment, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def installation(wheels: dict[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """What the wheels require in the pinned versions, which are in a cache; the wheels themselves as pip does it."""
    folder, constraints = tmp_path_factory.mktemp("environment"), tmp_path_factory.mktemp("pinned") / "constraints.txt"
    pinned = re.findall(r"^(\S+==.*?) \\$", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    constraints.write_text("\n".join(pinned))
    built = [str(wheel) for wheel in wheels.values()]
    uv, python = Path(sys.executable).with_name("uv"), str(folder / "bin" / "python")
    for command in (
        [sys.executable, "-m", "venv", str(folder)],
        [str(uv), "pip", "install", "--python", python, "--constraint", str(constraints), *built],
        [python, "-m", "pip", "install", "--force-reinstall", "--no-deps", "--no-index", *built],
    ):
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    return Installation(folder)


def test_the_installed_packages_are_the_ones_that_are_imported(installation: Installation, tmp_path: Path) -> None:
    """The tests below would otherwise be about the checkout."""
    source = "import localaws, sagemaker_constructs as library; print(localaws.__file__, library.__file__, sep='\\n')"
    files = installation.run("python", "-c", source, inside=tmp_path).splitlines()
    assert all(Path(file).is_relative_to(installation.folder) for file in files)


def test_the_installed_command_explains_itself(installation: Installation, tmp_path: Path) -> None:
    """The console script is there, and starts."""
    assert "pulumilocal <pulumi command>" in installation.run("pulumilocal", "--help", inside=tmp_path)


def test_the_installed_command_gets_the_engine_ready(
    installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The launchers are put beside the engine; the bytecode that pip compiled among them is none."""
    (launchers,) = installation.folder.glob("lib/*/site-packages/localaws/engine/launchers")
    assert (launchers / "__pycache__").is_dir()
    monkeypatch.setenv("LOCALAWS_CACHE", str(tmp_path))
    engine = built_engine()
    engine.parent.mkdir(parents=True)
    engine.touch()

    installation.run("pulumilocal", "setup", inside=tmp_path)

    (linked,) = engine.parent.glob("*/pulumi")
    beside = {path.name for path in linked.parent.iterdir()}
    assert beside == {"pulumi", "dynamic_provider.py", "pulumi-language-python", "pulumi-resource-pulumi-python"}


def readme(first_line: str) -> Block:
    """The block of the README that begins with a line."""
    return next(block for block in blocks() if block.key == ("README.md", first_line))


@pytest.mark.engine
def test_the_first_project_of_the_readme_is_deployed_from_the_wheels(
    installation: Installation, tmp_path: Path
) -> None:
    """As it says, in an empty folder: a job, no second one, another one for another model and back, and all gone."""
    (tmp_path / "Pulumi.yaml").write_text(readme("name: penguins").text)
    (tmp_path / "__main__.py").write_text(readme("import pulumi").text)
    machine = {"PATH": os.environ["PATH"], "LOCALAWS_CACHE": str(built_engine().parents[2])}
    quick = {"LOCALAWS_JOB_SECONDS": "0.5", "LOCALAWS_STOP_SECONDS": "0.2", "LOCALAWS_LINGER_SECONDS": "0.3"}
    variables = {**machine, **quick, "PULUMI_OPTION_SKIP_PREVIEW": "true"}
    models: list[str] = []

    def pulumilocal(*words: str) -> str:
        return installation.run("pulumilocal", *words, inside=tmp_path, **variables)

    try:
        for command in commands(readme("$ pulumilocal up --stack local --yes")):
            program, *words = shlex.split(command.text, comments=True)
            assert program == "pulumilocal"
            pulumilocal(*words)
            if words[0] == "up":
                models.append(json.loads(pulumilocal("stack", "output", "--json"))["model"])
    finally:
        pulumilocal("stop")
    first, again, other, back = models
    assert first == again == back != other
    assert all(re.fullmatch(r"s3://penguins-\w+/models/penguins-\w+/output/model\.tar\.gz", each) for each in models)
    files = {path.name for path in tmp_path.iterdir()} - {"__pycache__", "Pulumi.local.yaml"}
    assert files == {".localaws", "Pulumi.yaml", "__main__.py"}
