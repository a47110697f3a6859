"""`make predict`: the model of the stack's outputs, from S3, on penguins."""

from __future__ import annotations

import io
import tarfile
from typing import Any

import boto3
import numpy as np
import pytest

from stacks.predict import VALIDATION, report
from tests.stacks.test_environments import ROOT

xgb: Any = pytest.importorskip("xgboost", reason="the extra [train] of pulumi-localaws is not installed")

LOCATION = "s3://penguins-1/models/penguins-abc/output/model.tar.gz"
ADELIE, GENTOO = "39.1,18.7,181,3750", "50.0,15.2,218,5700"


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """What S3 has, by address."""
    objects: dict[str, bytes] = {}

    class S3:
        def get_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803  boto3's names
            return {"Body": io.BytesIO(objects[f"s3://{Bucket}/{Key}"])}

    monkeypatch.setattr(boto3, "client", {"s3": S3()}.__getitem__)
    return objects


def archive(name: str, content: bytes) -> bytes:
    """A model as SageMaker stores it."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as files:
        entry = tarfile.TarInfo(name)
        entry.size = len(content)
        files.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


@pytest.fixture(scope="module")
def model() -> bytes:
    """A model of the training rows."""
    rows = np.loadtxt(ROOT / "stacks" / "data" / "train.csv", delimiter=",")
    params = {"objective": "multi:softprob", "num_class": 3, "max_depth": 4}
    return bytes(xgb.train(params, xgb.DMatrix(rows[:, 1:], rows[:, 0]), 20).save_raw("ubj"))


def test_the_validation_rows_are_scored(stored: dict[str, bytes], model: bytes) -> None:
    """With the metrics of the job."""
    stored[LOCATION] = archive("xgboost-model", model)

    lines = list(report({"model_artifacts": LOCATION, "final_metrics": {"validation:mlogloss": 0.0301512}}, []))

    assert lines[:2] == [f"model: {LOCATION}", "validation:mlogloss: 0.030151"]
    accuracy, _, counts = lines[2].removeprefix("accuracy: ").partition(" ")
    assert float(accuracy) >= 0.95
    assert counts.endswith(f"of 69 rows of {VALIDATION.name})")


def test_given_rows_are_told_apart(stored: dict[str, bytes], model: bytes) -> None:
    """Each with its species."""
    stored[LOCATION] = archive("xgboost-model", model)

    _, first, second = report({"model_artifacts": LOCATION}, [ADELIE, GENTOO])

    assert first.startswith(f"{ADELIE}: Adelie (0.9")
    assert second.startswith(f"{GENTOO}: Gentoo (0.9")


def test_a_simulated_model_predicts_nothing(stored: dict[str, bytes]) -> None:
    """And the report says why."""
    stored[LOCATION] = archive("model.json", b"{}")

    assert "simulated" in list(report({"model_artifacts": LOCATION}, []))[-1]


@pytest.mark.parametrize("row", ["39.1,18.7,181", "a,b,c,d", ""])
def test_a_row_that_is_none_is_refused_in_a_sentence(stored: dict[str, bytes], model: bytes, row: str) -> None:
    """It would be scored, or end in a traceback."""
    stored[LOCATION] = archive("xgboost-model", model)

    with pytest.raises(SystemExit, match=f"row '{row}': expected 4 numbers"):
        list(report({"model_artifacts": LOCATION}, [ADELIE, row]))
