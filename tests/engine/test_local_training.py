"""Jobs that really train, under the real engine: how each of their ends looks to the user of `up`."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import tarfile
from typing import TYPE_CHECKING

import pytest
from result_runs import PROGRAM, Running, logged, wait_until

from localaws.environment import find_project, for_server

if TYPE_CHECKING:
    from localaws.trial import Trial

pytestmark = pytest.mark.engine

ML = "import os, pathlib, signal, sys, time\nml = pathlib.Path(os.environ.get('SAGEMAKER_BASE_DIR', '/opt/ml'))\n"
ON_TERM = """
def save(*_):
    (ml / "model/weights").write_text("saved")
    sys.exit(0)
signal.signal(signal.SIGTERM, save)
time.sleep(600)
"""
RESUMES = """
saved = ml / "checkpoints/step"
step = int(saved.read_text()) if saved.exists() else 0
def reclaimed(*_):
    if saved.parent.exists():
        saved.write_text("7")
    sys.exit(1)
signal.signal(signal.SIGTERM, reclaimed)
print(f"loss={step}", flush=True)
time.sleep(0 if step or (ml / "input/data/code/again").exists() else 600)
"""
PROGRAMS = {
    "exception": "raise ValueError('no rows')",
    "exit": "sys.exit(3)",
    "failure-file": "(ml / 'output/failure').write_text('the rows are wrong'); sys.exit(1)",
    "memory": "os.kill(os.getpid(), 9)",
    "no-channel": "",
    "limit": ON_TERM,
    "resumed": RESUMES,
    "begun-again": RESUMES,
    "completed": "(ml / 'model/weights').write_text('1'); print('loss=0.25')",
}
JOBS = """
def trained(name, **members):
    algorithm = AlgorithmSpecification(
        training_image=IMAGE, training_input_mode="File",
        container_entrypoint=["sh", "-c", "exec python ${SAGEMAKER_BASE_DIR:-/opt/ml}/input/data/code/train.py"],
        metric_definitions=[MetricDefinition(name="loss", regex="loss=([0-9.]+)")],
    )
    code = Channel.s3("code", f"s3://trial-data/code/{name}/")
    members = {"environment": None, "input_data_config": [code], "algorithm_specification": algorithm, **members}
    return job(name, **members).result(on_max_runtime_exceeded="accept" if name == "limit" else "fail")

from sagemaker_constructs import Channel
spot = {"enable_managed_spot_training": True,
        "stopping_condition": {"max_runtime_in_seconds": 600, "max_wait_time_in_seconds": 600}}
members = {
    "limit": {"stopping_condition": {"max_runtime_in_seconds": 600 if config.get("unlimited") else 2}},
    "no-channel": {"input_data_config": [Channel.s3("code", "s3://trial-data/nothing/")]},
    "resumed": spot | {"checkpoint_config": {"s3_uri": "s3://trial-data/checkpoints/"}},
    "begun-again": spot,
}
for name in NAMES:
    result = trained(name, **members.get(name, {}))
    pulumi.export(name, pulumi.Output.all(result.ended_by, result.final_metrics, result.model_artifacts))
"""


def prepare(trial: Trial, *names: str) -> None:
    """Place the programs into the bucket, permit them, and declare a job for each."""
    (trial.root / "localaws.toml").write_text('[images."*/train:*"]\n')
    for name in names:
        body = (ML + PROGRAMS[name]).encode()
        trial.aws("s3").put_object(Bucket="trial-data", Key=f"code/{name}/train.py", Body=body)
    trial.program(PROGRAM + f"\nNAMES = {names!r}\n" + JOBS)


def reclaim(trial: Trial, running: Running, name: str) -> None:
    """Take the Spot instances of a job away when it has logged; one without checkpoints ends the next time."""
    job = running.await_job("InProgress", name)
    wait_until(lambda: "loss=0" in logged(trial, job), running.text)
    trial.aws("s3").put_object(Bucket="trial-data", Key="code/begun-again/again", Body=b"")
    rule = {"kind": "interrupt", "match": job, "times": 1}  # of this job: `up` describes others, too
    trial._ask("POST", "faults", rule)  # pyright: ignore[reportPrivateUsage]
    trial.aws("sagemaker").describe_training_job(TrainingJobName=job)


def failing(text: str, name: str) -> str:
    """The diagnostics of a result."""
    return text.partition(f"TrainingResult ({name}):\n")[2].partition("\n\n")[0]


def test_every_end_is_told_as_it_happened(cloud: Trial) -> None:
    """Real failures with their reasons, a limit with the model that was saved, reclaimed instances, a completion."""
    prepare(cloud, *PROGRAMS)
    with Running(cloud, "--continue-on-error") as running:
        for name in ("resumed", "begun-again"):
            reclaim(cloud, running, name)
        up = running.outcome()
    reasons = {
        "exception": "AlgorithmError: , exit code: 1",
        "exit": "AlgorithmError: , exit code: 3",
        "failure-file": "AlgorithmError: the rows are wrong, exit code: 1",
        "memory": "ClientError: Please use an instance type with more memory",
        "no-channel": "ClientError: Data download failed:No S3 objects found",
    }

    assert up.code != 0
    assert {name: reason in failing(up.text, name) for name, reason in reasons.items()} == dict.fromkeys(reasons, True)
    assert "ValueError: no rows" in failing(up.text, "exception"), "the last lines of the log"
    assert "The container ran out of memory" in failing(up.text, "memory")
    outputs = cloud.outputs()
    assert outputs["limit"][0] == "max_runtime_exceeded"
    assert outputs["completed"][:2] == ["completed", {"loss": 0.25}]
    assert (outputs["resumed"][1], outputs["begun-again"][1]) == ({"loss": 7}, {"loss": 0})
    assert up.text.count("spot interruptions: 1") >= 2
    for name, content in (("limit", b"saved"), ("completed", b"1")):
        bucket, _, key = outputs[name][2].removeprefix("s3://").partition("/")
        body = cloud.aws("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
        with tarfile.open(fileobj=io.BytesIO(body)) as archive:
            member = archive.extractfile("weights")
            assert member is not None
            assert member.read() == content


def test_a_job_whose_server_was_killed_has_failed(cloud: Trial) -> None:
    """The `up` that waits for it says so once an AWS is there again."""
    prepare(cloud, "limit")
    project = find_project(cloud.root)
    server = json.loads(project.server_file.read_text())
    with Running(cloud, "--config", "unlimited=1") as up:
        up.await_text("TrainingResult limit  Training")
        os.kill(server["pid"], signal.SIGKILL)
        up.await_text("status unavailable")
        words = ("--port", str(server["port"]), "--state-file", str(project.server_file))
        following = subprocess.Popen(
            [sys.executable, "-m", "localaws.server", *words], env=for_server(cloud.environment(), project)
        )
        ended = up.outcome()
    following.terminate()
    following.wait()

    assert ended.code != 0
    assert "InternalServerError: The local AWS has ended while the training job was running" in ended.text
