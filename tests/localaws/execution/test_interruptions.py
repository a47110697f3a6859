"""What ends containers before they have finished: Spot, a stop, a dead supervisor, a dead server."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from tests.localaws.eventually import eventually
from tests.localaws.execution.conftest import Workshop, start_running
from tests.localaws.server.server_support import Server, end

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SPOT = {
    "EnableManagedSpotTraining": True,
    "StoppingCondition": {"MaxRuntimeInSeconds": 600, "MaxWaitTimeInSeconds": 600},
}
COUNTING = """
folder = ml / "checkpoints"
saved = folder / "step"
step = int(saved.read_text()) if saved.exists() else 0
def reclaimed(*_):
    if folder.exists():
        saved.write_text("7")
    sys.exit(1)
signal.signal(signal.SIGTERM, reclaimed)
print("begins at", step)
time.sleep(0 if step else float(os.environ["SECONDS"]))
"""
"""Notes how far it has come when its instance is reclaimed, and goes on from there."""


def statuses(job: dict[str, Any]) -> list[str]:
    """The secondary statuses of a job."""
    return [entry["Status"] for entry in job["SecondaryStatusTransitions"]]


def reclaimed(workshop: Workshop, **members: Any) -> dict[str, Any]:
    """The description of a job whose Spot instance is reclaimed when its program has begun."""
    job = workshop.create(COUNTING, **SPOT, **members)
    eventually(lambda: workshop.log(job))
    workshop.server.control("POST", "faults", {"kind": "interrupt", "match": job, "times": 1})
    return workshop.trainer.wait(job)


def test_a_reclaimed_job_goes_on_from_its_checkpoint(workshop: Workshop) -> None:
    """SIGTERM, the checkpoints to S3, and back to the new instance."""
    job = reclaimed(workshop, Environment={"SECONDS": "600"}, CheckpointConfig={"S3Uri": "s3://data/checkpoints/a"})

    assert statuses(job)[-6:] == ["Training", "Interrupted", "Restarting", "Training", "Uploading", "Completed"]
    assert workshop.log(job["TrainingJobName"]) == ["begins at 0", "begins at 7"]
    assert workshop.object("checkpoints/a/step") == b"7"


def test_a_reclaimed_job_without_checkpoints_begins_again(workshop: Workshop) -> None:
    """Nothing of its first instance is left."""
    job = reclaimed(workshop, Environment={"SECONDS": "3"})

    assert statuses(job)[-5:] == ["Interrupted", "Restarting", "Training", "Uploading", "Completed"]
    assert workshop.log(job["TrainingJobName"]) == ["begins at 0", "begins at 0"]


FAMILY = """
subprocess.Popen([sys.executable, "-c", "import os, time; os.setsid(); time.sleep(600)"])
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("begun")
time.sleep(600)
"""
"""A program that ignores SIGTERM, with a child that has left its process group."""


def family(server: Server) -> list[psutil.Process]:
    """The processes that a server has started, and that these have."""
    return psutil.Process(server.process.pid).children(recursive=True)


def survivors(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those of some processes that do not end."""
    return psutil.wait_procs(processes, timeout=30)[1]


def test_a_program_that_does_not_heed_a_stop_is_killed_with_all_its_children(own: Workshop) -> None:
    """After the grace; the job is stopped all the same, and nothing is left of it."""
    job = begun(own, FAMILY)
    running = family(own.server)
    own.trainer.sagemaker.stop_training_job(TrainingJobName=job)
    stopped = own.trainer.wait(job)

    assert statuses(stopped)[-2:] == ["Stopping", "Stopped"]
    assert "ModelArtifacts" in stopped
    assert len(running) == 3
    assert survivors(running) == []
    assert list(own.files.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_no_process_of_a_job_survives_the_server(own: Workshop, number: signal.Signals) -> None:
    """Killed or ended: its supervisors notice that it has gone. One that is ended removes their files."""
    begun(own, FAMILY)
    running, files = family(own.server), own.files
    own.server.process.send_signal(number)

    assert len(running) == 3
    assert survivors(running) == []
    assert own.server.process.wait(timeout=30) == (-9 if number == signal.SIGKILL else 0)
    assert files.is_dir() == (number == signal.SIGKILL)


def test_a_job_of_a_server_that_was_killed_is_failed_on_the_next(own: Workshop, tmp_path: Path) -> None:
    """With a sentence that says so; its files are gone. One that had ended before is gone with its server."""
    ended = own.run("")["TrainingJobName"]
    job = begun(own, "print('begun')\ntime.sleep(600)", HyperParameters={"depth": "4"})
    own.server.process.kill()
    own.server.process.wait()
    (tmp_path / "server.json").unlink()
    following = Workshop.on(start_running(tmp_path), tmp_path)
    described, kept = following.trainer.describe(job), following.trainer.exists(ended)
    end(following.server)

    assert statuses(described)[-2:] == ["Training", "Failed"]
    assert described["FailureReason"].startswith("InternalServerError: The local AWS has ended while the training job")
    assert described["HyperParameters"] == {"depth": "4"}
    assert not kept


def test_a_job_whose_instance_is_lost_is_retried_as_often_as_it_may(workshop: Workshop) -> None:
    """RetryStrategy is for errors of the service: here, the end of the process that runs the container."""
    job = begun(workshop, "print('begun')\ntime.sleep(600)", RetryStrategy={"MaximumRetryAttempts": 1})
    for attempt in (1, 2):
        eventually(lambda count=attempt: workshop.log(job).count("begun") == count)
        running = family(workshop.server)
        running[0].kill()
        assert survivors(running) == []
    lost = workshop.trainer.wait(job)

    assert statuses(lost).count("Restarting") == 1
    assert lost["FailureReason"].startswith("InternalServerError: ")


def begun(own: Workshop, program: str, **members: Any) -> str:
    """A job whose program has printed that it has begun."""
    job = own.create(program, **members)
    eventually(lambda: own.trainer.describe(job)["SecondaryStatus"] == "Training" and "begun" in own.log(job))
    return job


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Workshop]:
    """A workshop on a server that only one test has, with a short grace."""
    server = start_running(tmp_path, LOCALAWS_GRACE_SECONDS="0.3")
    yield Workshop.on(server, tmp_path)
    end(server)
