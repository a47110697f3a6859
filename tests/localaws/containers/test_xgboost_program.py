"""SageMaker's XGBoost as a program: the container's contract, its data formats, its log, and its ends."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

import numpy as np
import pytest

from localaws.containers.xgboost.__main__ import main
from localaws.containers.xgboost.errors import caused_by

if TYPE_CHECKING:
    from collections.abc import Mapping

xgb: Any = pytest.importorskip("xgboost", reason="the extra [train] is not installed")

DATA = Path(__file__).parents[3] / "stacks" / "data"
PENGUINS = {"objective": "multi:softprob", "num_class": "3", "num_round": "50"}
ENOUGH = 0.95
"""Of the validation rows. 0.9855 was measured: one of 69 is wrong, and three more may be with another version."""
ROWS = "0,1.5,2\n1,2.5,3\n0,1.25,2\n1,2.75,3\n" * 5
TWO = {"num_round": "2"}
CSV = {"ContentType": "text/csv"}


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that stands for /opt/ml."""
    monkeypatch.setenv("SAGEMAKER_BASE_DIR", str(tmp_path))
    monkeypatch.setattr(
        "localaws.containers.xgboost.callbacks.signal.signal", Mock()
    )  # here it is not the only program
    return tmp_path


def furnish(
    base: Path,
    hyper_parameters: Mapping[str, str],
    files: Mapping[str, str],
    channel: Mapping[str, str] | None = None,
    **config: Any,
) -> None:
    """What SageMaker puts into a container: configuration, and the files of channels."""
    names = {path.partition("/")[0] for path in files}
    channels = {name: {"TrainingInputMode": "File", **(CSV if channel is None else channel)} for name in names}
    written = {"hyperparameters": hyper_parameters, "inputdataconfig": channels, **config}
    for path, text in {
        **{f"config/{name}.json": json.dumps(content) for name, content in written.items()},
        **{f"data/{path}": text for path, text in files.items()},
    }.items():
        file = base / "input" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def trained(base: Path) -> Any:
    """The model that the program left, as users load it."""
    assert main(["train"]) == 0
    booster = xgb.Booster()
    booster.load_model(bytearray((base / "model" / "xgboost-model").read_bytes()))
    return booster


def failure(base: Path) -> str:
    """The reason that the program left."""
    assert main(["train"]) == 1
    assert not (base / "model" / "xgboost-model").exists()
    return (base / "output" / "failure").read_text()


def test_the_penguins_are_told_apart(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On the data of the sample, with a line for each round as SageMaker's metric definitions expect."""
    files = {f"{name}/penguins.csv": (DATA / f"{name}.csv").read_text() for name in ("train", "validation")}
    furnish(base, PENGUINS, files)

    booster = trained(base)

    rows = np.loadtxt(DATA / "validation.csv", delimiter=",")
    predicted = booster.predict(xgb.DMatrix(rows[:, 1:])).argmax(axis=1)
    assert np.mean(predicted == rows[:, 0]) >= ENOUGH
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("[") and "\t" in line]
    assert len(lines) == 50
    assert re.fullmatch(r"\[49\]\ttrain-mlogloss:\d\.\d{5}\tvalidation-mlogloss:\d\.\d{5}", lines[-1])


