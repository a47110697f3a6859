"""The programs that the examples bring into their jobs, run as a container runs them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

EXAMPLES = Path(__file__).parents[1] / "examples"


def test_the_line_is_fitted(tmp_path: Path) -> None:
    """With the files of a training container alone."""
    (tmp_path / "model").mkdir()
    train = tmp_path / "input" / "data" / "train"
    train.mkdir(parents=True)
    (train / "points.csv").write_text("1,3\n2,5\n3,7\n")

    program = EXAMPLES / "own_entrypoint" / "src" / "fit.py"
    environment = {"PATH": os.environ["PATH"], "SAGEMAKER_BASE_DIR": str(tmp_path)}
    subprocess.run([sys.executable, str(program), "--digits", "3"], env=environment, check=True, capture_output=True)

    assert json.loads((tmp_path / "model" / "line.json").read_text()) == {"slope": 2.0, "intercept": 1.0}


def test_the_flowers_are_told_apart(tmp_path: Path) -> None:
    """With what the training toolkit passes: hyperparameters as arguments, folders as variables."""
    (tmp_path / "train").mkdir()
    shutil.copy(EXAMPLES / "script_mode" / "flowers.csv", tmp_path / "train")
    program = EXAMPLES / "script_mode" / "src" / "train.py"
    environment = {
        "PATH": os.environ["PATH"],
        "SM_CHANNEL_TRAIN": str(tmp_path / "train"),
        "SM_MODEL_DIR": str(tmp_path),
        "PYTHONDONTWRITEBYTECODE": "1",
    }

    done = subprocess.run(
        [sys.executable, str(program), "--neighbours", "3"], env=environment, check=True, capture_output=True, text=True
    )

    assert float(done.stdout.removeprefix("accuracy=")) > 0.9
    assert (tmp_path / "model.joblib").exists()
