"""A job in script mode, from its archive in S3 to its model."""

from __future__ import annotations

import io
import tarfile
from typing import TYPE_CHECKING

from localaws.containers.toolkit.program import LEFT_BEHIND
from tests.localaws.execution.conftest import IMAGE

if TYPE_CHECKING:
    from tests.localaws.execution.conftest import Workshop

SCRIPT = """
import argparse, os, pathlib
parser = argparse.ArgumentParser()
parser.add_argument("--depth", type=int)
print("depth", parser.parse_args().depth, os.environ["SM_HP_DEPTH"], os.environ["SM_HOSTS"])
pathlib.Path(os.environ["SM_MODEL_DIR"], "model.txt").write_text("trained")
"""


def submitted(workshop: Workshop, key: str, script: str) -> dict[str, str]:
    """The hyperparameters of a script whose archive is put into the bucket."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        entry = tarfile.TarInfo("train.py")
        entry.size = len(script)
        archive.addfile(entry, io.BytesIO(script.encode()))
    workshop.server.client("s3").put_object(Bucket="data", Key=key, Body=buffer.getvalue())
    return {"sagemaker_program": "train.py", "sagemaker_submit_directory": f"s3://data/{key}"}


def test_a_script_runs_with_the_toolkits_environment(workshop: Workshop) -> None:
    """It is downloaded from the local bucket, and gets hyperparameters as arguments and as variables."""
    hyperparameters = submitted(workshop, "source/sourcedir.tar.gz", SCRIPT) | {"depth": "4"}
    name = workshop.trainer.create(
        AlgorithmSpecification={"TrainingImage": IMAGE, "TrainingInputMode": "File"}, HyperParameters=hyperparameters
    )
    job = workshop.trainer.wait(name)

    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    assert 'depth 4 4 ["algo-1"]' in workshop.log(name)


LEAVING = """
import subprocess, sys
subprocess.Popen(["sleep", "600"], start_new_session=True)
print("the last words", file=sys.stderr)
"""


def test_a_process_that_a_script_leaves_behind_does_not_keep_its_job_running(workshop: Workshop) -> None:
    """It has the script's output, and is killed with the container; the log says so, for not every image does that."""
    name = workshop.trainer.create(
        AlgorithmSpecification={"TrainingImage": IMAGE, "TrainingInputMode": "File"},
        HyperParameters=submitted(workshop, "source/leaving.tar.gz", LEAVING),
    )
    job = workshop.trainer.wait(name)

    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    assert workshop.log(name)[-2:] == ["the last words", LEFT_BEHIND.rstrip()]


def test_an_exception_of_a_script_is_the_reason_of_the_failure(workshop: Workshop) -> None:
    """In the words of AWS and its toolkit."""
    hyperparameters = submitted(workshop, "source/broken.tar.gz", "raise ValueError('no rows')")
    name = workshop.trainer.create(
        AlgorithmSpecification={"TrainingImage": IMAGE, "TrainingInputMode": "File"}, HyperParameters=hyperparameters
    )
    reason = workshop.trainer.wait(name)["FailureReason"]

    assert reason.startswith('AlgorithmError: ExecuteUserScriptError:\nExitCode 1\nErrorMessage "ValueError: no rows"')
    assert reason.endswith('-- train.py", exit code: 1')
