"""The scripts that the SageMaker SDK's ModelTrainer sends along run as they are."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from localaws.server.execution.host import probe
from localaws.server.execution.launchers import mounts_in
from tests.localaws.execution.conftest import IMAGE
from tests.localaws.server.server_support import channel

if TYPE_CHECKING:
    from pathlib import Path

    from tests.localaws.execution.conftest import Workshop

SDK = "sagemaker-train==1.27.0"
DRIVERS = "sagemaker/train/container_drivers/"
SCRIPT = """
import os, pathlib, sys
print("script", sys.argv[1:], os.environ["SM_CURRENT_HOST_RANK"], os.environ["SM_SOURCE_DIR"])
pathlib.Path(os.environ["SM_MODEL_DIR"], "model.txt").write_text("trained")
"""


@pytest.fixture
def sdk(tmp_path: Path) -> Path:
    """The files of the SDK's wheel."""
    if refused := probe(mounts_in(tmp_path / "probe")):
        pytest.skip(f"the scripts name /opt/ml, which cannot be private here: {refused}")
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", tmp_path, SDK]
    done = subprocess.run(pip, capture_output=True, check=False, text=True)
    if done.returncode:
        pytest.skip(f"{SDK} cannot be had: {done.stderr.strip().splitlines()[-1:]}")
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        wheel.extractall(tmp_path / "sdk")
    return tmp_path / "sdk"


def test_the_drivers_of_the_sdk_run_unchanged(sdk: Path, workshop: Workshop) -> None:
    """The entry point that ModelTrainer sends, its drivers, a script with hyperparameters."""
    templates = runpy.run_path(str(sdk / "sagemaker/train/templates.py"))
    train = templates["TRAIN_SCRIPT_TEMPLATE"].format(
        working_dir="cd /opt/ml/input/data/code \n",
        install_requirements="",
        execute_driver=templates["EXECUTE_BASIC_SCRIPT_DRIVER"],
    )
    objects = {
        "sm_drivers/sm_train.sh": train,
        "sm_drivers/sourcecode.json": json.dumps({"entry_script": "train.py"}),
        "sm_drivers/distributed.json": "{}",
        "code/train.py": SCRIPT,
    }
    for path in (sdk / DRIVERS).rglob("*.py"):
        objects[f"sm_drivers/{path.relative_to(sdk / DRIVERS)}"] = path.read_text()
    s3 = workshop.server.client("s3")
    for key, text in objects.items():
        s3.put_object(Bucket="data", Key=f"trainer/{key}", Body=text.encode())
    script = "/opt/ml/input/data/sm_drivers/sm_train.sh"
    name = workshop.trainer.create(
        AlgorithmSpecification={
            "TrainingImage": IMAGE,
            "TrainingInputMode": "File",
            "ContainerEntrypoint": ["/bin/bash"],
            "ContainerArguments": ["-c", f"chmod +x {script} && {script}"],
        },
        HyperParameters={"epochs": "3"},
        InputDataConfig=[channel(f"s3://data/trainer/{each}/", each) for each in ("code", "sm_drivers")],
    )
    job = workshop.trainer.wait(name)

    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    assert "script ['--epochs', '3'] 0 /opt/ml/input/data/code" in workshop.log(name)
    assert workshop.archive(f"output/{name}/output/model.tar.gz") == {"model.txt": "trained"}
