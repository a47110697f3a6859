"""Containers by a container engine: its command line, and a whole job with a stand-in for the engine."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from localaws.server.execution.launchers import Place, launcher
from localaws.server.settings import Settings
from localaws.server.training.job import Job
from tests.localaws.execution.conftest import IMAGE, Workshop, start_running
from tests.localaws.server.server_support import end

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STAND_IN = """#!{python}
import json, os, pathlib, subprocess, sys
words = sys.argv[1:]
with pathlib.Path({log!r}).open("a") as log:
    log.write(json.dumps(words) + "\\n")
if words[0] == "run":
    mounted = next(word for word in words if word.startswith("--volume=")).removeprefix("--volume=").split(":")[0]
    name, argument = words[-2:]
    pathlib.Path(mounted, "model/image").write_text(f"{{name}} {{argument}} {{os.environ['TRAINING_JOB_NAME']}}")
    print("in the container")
"""
"""Does what an engine does with an image that writes its name, its argument and its job into its model."""


@pytest.fixture
def engine(tmp_path: Path) -> Path:
    """An executable that stands for Docker; what it is called with is in the file `calls` beside it."""
    path = tmp_path / "engine"
    path.write_text(STAND_IN.format(python=sys.executable, log=str(tmp_path / "calls")))
    path.chmod(0o755)
    return path


@pytest.fixture
def own(tmp_path: Path, engine: Path) -> Iterator[Workshop]:
    """A workshop on a server that runs images by that engine."""
    server = start_running(tmp_path, LOCALAWS_CONTAINERS=str(engine))
    yield Workshop.on(server, tmp_path)
    assert end(server) == ""


def test_an_image_is_run_with_train_and_its_container_is_removed(own: Workshop, tmp_path: Path) -> None:
    """Whatever the user's table says: what runs is in the image. Its model is the folder that was mounted."""
    image = own.trainer.image
    name = own.trainer.create(Environment={"TOKEN": "hunter2"})
    job = own.trainer.wait(name)
    run, remove = (json.loads(line) for line in (tmp_path / "calls").read_text().splitlines())

    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    assert own.archive(f"output/{name}/output/model.tar.gz") == {"image": f"{image} train {name}"}
    assert own.log(name) == ["in the container"]
    assert run[:3] == ["run", "--rm", "--name"]
    assert {"--env=TOKEN", "--env=TRAINING_JOB_NAME", "--env=AWS_ENDPOINT_URL_S3"} < set(run)
    assert "hunter2" not in str(run)
    assert remove == ["rm", "--force", run[3]]


def test_an_entry_point_overrides_that_of_the_image(engine: Path, tmp_path: Path) -> None:
    """Its first word is the engine's option, the rest follow the image."""
    algorithm = {"TrainingImage": IMAGE, "ContainerEntrypoint": ["sh", "-c"], "ContainerArguments": ["train.sh"]}
    job = Job("123456789012", "eu-west-1", {"TrainingJobName": "j", "AlgorithmSpecification": algorithm}, 0.0)
    made = launcher(Settings(containers=str(engine)), tmp_path, lambda: 4566)
    task = made.task(job, Place("name", tmp_path, {"algo-1": "127.1.2.1"}, 2))

    assert task["command"][-4:] == ["--entrypoint=sh", IMAGE, "-c", "train.sh"]
    assert "--add-host=algo-1:127.1.2.1" in task["command"]


def test_an_engine_that_is_not_there_is_named(tmp_path: Path) -> None:
    """Jobs are simulated then."""
    job = Job("123456789012", "eu-west-1", {"TrainingJobName": "j"}, 0.0)
    reasons = {
        name: launcher(Settings(containers=name), tmp_path, lambda: 4566).unable(job)
        for name in ("no-such-engine", "simulated")
    }

    assert reasons == {
        "no-such-engine": "LOCALAWS_CONTAINERS=no-such-engine is not on PATH",
        "simulated": "LOCALAWS_CONTAINERS=simulated",
    }
