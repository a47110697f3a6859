"""A secret of the program reaches AWS, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from localaws.trial import Trial

pytestmark = pytest.mark.engine

SECRET = "correct-horse-battery"
PROGRAM = """
import pulumi
from sagemaker_constructs import AlgorithmSpecification, OutputDataConfig, ResourceConfig, TrainingJob, TrainingJobSpec

config = pulumi.Config()
TrainingJob("model", TrainingJobSpec(
    role_arn="arn:aws:iam::123456789012:role/trial",
    algorithm_specification=AlgorithmSpecification(
        training_image="123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1", training_input_mode="File"),
    environment={"PHRASE": config.require_secret("phrase")},
    hyper_parameters={"phrase": config.require_secret("phrase"), "depth": config.get("depth") or 4},
    output_data_config=OutputDataConfig(s3_output_path="s3://trial-data/models"),
    resource_config=ResourceConfig(
        instance_type=config.get_secret("type") or "ml.m5.large", instance_count=1, volume_size_in_gb=1),
))
"""


@pytest.fixture
def secret(cloud: Trial) -> Trial:
    """A stack whose job is told a secret, and has one in its default tags."""
    cloud.program(PROGRAM)
    cloud.run("config", "set", "--secret", "phrase", SECRET, "--stack", "trial", expect=None)
    cloud.run("stack", "init", "trial", expect=None)
    cloud.run("config", "set", "--secret", "phrase", SECRET, "--stack", "trial")
    tags = f'{{"tags": {{"phrase": "{SECRET}"}}}}'
    cloud.run("config", "set", "--secret", "aws:defaultTags", tags, "--stack", "trial")
    return cloud


def test_a_secret_is_sent_and_never_shown_or_stored_in_plain_text(secret: Trial) -> None:
    """Neither preview, update, change, refresh nor state has it; the job does."""
    texts = [
        secret.preview("--diff").text,
        secret.up("--diff").text,
        secret.state(),
        secret.refresh("--diff").text,
    ]
    (name,) = secret.jobs()
    described = secret.aws("sagemaker").describe_training_job(TrainingJobName=name)
    assert described["HyperParameters"]["phrase"] == SECRET
    assert described["Environment"]["PHRASE"] == SECRET
    secret.config("depth", "5")
    texts += [secret.preview("--diff", "--json").text, secret.up("--diff").text, secret.state()]
    for text in texts:
        assert SECRET not in text


def test_a_secret_that_is_no_valid_value_is_refused_without_being_shown(secret: Trial) -> None:
    """The mistake names the member and what is expected, not what was got."""
    secret.run("config", "set", "--secret", "type", f"{SECRET}.large", "--stack", "trial")
    refused = secret.preview(expect=None)
    assert refused.code != 0
    assert "resource_config.instance_type: got a secret, expected" in refused.text
    assert SECRET not in refused.text


def test_a_secret_in_a_refusal_of_aws_is_not_shown(secret: Trial) -> None:
    """AWS repeats values in its validation errors; the user's error has them masked."""
    said = f"1 validation error detected: Value '{SECRET}' at 'hyperParameters.phrase' is not good"
    secret.fault("error", code="ValidationException", message=said, times=99)
    refused = secret.up(expect=None)
    assert refused.code != 0
    assert "ValidationException" in refused.text
    assert SECRET not in refused.text


def test_files_of_the_local_cloud_do_not_have_it_either(secret: Trial) -> None:
    """Logs and the file backend beside the program."""
    secret.up()
    for file in Path(secret.root).rglob("*"):
        if file.is_file() and not file.is_symlink():
            assert SECRET.encode() not in file.read_bytes(), file
