"""The files and the start of a container, without one: from the request alone."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from localaws.server.execution.channels import name_below, unsupported
from localaws.server.execution.failures import LOST, OUT_OF_MEMORY, End, failure_reason
from localaws.server.execution.folders import configuration, instances, received
from localaws.server.execution.images import ImagesError, Row, read, row_for
from localaws.server.execution.launch import Surroundings, command, environment
from localaws.server.execution.pipes import encoded
from localaws.server.training.builtin_metrics import with_builtin_metrics
from localaws.server.training.job import Job
from localaws.server.training.logs import as_logged, metrics

if TYPE_CHECKING:
    from collections.abc import Mapping

IMAGE = "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.5.1"
XGBOOST = "141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1"
GROUPS = [
    {"InstanceGroupName": "big", "InstanceType": "ml.m5.4xlarge", "InstanceCount": 2},
    {"InstanceGroupName": "small", "InstanceType": "ml.m5.large", "InstanceCount": 9},
]


def job(**members: Any) -> Job:
    """A job that is not on any server."""
    request = {
        "TrainingJobName": "penguins",
        "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
        "OutputDataConfig": {"S3OutputPath": "s3://data/output"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
    }
    return Job("123456789012", "eu-west-1", request | members, 0.0)


def channel(**source: Any) -> dict[str, Any]:
    """A channel `rows`."""
    return {"ChannelName": "rows", "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix"} | source}}


def test_instances_are_numbered_over_all_groups_and_sorted_as_text() -> None:
    """As AWS sorts hosts: algo-10 before algo-2."""
    made = job(ResourceConfig={"InstanceGroups": GROUPS})
    eleven = instances(made)
    resources = configuration(made, eleven[2])["resourceconfig.json"]

    assert resources["current_host"] == "algo-3"
    assert (resources["current_group_name"], resources["current_instance_type"]) == ("small", "ml.m5.large")
    assert resources["hosts"][:4] == ["algo-1", "algo-10", "algo-11", "algo-2"]
    assert resources["instance_groups"][0] == {
        "instance_group_name": "big",
        "instance_type": "ml.m5.4xlarge",
        "hosts": ["algo-1", "algo-2"],
    }


def test_a_channel_is_for_the_groups_that_it_names() -> None:
    """The configuration of the other instances does not mention it."""
    made = job(ResourceConfig={"InstanceGroups": GROUPS}, InputDataConfig=[channel(InstanceGroupNames=["big"])])
    first, *_, last = instances(made)

    assert received(made.request["InputDataConfig"][0], first)
    assert list(configuration(made, first)["inputdataconfig.json"]) == ["rows"]
    assert list(configuration(made, last)["inputdataconfig.json"]) == []


def test_checkpoints_and_a_channels_own_mode_are_told() -> None:
    """With AWS's default for the path, and the word of FastFile mode."""
    rows = channel() | {"InputMode": "FastFile", "ContentType": "text/csv"}
    made = job(CheckpointConfig={"S3Uri": "s3://data/c"}, InputDataConfig=[rows])
    files = configuration(made, instances(made)[0])

    assert files["checkpointconfig.json"] == {"S3Uri": "s3://data/c", "LocalPath": "/opt/ml/checkpoints"}
    assert files["inputdataconfig.json"]["rows"] == {
        "TrainingInputMode": "FastFile",
        "S3DistributionType": "FullyReplicated",
        "RecordWrapperType": "None",
        "ContentType": "text/csv",
    }


@pytest.mark.parametrize(
    ("prefix", "key", "name"),
    [
        ("train/", "train/a.csv", "a.csv"),
        ("train", "train/deep/a.csv", "deep/a.csv"),
        ("train", "train-2.csv", "train-2.csv"),
        ("data/train", "data/train.csv", "train.csv"),
        ("data/train.csv", "data/train.csv", "train.csv"),
        ("", "a/b.csv", "a/b.csv"),
    ],
)
def test_a_file_is_named_by_what_follows_the_folder_of_its_prefix(prefix: str, key: str, name: str) -> None:
    """A prefix may be a folder, an object, or the beginning of several names."""
    assert name_below(prefix, key) == name


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (channel(S3DataType="AugmentedManifestFile"), "channel rows is of type AugmentedManifestFile"),
        ({"ChannelName": "rows", "DataSource": {"FileSystemDataSource": {}}}, "channel rows is no data in S3"),
    ],
)
def test_data_that_is_not_on_this_machine_is_named(data: dict[str, Any], words: str) -> None:
    """Such a job is simulated, and says why."""
    assert (unsupported(job(InputDataConfig=[data])) or "").startswith(words)
    assert unsupported(job(InputDataConfig=[channel()])) is None