def test_metrics_that_xgboost_lacks_are_printed(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Beside its own."""
    furnish(
        base, {"objective": "binary:logistic", "num_round": "3", "eval_metric": "auc,f1,accuracy"}, {"train/a": ROWS}
    )

    trained(base)

    assert re.search(
        r"^\[2\]\ttrain-auc:1\.00000\ttrain-f1:1\.00000\ttrain-accuracy:1\.0", capsys.readouterr().out, re.MULTILINE
    )


@pytest.mark.parametrize("content_type", [None, "text/libsvm", "text/x-libsvm; charset=utf8"])
def test_data_without_a_content_type_is_libsvm(base: Path, content_type: str | None) -> None:
    """With weights behind labels; what a file leaves out is empty, also where another file has more columns."""
    channel = {"ContentType": content_type} if content_type else {}
    files = {"train/a": "0:0.5 0:1.5 2:2\n1:2 0:2.5 2:3\n" * 9, "validation/a": "0 0:1 1:2\n1 0:3\n"}
    furnish(base, {"num_round": "2"}, files, channel)

    assert trained(base).num_features() == 3


def test_csv_may_have_weights_and_empty_fields(base: Path) -> None:
    """Then the second column is no feature, and an empty field is a missing value."""
    furnish(base, {"num_round": "2", "csv_weights": "1"}, {"train/a.csv": "0;2;1.5;\n1;1;;3\n" * 9})

    assert trained(base).num_features() == 2


def test_hidden_files_are_no_data(base: Path) -> None:
    """Those that begin with a dot or an underscore; files may be in folders."""
    furnish(base, {"num_round": "2"}, {"train/part/a.csv": ROWS, "train/_SUCCESS": "done", "train/.b": "x"})

    assert trained(base).num_boosted_rounds() == 2


@pytest.mark.parametrize(
    ("hyper_parameters", "files", "channel", "reason"),
    [
        ({"num_round": "2", "eta": "2"}, {"train/a": ROWS}, CSV, "Hyperparameter eta: 2.0 is not in [0, 1]"),
        ({}, {"train/a": ROWS}, CSV, "Missing required hyperparameter: num_round"),
        (TWO, {"validation/a": ROWS}, CSV, "Missing required channel: train"),
        (TWO, {"train/a": ROWS, "test/a": ROWS}, CSV, "Extraneous channel found: test"),
        (TWO, {"train/_a": ROWS}, CSV, "No data in training channel path "),
        (TWO, {"train/a": ROWS, "validation/a": ""}, CSV, "No data in validation channel path "),
        (
            TWO,
            {"train/a": ROWS},
            {"ContentType": "text/xml"},
            "text/xml is not an accepted ContentType: ",
        ),
        (
            TWO,
            {"train/a": ROWS},
            {"ContentType": "text/csv;label_size=0"},
            "text/csv;label_size=0 is not an accepted csv ContentType. Optional parameter label_size must be ",
        ),
        (TWO, {"train/a": ROWS}, {}, "First line '0,1.5,2...' of file 'a' is not 'LIBSVM' format."),
        (
            TWO,
            {"train/a": "species,x\n" + ROWS},
            CSV,
            "Failed to load csv data with exception:\na, line 1: ",
        ),
        (
            TWO,
            {"train/a": "0,1\n1\n"},
            CSV,
            "Failed to load csv data with exception:\na, line 2: got 1 col",
        ),
        (
            TWO,
            {"train/a": ROWS},
            {**CSV, "TrainingInputMode": "Pipe"},
            "Pipe mode for CSV is no longer supported.",
        ),
        (
            {"num_round": "2", "objective": "multi:softmax", "num_class": "2"},
            {"train/a": ROWS.replace("1,2", "7,2")},
            CSV,
            "SoftmaxMultiClassObj: label must be discrete values in the range of [0, num_class).",
        ),
    ],
)
def test_what_a_user_can_avoid_is_told_in_the_words_of_aws(
    base: Path, hyper_parameters: dict[str, str], files: dict[str, str], channel: dict[str, str], reason: str
) -> None:
    """In the file from which SageMaker takes the reason, and without a model."""
    furnish(base, hyper_parameters, files, channel)

    assert failure(base).startswith(reason)


def test_training_resumes_from_the_newest_checkpoint(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The rounds are counted on, five checkpoints are kept, and the model is that of an uninterrupted run."""
    config = {"checkpointconfig": {"S3Uri": "s3://b/c", "LocalPath": "/opt/ml/checkpoints"}}
    furnish(base, {"num_round": "7"}, {"train/a": ROWS}, **config)
    trained(base)
    names = sorted(each.name for each in (base / "checkpoints").iterdir())
    assert names == [f"xgboost-checkpoint.{number}" for number in range(2, 7)]

    capsys.readouterr()
    furnish(base, {"num_round": "9"}, {"train/a": ROWS}, **config)
    resumed = trained(base)
    assert re.findall(r"^\[(\d+)\]\t", capsys.readouterr().out, re.MULTILINE) == ["7", "8"]

    furnish(base, {"num_round": "9"}, {"train/a": ROWS}, checkpointconfig={})
    assert resumed.get_dump() == trained(base).get_dump()


def test_an_early_stop_keeps_the_best_rounds(base: Path) -> None:
    """By the last metric, on the validation channel."""
    wrong = {"num_round": "40", "eval_metric": "rmse", "early_stopping_rounds": "2"}
    furnish(base, wrong, {"train/a": ROWS, "validation/a": ROWS.replace("0,", "9,")})

    assert trained(base).num_boosted_rounds() < 40


STACK = "\nStack trace:\n  [bt] (0) libxgboost.so(+0x11031e) [0x7f28a131031e]\n\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (f"[02:58:47] /src/regression_obj.cu:83: label must be non-negative.{STACK}", "label must be non-negative."),
        (f"[02:58:47] /src/obj.cu:114: Check failed: is_valid: base_score is wrong.{STACK}", "base_score is wrong."),
        (f"[02:58:47] /src/a.cc:1: Check failed: a.Size() == b (3 vs. 4) : sizes differ{STACK}", "sizes differ"),
        (f"[02:58:47] /src/a.cc:1: Check failed: fd >= 0{STACK}", "Check failed: fd >= 0"),
        (
            "value 0 for Parameter num_class\nnum_class: the number",
            "value 0 for Parameter num_class\nnum_class: the number",
        ),
    ],
)
def test_the_sentence_of_a_native_error_comes_without_its_place_and_stack(words: str, sentence: str) -> None:
    """The class follows, as AWS's containers write it."""
    assert caused_by(ValueError(words)) == f"{sentence} (caused by ValueError)"


