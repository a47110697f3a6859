"""Ten jobs that really train at the same time, beside ten runs of the bare script, one after the other.

Input: none. Output: the time from the first job's creation to the last one's end, and that of the bare runs.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from bench.table import Row
from localaws.trial import QUICK, Trial

if TYPE_CHECKING:
    from collections.abc import Iterator

TITLE = "Ten XGBoost jobs in a loop, which train at the same time"
_JOBS = 10
_ROWS = 20_000
_COLUMNS = 20
_ROUNDS = 60
_PROGRAM = f"""
import pulumi
from sagemaker_constructs import *

for number in range({_JOBS}):
    TrainingJob(f"job-{{number}}", TrainingJobSpec(
        algorithm_specification=AlgorithmSpecification(
            training_image="141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1",
            training_input_mode="File"),
        hyper_parameters={{"objective": "binary:logistic", "num_round": {_ROUNDS}, "seed": number}},
        input_data_config=[Channel.s3("train", "s3://trial-data/train/", content_type="text/csv")],
        output_data_config=OutputDataConfig(s3_output_path="s3://trial-data/models"),
        resource_config=ResourceConfig(instance_type="ml.m5.large", instance_count=1, volume_size_in_gb=10),
        role_arn="arn:aws:iam::123456789012:role/trial"))
"""
_BARE = f"""
import sys
import numpy, xgboost
table = numpy.loadtxt(sys.argv[1], delimiter=",")
data = xgboost.DMatrix(table[:, 1:], table[:, 0])
settings = {{"objective": "binary:logistic", "seed": int(sys.argv[2])}}
booster = xgboost.train(settings, data, {_ROUNDS}, evals=[(data, "train")])
booster.save_model(sys.argv[1] + ".json")
"""


def measure() -> Iterator[Row]:
    """One row."""
    with TemporaryDirectory() as folder:
        table = Path(folder) / "table.csv"
        table.write_text(_table())
        bare = time.monotonic()
        for number in range(_JOBS):
            words = [sys.executable, "-c", _BARE, str(table), str(number)]
            subprocess.run(words, check=True, capture_output=True, env=dict(os.environ))
        alone = time.monotonic() - bare
        yield Row(f"{_JOBS} jobs, from the first creation to the last end", _trained(table), "s", alone, "bare runs")


def _trained(table: Path) -> float:
    """The seconds that ten jobs take."""
    with TemporaryDirectory() as root:
        trial = Trial(Path(root), QUICK)
        trial.furnish()
        trial.aws("s3").upload_file(str(table), "trial-data", "train/table.csv")
        trial.program(_PROGRAM)
        trial.up()
        for name in trial.jobs():
            trial.await_job(name, "Completed", seconds=600)
        sagemaker: Any = trial.aws("sagemaker")
        described = [sagemaker.describe_training_job(TrainingJobName=name) for name in trial.jobs()]
        trial.end()
        ends = max(each["TrainingEndTime"] for each in described)
        return (ends - min(each["CreationTime"] for each in described)).total_seconds()


def _table() -> str:
    """Rows of a label and of numbers that it depends on."""
    drawn = random.Random(1)
    rows: list[str] = []
    for _ in range(_ROWS):
        values = [drawn.gauss(0, 1) for _ in range(_COLUMNS)]
        rows.append(f"{int(sum(values[:3]) > 0)}," + ",".join(f"{value:.4f}" for value in values))
    return "\n".join(rows) + "\n"