def test_records_are_framed_and_archives_unpacked() -> None:
    """RecordIO: magic number, length, content, padding."""
    framed = encoded({"RecordWrapperType": "RecordIO"}, b"abcde")

    assert framed == bytes.fromhex("0a23d7ce 05000000") + b"abcde\0\0\0"
    assert encoded({}, b"abcde") == b"abcde"


def surroundings(**own: str) -> Surroundings:
    """A machine."""
    return Surroundings(
        port=4566, threads=2, base=None, home=Path("/h"), scratch=Path("/t"), own={"AWS_PROFILE": "production"} | own
    )


def test_an_entrypoint_gets_what_the_service_sets_and_nothing_that_the_toolkit_sets() -> None:
    """The request's variables override; the user's own credentials and pip's settings are not passed on."""
    algorithm = {"TrainingImage": IMAGE, "ContainerEntrypoint": ["python", "x.py"], "ContainerArguments": ["--a"]}
    made = job(AlgorithmSpecification=algorithm, Environment={"MODE": "fast", "OMP_NUM_THREADS": "1"})
    told = environment(made, Row(), surroundings(PIP_INDEX_URL="https://token@example.com"))

    assert command(made, Row()) == ["python", "x.py", "--a"]
    assert {name: told[name] for name in ("TRAINING_JOB_NAME", "TRAINING_JOB_ARN", "AWS_REGION", "MODE")} == {
        "TRAINING_JOB_NAME": "penguins",
        "TRAINING_JOB_ARN": "arn:aws:sagemaker:eu-west-1:123456789012:training-job/penguins",
        "AWS_REGION": "eu-west-1",
        "MODE": "fast",
    }
    assert told["OMP_NUM_THREADS"] == "1"
    assert told["AWS_ENDPOINT_URL_S3"] == "http://127.0.0.1:4566"
    assert not {name for name in told if name.startswith(("SM_", "PIP_")) or name == "AWS_PROFILE"}


def test_an_image_with_a_command_gets_train_and_one_without_the_toolkit() -> None:
    """As `docker run IMAGE train`."""
    assert command(job(), Row(train=("./run",))) == ["./run", "train"]
    assert command(job(), Row(python="/p/python"))[-3:] == ["--python", "/p/python", "train"]
    assert environment(job(), Row(), surroundings(PIP_INDEX_URL="x"))["PIP_INDEX_URL"] == "x"


def test_the_first_row_that_matches_counts(tmp_path: Path) -> None:
    """Paths start at the file's folder; what no row is for is named."""
    file = tmp_path / "localaws.toml"
    file.write_text('[images."*/pytorch-*"]\npython = "env/bin/python"\n[images."*"]\ntrain = ["true"]\n')
    rows = read(file)

    assert row_for(job(), rows) == Row(python=str(tmp_path / "env/bin/python"))
    assert row_for(job(), {}) == f"no row of localaws.toml is for the image {IMAGE}"
    assert read(tmp_path / "absent.toml") == {}


def test_the_table_of_the_guide_is_read_as_it_says(tmp_path: Path) -> None:
    """Scripts by the interpreter of pulumilocal, and a command in an environment of its own."""
    guide = (Path(__file__).parents[3] / "docs/local-training.md").read_text()
    (tmp_path / "localaws.toml").write_text(guide.partition("```toml\n")[2].partition("```")[0])
    first, second = read(tmp_path / "localaws.toml").values()

    assert first == Row()
    assert second == Row(train=["python", "-m", "trainer"], python=str(tmp_path / ".venv/bin/python"))


@pytest.mark.parametrize("text", ["images = 5", "[images.a]\ntrain = 5", "[images.a]\nrun = []", "["])
def test_a_table_that_is_not_understood_is_an_error(text: str, tmp_path: Path) -> None:
    """It names the file."""
    file = tmp_path / "localaws.toml"
    file.write_text(text)

    with pytest.raises(ImagesError, match=str(file)):
        read(file)


def test_a_mistake_in_a_table_is_named(tmp_path: Path) -> None:
    """With the row and the key, in one line: it is the progress line of a job that is simulated for it."""
    file = tmp_path / "localaws.toml"
    file.write_text("[images.'*/train:*']\npyhton = 'x'")

    with pytest.raises(ImagesError, match=r"^[^\n]*localaws.toml is not understood: \*/train:\*.pyhton: [^\n]*$"):
        read(file)


