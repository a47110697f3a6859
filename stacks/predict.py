"""Scores penguins with the model of a stack.

`make predict`, or `pulumi stack output --json | python stacks/predict.py [39.1,18.7,181,3750 ...]`

Input: the outputs of the stack, and rows of measurements as in `data/README.md`; without rows, those of validation.csv,
whose species are known. Output: the species of each row, or how many of them are right. AWS is reached as boto3 does.
"""

from __future__ import annotations

import io
import json
import sys
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlparse

import boto3
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

SPECIES = ("Adelie", "Chinstrap", "Gentoo")
MEASUREMENTS = 4
VALIDATION = Path(__file__).parent / "data" / "validation.csv"
_FILE = "xgboost-model"
"""What SageMaker's XGBoost calls its model."""


def report(outputs: Mapping[str, Any], rows: Sequence[str]) -> Iterator[str]:
    """The lines of the report."""
    location = outputs["model_artifacts"]
    yield f"model: {location}"
    for name, value in sorted((outputs.get("final_metrics") or {}).items()):
        yield f"{name}: {value:.5g}"
    model = load(location)
    if model is None:
        yield "the job was simulated, so its model predicts nothing: see docs/local-training.md"
    elif rows:
        for row, scores in zip(rows, model(np.array([measured(row) for row in rows])), strict=True):
            yield f"{row}: {SPECIES[scores.argmax()]} ({scores.max():.3f})"
    else:
        known = np.loadtxt(VALIDATION, delimiter=",")
        right = int(np.sum(model(known[:, 1:]).argmax(axis=1) == known[:, 0]))
        yield f"accuracy: {right / len(known):.4f} ({right} of {len(known)} rows of {VALIDATION.name})"


def measured(row: str) -> list[float]:
    """The measurements of a row.

    Raises:
        SystemExit: these are not as many numbers as the model was trained with.
    """
    try:
        values = [float(value) for value in row.split(",")]
    except ValueError:
        values = []
    if len(values) != MEASUREMENTS:
        raise SystemExit(f"row {row!r}: expected {MEASUREMENTS} numbers, such as 39.1,18.7,181,3750")
    return values


def load(location: str) -> Any:
    """The model in S3 as a function of rows; None where the archive has none."""
    place = urlparse(location)
    archive = boto3.client("s3").get_object(Bucket=place.netloc, Key=place.path.removeprefix("/"))["Body"].read()
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        if _FILE not in files.getnames():
            return None
        found = files.extractfile(_FILE)
        content = found.read() if found else b""
    import xgboost as xgb  # noqa: PLC0415  a model that is simulated needs none

    booster = xgb.Booster()
    booster.load_model(bytearray(content))

    def predict(rows: Any) -> Any:
        return booster.predict(xgb.DMatrix(rows))

    return predict


if __name__ == "__main__":
    for line in report(json.load(sys.stdin), sys.argv[1:]):
        sys.stdout.write(f"{line}\n")
