"""Trains a classifier of flowers; SageMaker's training toolkit starts it with hyperparameters as arguments."""

import argparse
import os
from pathlib import Path

import joblib
import numpy as np
from model import classifier

arguments = argparse.ArgumentParser()
arguments.add_argument("--neighbours", type=int, default=3)
arguments.add_argument("--train", default=os.environ["SM_CHANNEL_TRAIN"])
arguments.add_argument("--model-dir", default=os.environ["SM_MODEL_DIR"])
given = arguments.parse_args()

rows = np.vstack([np.loadtxt(file, delimiter=",", ndmin=2) for file in sorted(Path(given.train).glob("*.csv"))])
trained = classifier(given.neighbours).fit(rows[:, 1:], rows[:, 0])
print(f"accuracy={trained.score(rows[:, 1:], rows[:, 0]):.4f}")
joblib.dump(trained, Path(given.model_dir) / "model.joblib")