def found(_module: str) -> object:
    """What `find_spec` returns for a module that is there."""
    return object()


def missing(_module: str) -> None:
    """What `find_spec` returns for a module that is not there."""


@pytest.mark.parametrize(
    ("members", "runs"),
    [
        ({}, True),
        ({"HyperParameters": {"sagemaker_program": "train.py"}}, False),
        ({"AlgorithmSpecification": {"TrainingImage": XGBOOST, "ContainerEntrypoint": ["sh"]}}, False),
        ({"AlgorithmSpecification": {"TrainingImage": XGBOOST.replace("141502667606", "123456789012")}}, False),
    ],
)
def test_without_a_table_only_the_built_in_xgboost_runs(
    members: Mapping[str, Any], runs: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And no code that a job brings along, nor an image of the user's own by that name."""
    monkeypatch.setattr("localaws.server.execution.images.find_spec", found)
    row = row_for(job(**{"AlgorithmSpecification": {"TrainingImage": XGBOOST}, **members}), {})

    assert isinstance(row, Row) == runs
    assert not runs or command(job(), Row(train=("x",)))[-1] == "train"


def test_xgboost_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that installs it."""
    monkeypatch.setattr("localaws.server.execution.images.find_spec", missing)
    row = row_for(job(AlgorithmSpecification={"TrainingImage": XGBOOST}), {})

    assert row == "XGBoost is not installed: pip install 'pulumi-localaws[train]'"


OVER = ". The container had more than the 4096 MB that LOCALAWS_MEMORY_MEGABYTES allows on this machine"


@pytest.mark.parametrize(
    ("end", "failure", "reason"),
    [
        (End(), "", None),
        (End(code=1), "", "AlgorithmError: , exit code: 1"),
        (End(code=2), "bad", "AlgorithmError: bad, exit code: 2"),
        (End(code=-11), "", "AlgorithmError: , exit code: 139"),
        (End(code=-9), "", f"{OUT_OF_MEMORY}, exit code: 137"),
        (End(code=-9, limit="memory", most=4096 * 10**6), "", f"{OUT_OF_MEMORY}, exit code: 137{OVER}"),
        (End(code=-9, limit="memory", most=4096 * 10**6), "told", f"AlgorithmError: told, exit code: 137{OVER}"),
        (End(code=-9), "told", "AlgorithmError: told, exit code: 137"),
        (
            End(code=-9, limit="processes", most=1024),
            "",
            "AlgorithmError: The training container has started too many processes, exit code: 137",
        ),
        (End(error="x: No such file"), "", "AlgorithmError: x: No such file, exit code: 127"),
        (End(lost=True), "", LOST),
    ],
)
def test_how_a_container_ended_is_told_in_awss_words(end: End, failure: str, reason: str | None) -> None:
    """The failure file, the exit code, a signal as Docker counts it; and the limit that this machine has instead."""
    assert failure_reason(end, failure) == reason


def test_a_long_failure_is_cut_and_keeps_its_exit_code() -> None:
    """A FailureReason has 1,024 characters."""
    reason = failure_reason(End(code=1), "x" * 5000)

    assert reason is not None
    assert (len(reason), reason[-14:]) == (1024, ", exit code: 1")


def test_the_interpreter_of_scripts_is_first_on_path() -> None:
    """So that `python` in an entry point is it."""
    path = environment(job(), Row(), surroundings())["PATH"]

    assert path.startswith(f"{Path(sys.executable).parent}:")


def test_xgboost_has_the_metrics_that_sagemaker_adds() -> None:
    """39 of them, as AWS returns; each is found in a line as the log has it."""
    algorithm = with_builtin_metrics({"AlgorithmSpecification": {"TrainingImage": XGBOOST}}, "123456789012")
    made = job(AlgorithmSpecification=algorithm["AlgorithmSpecification"])
    line = as_logged("[43]\ttrain-mlogloss:0.00799\tvalidation-mlogloss:1.5e-05\tvalidation-f1_macro:1")

    assert len(made.request["AlgorithmSpecification"]["MetricDefinitions"]) == 39
    assert dict(metrics(made, [line])) == {
        "train:mlogloss": 0.00799,
        "validation:mlogloss": 1.5e-05,
        "validation:f1_macro": 1.0,
    }
