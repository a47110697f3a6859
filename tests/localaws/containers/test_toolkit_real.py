"""The variables and the command line of a script are those of SageMaker's own training toolkit, one by one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

PACKAGE = "sagemaker-training"
VERSION = "5.1.4"

REAL = """
import sys
from sagemaker_training import environment, process
env = environment.Environment()
sys.path.insert(0, environment.code_dir)
variables = env.to_env_vars()
environment.write_env_vars(dict(variables))
process.ProcessRunner(env.user_entry_point, env.to_cmd_args(), variables, 1).run(capture_error=True)
"""
"""What the toolkit does with a script, without its launchers of distributed training, which need more packages."""

SCRIPT = """
import json, os, pathlib, sys
pathlib.Path("seen.json").write_text(json.dumps({"variables": dict(os.environ), "words": sys.argv[1:]}))
"""

ONE = {
    "current_host": "algo-1",
    "current_instance_type": "ml.m5.large",
    "current_group_name": "homogeneousCluster",
    "hosts": ["algo-1"],
    "instance_groups": [
        {"instance_group_name": "homogeneousCluster", "instance_type": "ml.m5.large", "hosts": ["algo-1"]}
    ],
    "network_interface_name": "lo",
}
TWO_GROUPS = ONE | {
    "current_host": "algo-3",
    "current_group_name": "gpu",
    "hosts": ["algo-1", "algo-2", "algo-3"],
    "instance_groups": [
        {"instance_group_name": "cpu", "instance_type": "ml.m5.large", "hosts": ["algo-1", "algo-2"]},
        {"instance_group_name": "gpu", "instance_type": "ml.g5.xlarge", "hosts": ["algo-3"]},
    ],
}
HYPERPARAMETERS = {
    "epochs": "3",
    "lr": "0.1",
    "l": "x y",
    "layers": "[1, 2]",
    "options": '{"b": 2, "a": 1}',
    "quoted": '"text"',
    "nothing": "null",
    "flag": "true",
    "sagemaker_program": '"train.py"',
    "sagemaker_region": "eu-west-1",
    "sagemaker_job_name": '"named"',
    "sagemaker_container_log_level": "10",
    "sagemaker_instance_type": "ml.m5.large",
    "_tuning_objective_metric": "rmse",
}
CASES: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "one instance, every kind of hyperparameter": (HYPERPARAMETERS, ONE),
    "two groups": ({"sagemaker_program": "train.py"}, TWO_GROUPS),
    "a distribution's group": (
        {"sagemaker_program": "train.py", "sagemaker_distribution_instance_groups": '["cpu"]'},
        TWO_GROUPS,
    ),
}
CHANNELS = {
    name: {"TrainingInputMode": "File", "S3DistributionType": "FullyReplicated", "RecordWrapperType": "None"}
    for name in ("validation", "train-set")
}
OF_THE_PROCESS = {"PYTHONPATH", "LC_CTYPE"}
"""Variables that have the real one's own search path, and that an interpreter sets for itself."""


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the toolkit's modules, and the one package that these need and this project lacks."""
    folder = tmp_path_factory.mktemp("real")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    wanted = [
        "--no-deps",
        "--no-build-isolation",
        "--no-binary",
        "sagemaker-training",
        f"sagemaker-training=={VERSION}",
    ]
    steps = ([*pip, "download", "--dest", folder, *wanted], [*pip, "install", "--no-deps", "--target", folder, "six"])
    for step in steps:
        done = subprocess.run(step, capture_output=True, check=False, text=True)
        if done.returncode:
            pytest.skip(f"{PACKAGE} {VERSION} cannot be had: {done.stderr.strip().splitlines()[-1:]}")
    with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
        archive.extractall(folder, filter="data")
    return folder


def seen(base: Path, words: list[str], **variables: str) -> dict[str, Any]:
    """What the script sees when a toolkit runs it."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    own = {"SAGEMAKER_BASE_DIR": str(base), "TRAINING_JOB_NAME": "job", "AWS_DEFAULT_REGION": "eu-west-1"}
    subprocess.run([sys.executable, "-P", *words], check=True, env=kept | own | variables, capture_output=True)
    return json.loads((base / "code/seen.json").read_text())


@pytest.mark.parametrize("case", CASES)
def test_a_script_sees_what_the_real_toolkit_shows_it(case: str, real: Path, tmp_path: Path) -> None:
    """Every variable, and the arguments; with the code folder first on the search path."""
    hyperparameters, resources = CASES[case]
    for folder in ("code", "input/config", "output/data", "model"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "code/train.py").write_text(SCRIPT)
    hyperparameters = hyperparameters | {"sagemaker_submit_directory": json.dumps(str(tmp_path / "code"))}
    files = {"hyperparameters": hyperparameters, "resourceconfig": resources, "inputdataconfig": CHANNELS}
    for name, content in files.items():
        (tmp_path / f"input/config/{name}.json").write_text(json.dumps(content))
    paths = f"{real}{os.pathsep}{next(real.glob('sagemaker_training-*/src'))}"

    theirs = seen(tmp_path, ["-c", REAL], PYTHONPATH=paths)
    ours = seen(tmp_path, ["-m", "localaws.containers.toolkit", "train"])

    assert ours["words"] == theirs["words"]
    assert {each["variables"]["PYTHONPATH"].split(os.pathsep)[0] for each in (ours, theirs)} == {str(tmp_path / "code")}
    for name in OF_THE_PROCESS:
        ours["variables"].pop(name, None)
        theirs["variables"].pop(name, None)
    assert ours["variables"] == theirs["variables"]
    assert "SM_CHANNEL_TRAIN-SET" in ours["variables"]