def test_the_stack_of_a_native_error_stays_in_the_log(base: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The reason has no room for it."""
    objective = {"num_round": "2", "objective": "multi:softmax", "num_class": "2"}
    furnish(base, objective, {"train/a": ROWS.replace("1,2", "7,2")}, CSV)

    assert "Stack trace:" not in failure(base)
    assert "Stack trace:" in caplog.text


def test_an_error_that_nobody_expects_is_a_failure_with_its_name(base: Path) -> None:
    """Here a configuration that is no JSON."""
    furnish(base, {"num_round": "2"}, {"train/a": ROWS})
    (base / "input" / "config" / "hyperparameters.json").write_text("{")

    assert failure(base).startswith("JSONDecodeError: ")


@pytest.mark.parametrize(("saves", "ends"), [("true", 0), ("false", -signal.SIGTERM)])
def test_sigterm_ends_the_training_with_the_model_where_that_is_wanted(base: Path, saves: str, ends: int) -> None:
    """In a process of its own, after the round in which it comes."""
    endless = {"num_round": "1000000", "save_model_on_termination": saves}
    furnish(base, endless, {"train/a": ROWS})
    command = [sys.executable, "-m", "localaws.containers.xgboost", "train"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ}) as process:
        assert process.stdout
        assert any(line.startswith("[3]\t") for line in process.stdout)
        process.terminate()
        process.stdout.read()

    assert process.returncode == ends
    assert (base / "model" / "xgboost-model").exists() == (ends == 0)


def test_several_hosts_train_one_model(tmp_path: Path) -> None:
    """Each with its own rows. The first prints the metrics and writes the model, also after a SIGTERM to another."""
    hosts = ["127.80.80.1", "127.80.80.2"]  # an address is its own name
    rows = [ROWS, "1,8.5,3\n1,9.5,3\n" * 9]
    for host, text in zip(hosts, rows, strict=True):
        resources = {"hosts": hosts, "current_host": host}
        endless = {"num_round": "1000000", "save_model_on_termination": "true", "max_depth": "2"}
        furnish(tmp_path / host, endless, {"train/a": text}, resourceconfig=resources)
    command = [sys.executable, "-m", "localaws.containers.xgboost", "train"]
    first, second = (
        subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "SAGEMAKER_BASE_DIR": str(tmp_path / host), "OMP_NUM_THREADS": "1"},
        )
        for host in hosts
    )
    with first, second:
        assert first.stdout
        assert second.stdout
        assert any(line.startswith("[3]\ttrain-rmse:") for line in first.stdout)
        second.terminate()
        first.stdout.read()
        assert "[3]\t" not in second.stdout.read()

    assert (first.returncode, second.returncode) == (0, 0)
    written = [(tmp_path / host / "model" / "xgboost-model").exists() for host in hosts]
    assert written == [True, False]


def test_only_training_is_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    """AWS's image also serves; this program does not."""
    assert main(["serve"]) == 2
    assert "usage" in capsys.readouterr().err
