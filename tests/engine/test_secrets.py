"""A secret of the program reaches AWS, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sagemaker_constructs.decision_file import APPROVAL, DECISIONS
from sagemaker_constructs.review.comment import comment
from sagemaker_constructs.review.files import Files
from sagemaker_constructs.review.preview import STREAMING

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
    """Neither preview, update, change, refresh, state nor review has it; the job does."""
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
    files = Files(secret.root, "trial")
    reviewed = {DECISIONS: str(files.decisions), STREAMING: "1"}
    files.events.write_text(secret.preview("--diff", "--json", env=reviewed).text)
    environment = files.read(None)
    files.approve(environment)
    texts += [comment([environment]), *(file.read_text() for file in (files.events, files.decisions, files.approval))]
    assert "**starts again**" in texts[-4]
    texts += [secret.up("--diff", env={APPROVAL: str(files.approval)}).text, secret.state()]
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


HIDDEN = {
    "hyperparameter": "battery-staple",
    "environment": "correct-horse",
    "tag": "sword-fish",
    "channel": "open-sesame",
    "formatted": "inner-circle",
    "transformed": "magic-word",
}
EVERYWHERE = f"""
import pulumi
from pulumi import Output
from sagemaker_constructs import (
    AlgorithmSpecification, Channel, OutputDataConfig, ResourceConfig, TrainingJob, TrainingJobSpec)

hidden = {HIDDEN!r}
secret = lambda name: Output.secret(hidden[name])
config = pulumi.Config()

def mark(args):
    if not args.type_.endswith("sagemaker:TrainingJob"):
        return None
    checkpoints = {{"s3_uri": Output.concat("s3://trial-data/", secret("transformed"))}}
    return pulumi.ResourceTransformResult({{**args.props, "checkpoint_config": checkpoints}}, args.opts)

pulumi.runtime.register_resource_transform(mark)
job = TrainingJob("model", TrainingJobSpec(
    role_arn="arn:aws:iam::123456789012:role/trial",
    algorithm_specification=AlgorithmSpecification(
        training_image="123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1", training_input_mode="File"),
    environment={{"PHRASE": secret("environment")}},
    hyper_parameters={{
        "phrase": secret("hyperparameter"),
        "formatted": Output.json_dumps({{"room": {{"name": secret("formatted")}}}}),
        "depth": config.get("depth") or 4,
    }},
    input_data_config=[Channel.s3("train", Output.concat("s3://trial-data/", secret("channel"), "/"))],
    output_data_config=OutputDataConfig(s3_output_path="s3://trial-data/models"),
    resource_config=ResourceConfig(
        instance_type=Output.secret(config.get("type") or "ml.m5.large"), instance_count=1, volume_size_in_gb=1),
    tags={{"phrase": secret("tag")}},
))
pulumi.export("job", job.training_job_name)
pulumi.export("members", job.hyper_parameters)
if config.get("result"):
    job.result(logs="all")
"""


@pytest.fixture
def everywhere(cloud: Trial) -> Trial:
    """A stack with a secret in each place that people put one; the engine does not know their values beforehand."""
    cloud.program(EVERYWHERE)
    cloud.aws("s3").put_object(Bucket="trial-data", Key=f"{HIDDEN['channel']}/a", Body=b"1")
    cloud.run("stack", "init", "trial")
    return cloud


def found(trial: Trial, places: dict[str, str]) -> list[tuple[str, str]]:
    """The places in which a secret stands, files beside the program among them."""
    beside = [file for file in Path(trial.root).rglob("*") if file.is_file() and file.name != "__main__.py"]
    files = {str(file): file.read_text(errors="replace") for file in beside}
    return [(place, name) for place, text in {**places, **files}.items() for name in HIDDEN if HIDDEN[name] in text]


def test_no_secret_stands_in_any_place_of_an_update(everywhere: Trial) -> None:
    """Output, differences, JSON, events, state, outputs, history, name and tags of the job."""
    debug = {"PULUMI_DEBUG_COMMANDS": "true"}
    streamed = {"PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "true"}
    places = {
        "preview": everywhere.preview("--diff").text,
        "JSON": everywhere.preview("--json").text,
        "streamed JSON": everywhere.preview("--json", env=streamed).text,
        "update": everywhere.up("--diff", "--event-log", "events.json", env=debug).text,
        "refresh": everywhere.refresh("--diff").text,
    }
    everywhere.config("depth", "5")
    places |= {
        "preview of a replacement": everywhere.preview("--diff").text,
        "replacement": everywhere.up("--diff").text,
        "state": everywhere.state(),
        "outputs": everywhere.run("stack", "output", "--stack", "trial").text,
        "stack": everywhere.run("stack", "--stack", "trial", "--show-urns").text,
        "history": everywhere.run("stack", "history", "--stack", "trial", "--json").text,
        "names": " ".join(everywhere.jobs()),
    }
    for name in everywhere.jobs():
        arn = everywhere.aws("sagemaker").describe_training_job(TrainingJobName=name)["TrainingJobArn"]
        tags = everywhere.aws("sagemaker").list_tags(ResourceArn=arn)["Tags"]
        places[f"tags of {name}"] = str([tag for tag in tags if tag["Key"] != "phrase"])
    places["destroy"] = everywhere.destroy("--diff").text

    assert found(everywhere, places) == []


def test_no_secret_stands_in_what_is_said_of_a_failure(everywhere: Trial) -> None:
    """A wrong value, a refusal of AWS that repeats them all, and a script that printed them.

    But for what a transform made secret: a provider gets plain values, and is not told which of them are secrets.
    """
    echo = " ".join(value for name, value in HIDDEN.items() if name != "transformed")
    everywhere.config("type", f"{HIDDEN['hyperparameter']}.large")
    places = {"wrong value": everywhere.preview("--diff", expect=None).text}
    assert "resource_config.instance_type: got" in places["wrong value"]
    everywhere.run("config", "rm", "type", "--stack", "trial")
    everywhere.fault("error", code="ValidationException", message=f"bad values: {echo}", times=99)
    places["refusal"] = everywhere.up(expect=None).text
    assert "ValidationException: bad values: " in places["refusal"]
    everywhere.clear_faults()
    everywhere.config("result", "yes")
    everywhere.fault("fail", reason=f"AlgorithmError: {echo}")
    places["failure"] = everywhere.up(expect=None).text
    assert "AWS says: AlgorithmError: " in places["failure"]
    places["refresh"] = everywhere.refresh("--diff").text
    places["next preview"] = everywhere.preview("--diff").text
    places["state"] = everywhere.state()

    assert found(everywhere, places) == []
