"""A program of one's own: what its change means, as the real engine shows it and carries it out."""

from __future__ import annotations

import os
import re
import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from localaws.trial import Trial

pytestmark = pytest.mark.engine

PROGRAM = """
from sagemaker_constructs import TrainingCode

code = TrainingCode("code", "src", entry_point="train.py", bucket=bucket)
job = TrainingJob("digits", spec(hyper_parameters={**code.hyper_parameters, "alpha": 0.5}), role=role)
pulumi.export("code", code.uri)
"""


def test_changed_code_is_one_new_job_and_the_same_code_none(trial: Trial) -> None:
    """The preview names the changed files; a copy of the folder with other times and modes is the same code."""
    source = trial.root / "src"
    (source / "lib").mkdir(parents=True)
    (source / "train.py").write_text("from lib import model\n")
    (source / "lib" / "model.py").write_text("DEPTH = 4\n")
    (source / "unused.py").write_text("")
    trial.program(PROGRAM)
    trial.up()
    (first,) = trial.jobs()
    archive = trial.outputs()["code"]
    request = trial.aws("sagemaker").describe_training_job(TrainingJobName=first)
    assert request["HyperParameters"]["sagemaker_submit_directory"] == archive

    shutil.copytree(source, trial.root / "elsewhere")
    shutil.rmtree(source)
    (trial.root / "elsewhere").rename(source)
    for file in source.rglob("*.py"):
        os.utime(file, (1, 1))
        file.chmod(0o755)
    trial.up("--expect-no-changes")

    (source / "lib" / "model.py").write_text("DEPTH = 5\n")
    (source / "unused.py").unlink()
    (source / "helper.py").write_text("")
    shown = trial.preview().text
    assert "TrainingCode code update [diff: +helper.py-unused.py~lib/model.py]; 3 files, " in shown
    assert re.search(r"replaced because hyper_parameters\.sagemaker_submit_directory changed \(.* → .*\), which", shown)
    trial.up()
    assert len(trial.jobs()) == 2

    keys = [each["Key"] for each in trial.aws("s3").list_objects_v2(Bucket="trial-data", Prefix="code/")["Contents"]]
    assert len(keys) == 2, "the code of the earlier model stays"
    (source / "lib" / "model.py").write_text("DEPTH = 4\n")
    (source / "unused.py").write_text("")
    (source / "helper.py").unlink()
    trial.up()
    assert len(trial.jobs()) == 2, "the earlier model is there at once"
