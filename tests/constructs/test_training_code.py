"""`TrainingCode` and `framework_image`: what is uploaded, and what a spec gets of it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from graphs import graph
from pulumi import Output

from sagemaker_constructs import (
    AlgorithmSpecification,
    DeclarationError,
    OutputDataConfig,
    ResourceConfig,
    TrainingBucket,
    TrainingCode,
    TrainingJobSpec,
    TrainingRole,
    framework_image,
)
from sagemaker_constructs.code.packing import archive, digest

if TYPE_CHECKING:
    from pathlib import Path

FILES = {"train.py": b"print('hello')\n", "lib/model.py": b"DEPTH = 4\n"}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder with a program."""
    for path, content in FILES.items():
        file = tmp_path / path
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)
    return tmp_path


def spec(code: TrainingCode, **members: Any) -> TrainingJobSpec:
    """A job in script mode, or with other members."""
    usual: dict[str, Any] = {
        "algorithm_specification": AlgorithmSpecification(
            training_image=framework_image("scikit-learn", "1.4-2"), training_input_mode="File"
        ),
        "hyper_parameters": {**code.hyper_parameters, "alpha": 0.5},
        "output_data_config": OutputDataConfig(s3_output_path="s3://models/out"),
        "resource_config": ResourceConfig(instance_type="ml.m5.large", instance_count=1, volume_size_in_gb=1),
    }
    return TrainingJobSpec(**{**usual, **members})


@pytest.mark.parametrize("preview", [True, False])
def test_a_spec_in_script_mode_names_the_archive_by_its_contents(source: Path, *, preview: bool) -> None:
    """Already in the preview, so that the job's name is known there."""
    key = f"code/{digest(FILES)}/sourcedir.tar.gz"
    seen: list[Any] = []

    def build() -> None:
        code = TrainingCode("c", source, entry_point="train.py", bucket=TrainingBucket("b", bucket="given"))
        made = spec(code)
        Output.all(made.to_members()).apply(lambda known: seen.append(known[0]))

    found = graph(build, preview=preview)

    assert seen[0]["hyper_parameters"] == {
        "alpha": "0.5",
        "sagemaker_program": "train.py",
        "sagemaker_submit_directory": f"s3://given/{key}",
    }
    image = seen[0]["algorithm_specification"]["training_image"]
    assert image == "141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-scikit-learn:1.4-2-cpu-py3"
    uploaded = found.of("BucketObjectv2")["c"]
    assert (uploaded["bucket"], uploaded["key"]) == ("given", key)


def test_the_files_are_what_the_engine_compares(source: Path) -> None:
    """Each is an input of the component, by a hash that another content does not have."""
    before = graph(lambda: TrainingCode("c", source, entry_point="train.py", bucket="given")).of("TrainingCode")["c"]
    (source / "lib" / "model.py").write_text("DEPTH = 5\n")
    after = graph(lambda: TrainingCode("c", source, entry_point="train.py", bucket="given")).of("TrainingCode")["c"]

    assert before.keys() == after.keys() == FILES.keys()
    assert before["train.py"] == after["train.py"]
    assert before["lib/model.py"] != after["lib/model.py"]


def test_files_may_be_called_like_outputs(source: Path) -> None:
    """The component's attributes stay its own."""
    for name in ("uri", "size", "files", "digest", "id", "urn"):
        (source / name).write_text(name)
    seen: list[Any] = []

    def build() -> None:
        code = TrainingCode("c", source, entry_point="train.py", bucket="given")
        Output.all(code.uri, code.urn, code.size, code.digest).apply(seen.append)

    placed = graph(build).of("TrainingCode")["c"]
    ((uri, urn, size, digest_),) = seen
    assert uri == f"s3://given/code/{digest_}/sourcedir.tar.gz"
    assert urn.endswith("::c")
    assert size > 0
    assert {"uri", "size", "files", "digest"} <= placed.keys()


def test_what_is_uploaded_is_the_archive(source: Path) -> None:
    """The engine reads the file while the program runs."""
    found = graph(lambda: TrainingCode("c", source / "train.py", bucket="given", prefix="/my/code/"))

    uploaded = found.of("BucketObjectv2")["c"]
    assert isinstance(uploaded["source"], pulumi.FileAsset)
    with open(str(uploaded["source"].path), "rb") as file:  # noqa: PTH123
        assert file.read() == archive({"train.py": FILES["train.py"]})
    assert uploaded["key"].startswith("my/code/")


def test_every_mistake_is_told_before_anything_is_declared(source: Path) -> None:
    """In one error, without a resource."""
    (source / "link").symlink_to(source)
    with pytest.raises(DeclarationError, match=r"(?s)TrainingCode 'c': 2 mistakes.*link is .*entry_point: got 'x'"):
        graph(lambda: TrainingCode("c", source, entry_point="x", bucket="given"))


def test_a_derived_role_may_read_the_code_in_either_way(source: Path) -> None:
    """The archive alone in script mode, and what is in the channel otherwise."""
    policies: list[str] = []

    def build() -> None:
        code = TrainingCode("c", source, entry_point="train.py", bucket="given")
        by_channel = spec(code, hyper_parameters={}, input_data_config=[code.channel])
        policies.clear()
        for name, each in (("script", spec(code)), ("channel", by_channel)):
            TrainingRole(name, each).policy.policy.apply(policies.append)

    graph(build)
    location = f"arn:aws:s3:::given/code/{digest(FILES)}/"
    assert any(f'"{location}sourcedir.tar.gz"' in each for each in policies)
    assert any(f'"{location}*"' in each for each in policies)


def test_the_command_of_a_channel_unpacks_installs_and_starts(source: Path, tmp_path: Path) -> None:
    """Each of its words fits into the request, and it runs the program with its arguments."""
    commands: list[list[str]] = []

    def build() -> None:
        commands.append(TrainingCode("c", source, entry_point="train.py", bucket="given").container_entrypoint)

    graph(build)
    base = tmp_path / "ml"
    data = base / "input" / "data" / "code"
    data.mkdir(parents=True)
    program = b"import sys, pathlib; print(sys.argv[1:], sorted(p.name for p in pathlib.Path().iterdir()))"
    (data / "sourcedir.tar.gz").write_bytes(archive({"train.py": program, "requirements.txt": b""}))
    pip = tmp_path / "bin" / "python3"
    pip.parent.mkdir()
    pip.write_text(f'#!/bin/sh\nif [ "$1" = -m ]; then echo "$@"; else exec {sys.executable} "$@"; fi\n')
    pip.chmod(0o755)
    (command,) = commands
    assert max(map(len, command)) <= 256

    done = subprocess.run(
        [*command, "--epochs", "3"],
        env={"PATH": f"{pip.parent}:/usr/bin:/bin", "SAGEMAKER_BASE_DIR": str(base)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.splitlines() == [
        "-m pip install -r requirements.txt",
        "['--epochs', '3'] ['requirements.txt', 'train.py']",
    ]


def test_an_image_that_there_is_not_ends_the_program() -> None:
    """With what there is, and no traceback."""
    assert issubclass(DeclarationError, pulumi.RunError)
    with pytest.raises(DeclarationError, match="framework_image: region: got 'us-iso-east-1', expected one with"):
        graph(lambda: framework_image("pytorch", "2.8.0", region="us-iso-east-1"))
