"""The example programs, as they stand in the repository, under the real engine."""

from __future__ import annotations

import io
import shutil
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from localaws.trial import QUICK, Trial

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.engine

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def example(tmp_path: Path) -> Iterator[Callable[[str], Trial]]:
    """A trial of an example by its name."""
    made: list[Trial] = []

    def begin(name: str) -> Trial:
        trial = Trial(tmp_path, QUICK)
        shutil.copytree(EXAMPLES / name, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("Pulumi.yaml"))
        made.append(trial)
        return trial

    yield begin
    for trial in made:
        trial.end()


def test_a_model_is_served_from_its_result(example: Callable[[str], Trial]) -> None:
    """The model's address is known in the preview; a model that is trained anew is served anew."""
    trial = example("model_endpoint")
    assert "/output/model.tar.gz" in trial.preview().text
    trial.up()
    outputs = trial.outputs()
    sagemaker = trial.aws("sagemaker")

    def served() -> str:
        (model,) = sagemaker.list_models()["Models"]
        return sagemaker.describe_model(ModelName=model["ModelName"])["PrimaryContainer"]["ModelDataUrl"]

    assert served() == outputs["model_artifacts"]
    (configuration,) = sagemaker.list_endpoint_configs()["EndpointConfigs"]
    assert configuration["EndpointConfigName"] == outputs["endpoint_configuration"]
    trial.up("--expect-no-changes")

    program = (trial.root / "__main__.py").read_text()
    trial.program(program.replace('"num_round": 50', '"num_round": 60'))
    trial.up()
    assert served() == trial.outputs()["model_artifacts"] != outputs["model_artifacts"]
    trial.destroy()
    assert trial.resources() == []


def test_one_jobs_model_is_the_next_ones_channel(example: Callable[[str], Trial]) -> None:
    """The second job starts when the first one's model is there; both names are known in the preview."""
    trial = example("chained_jobs")
    preview = trial.preview()
    assert preview.text.count("/output/model.tar.gz") == 2
    trial.up()
    first, second = sorted(trial.jobs())
    assert (first.partition("-")[0], second.partition("-")[0]) == ("pretrain", "tune")
    described = trial.aws("sagemaker").describe_training_job(TrainingJobName=second)
    (channel,) = [each for each in described["InputDataConfig"] if each["ChannelName"] == "pretrained"]
    assert channel["DataSource"]["S3DataSource"]["S3Uri"] == trial.outputs()["pretrained"]
    trial.up("--expect-no-changes")


def files_of(trial: Trial, address: str) -> list[str]:
    """The files in the archive of a model."""
    bucket, _, key = address.removeprefix("s3://").partition("/")
    body = trial.aws("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    with tarfile.open(fileobj=io.BytesIO(body)) as archive:
        return archive.getnames()


@pytest.mark.parametrize(
    ("name", "script", "trained"),
    [("script_mode", "model.py", ["model.joblib"]), ("own_entrypoint", "fit.py", ["line.json"])],
)
def test_changed_code_is_another_model(
    example: Callable[[str], Trial], name: str, script: str, trained: list[str]
) -> None:
    """In either way of bringing it into the job; its address is known in the preview."""
    trial = example(name)
    preview = trial.preview().text
    trial.up()
    outputs = trial.outputs()
    assert outputs["code"].partition("/code/")[2] in preview, "the bucket's name is random, the archive's is not"
    (job,) = trial.jobs()
    assert outputs["model"].endswith(f"/{job}/output/model.tar.gz")
    assert files_of(trial, outputs["model"]) == trained
    trial.up("--expect-no-changes")

    with (trial.root / "src" / script).open("a") as file:
        file.write("# changed\n")
    preview = trial.preview().text
    assert f"~{script}]" in preview
    assert "no object is at" not in preview, "this update uploads it"
    trial.up()
    assert len(trial.jobs()) == 2
