"""Fits a line through points. SageMaker sets no SM_* variables for it: everything is below /opt/ml."""

import argparse
import csv
import json
import os
from pathlib import Path

arguments = argparse.ArgumentParser()
arguments.add_argument("--digits", type=int, default=2)
given = arguments.parse_args()

base = Path(os.environ.get("SAGEMAKER_BASE_DIR", "/opt/ml"))  # only outside a container is it another folder
files = sorted((base / "input" / "data" / "train").glob("*.csv"))
points = [tuple(map(float, row)) for file in files for row in csv.reader(file.read_text().splitlines())]
middle_x, middle_y = (sum(values) / len(points) for values in zip(*points, strict=True))
slope = sum((x - middle_x) * (y - middle_y) for x, y in points) / sum((x - middle_x) ** 2 for x, _ in points)
line = {"slope": round(slope, given.digits), "intercept": round(middle_y - slope * middle_x, given.digits)}
print(f"trained: {line}")
(base / "model" / "line.json").write_text(json.dumps(line))
