"""How each code block of the documents is tested: one row a block, under its document and first line."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from tests.docs.blocks import blocks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from localaws.trial import Trial

JOB = """
import pulumi
from sagemaker_constructs import *

def penguins(bucket="my-data", **members):
    return TrainingJobSpec(
        algorithm_specification=AlgorithmSpecification(
            training_image="123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1", training_input_mode="File"),
        input_data_config=[Channel.s3("train", s3_uri(bucket, "train/"))],
        output_data_config=OutputDataConfig(s3_output_path=s3_uri(bucket, "models")),
        resource_config=ResourceConfig(instance_type="ml.m5.large", instance_count=1, volume_size_in_gb=10),
        **members,
    )

spec = penguins()
role = "arn:aws:iam::123456789012:role/train"
"""
"""What the guides take for granted: the imports, a spec, a role."""
SPOT = """
hours = StoppingCondition(max_runtime_in_seconds=7200)
other_zone = VpcConfig(subnets=["subnet-2"], security_group_ids=["sg-1"])
spec = penguins(
    enable_managed_spot_training=True,
    stopping_condition=StoppingCondition(max_runtime_in_seconds=7200, max_wait_time_in_seconds=9000),
)
job = TrainingJob("penguins", spec, role=role)
"""
STATEMENT = """
import json
MINE = {"Sid": "Mine", "Effect": "Deny", "Principal": "*", "Action": "s3:DeleteBucket", "Resource": "*"}
"""
CODE = (
    JOB
    + """
from pathlib import Path
from sagemaker_constructs import TrainingCode as Packed

def TrainingCode(name, source, **arguments):
    return Packed(name, Path("examples/script_mode") / source, **arguments)
"""
)
"""A folder `src` with a program."""
PROVIDER = """
import pulumi_aws as aws
from pulumi import ResourceOptions
"""
EXISTING: Mapping[str, Any] = {
    "aws:ec2/getVpc:getVpc": {
        "id": "vpc-1",
        "cidrBlock": "10.0.0.0/16",
        "instanceTenancy": "default",
        "cidrBlockAssociations": [{"cidrBlock": "10.0.0.0/16"}],
    },
    "aws:ec2/getSubnet:getSubnet": lambda asked: {  # pyright: ignore[reportUnknownLambdaType]
        "id": asked["id"],
        "vpcId": "vpc-1",
        "availableIpAddressCount": 100,
        "availabilityZone": f"eu-west-1{'ab'[asked['id'] == 'subnet-2']}",
    },
    "aws:ec2/getSecurityGroup:getSecurityGroup": {"vpcId": "vpc-1"},
    "aws:ec2/getRouteTables:getRouteTables": {"ids": ["rtb-1"]},
    "aws:ec2/getVpcEndpoint:getVpcEndpoint": {"routeTableIds": ["rtb-1"]},
    "aws:ec2/getInternetGateway:getInternetGateway": {},
}
"""The VPC, the subnets and the group that the guide to the network names."""

GUIDE = "tests/guardrails/test_guide.py"


@dataclass(frozen=True)
class Program:
    """Run as a Pulumi program without an engine."""

    places: Mapping[str, int]
    """How many resources of some types it places."""
    given: str = ""
    """What stands before the block."""
    answers: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What AWS answers to look-ups."""


@dataclass(frozen=True)
class Deployed:
    """Deployed by the engine to a local AWS."""

    given: str
    """What stands before the block."""
    check: Callable[[Trial], None]
    """Looks at what was deployed."""


@dataclass(frozen=True)
class Session:
    """Typed into a shell, in a project on a local AWS. Output that the document shows is compared."""

    prepare: Callable[[Trial], None]
    codes: Sequence[int]
    """The exit codes of the commands."""
    check: Callable[[Trial, Sequence[str]], None]
    """Looks at the project and the output of each command afterwards."""


@dataclass(frozen=True)
class Commands:
    """Not run: each command is only looked up."""

    reason: str


@dataclass(frozen=True)
class Elsewhere:
    """Run by a test of its own."""

    test: str
    """Its file."""


@dataclass(frozen=True)
class Tree:
    """A tree of files, which must exist."""


@dataclass(frozen=True)
class Generated:
    """Written by a command, which runs what it shows."""

    command: str


def smallest_stack() -> str:
    """The README's program."""
    return next(block.text for block in blocks() if block.key == ("README.md", "import pulumi"))


def smallest(trial: Trial) -> None:
    """Make the README's first stack the program."""
    trial.program(smallest_stack())
    trial.start()


def trained_in_the_next_up(trial: Trial, outputs: Sequence[str]) -> None:
    """The job failed for want of machines; the next update trains under the next name."""
    assert "CapacityError" in outputs[-1]
    (failed,) = trial.jobs()
    trial.run("up", "--stack", "local", "--yes", "--skip-preview")
    assert trial.jobs() == {failed: "Failed", f"{failed}-2": "Completed"}
    model = trial.run("stack", "output", "model", "--stack", "local").text
    assert f"/models/{failed}-2/output/model.tar.gz" in model


def failed_once_then_trained_once(trial: Trial, outputs: Sequence[str]) -> None:
    """The first update fails with the reason of the fault; the second starts one job although the answer is lost."""
    assert "AlgorithmError: no data" in outputs[2]
    assert sorted(trial.jobs().values()) == ["Completed", "Failed"]


def running_job(trial: Trial) -> None:
    """A job under the name that the guide shows, which outlasts the test."""
    trial.furnish()
    trial.aws("sagemaker").create_training_job(
        TrainingJobName="penguins-2f1c0a9b3d4e",
        RoleArn="arn:aws:iam::123456789012:role/trial",
        AlgorithmSpecification={
            "TrainingImage": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1",
            "TrainingInputMode": "File",
        },
        OutputDataConfig={"S3OutputPath": "s3://trial-data/models"},
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10},
        StoppingCondition={"MaxRuntimeInSeconds": 3600},
        Tags=[{"Key": "sagemaker-constructs:owner", "Value": "organization/penguins/prod"}],
        Environment={"LOCALAWS_SECONDS": "600"},
    )


def job_is_listed(_: Trial, outputs: Sequence[str]) -> None:
    """By the CLI, too."""
    assert "penguins-2f1c0a9b3d4e" in outputs[-1]


def job_is_found_and_stopped(trial: Trial, outputs: Sequence[str]) -> None:
    """By the tag of its stack."""
    assert "penguins-2f1c0a9b3d4e" in outputs[0]
    trial.await_job("penguins-2f1c0a9b3d4e", "Stopped")


def repository(trial: Trial) -> None:
    """The repository of the image, with an image."""
    trial.start()
    trial.aws("ecr").create_repository(repositoryName="train")


def another_image_has_the_tag(trial: Trial, _: Sequence[str]) -> None:
    """The manifest behind the tag is the one that was put."""
    (image,) = trial.aws("ecr").batch_get_image(repositoryName="train", imageIds=[{"imageTag": "1"}])["images"]
    assert '"build": "2"' in image["imageManifest"]


def furnish(trial: Trial) -> None:
    """What the guides name on the local AWS."""
    trial.furnish(bucket="my-data", role="train")
    trial.aws("s3").put_object(Bucket="my-data", Key="train/penguins.csv", Body=b"0,39.1,18.7\n")


def started_without_waiting(trial: Trial) -> None:
    """The guide's program, with what it names on the local AWS."""
    (program,) = (block.text for block in blocks() if block.key[1].startswith("job = ") and "collect" in block.text)
    furnish(trial)
    trial.program(JOB + program)


def collected_later(trial: Trial, outputs: Sequence[str]) -> None:
    """The first update has no model, the second one has it, the third one changes nothing; one job."""
    model = "/output/model.tar.gz"
    assert [model in output for output in outputs] == [False, True, True]
    assert "4 unchanged" in outputs[2]
    assert list(trial.jobs().values()) == ["Completed"]


def killed_while_a_job_starts(trial: Trial) -> None:
    """An update whose CreateTrainingJob hangs, which is killed as it is, with its engine and its program."""
    furnish(trial)
    trial.program(f"{JOB}\nTrainingJob('penguins', spec, role=role)")
    trial.fault("delay", seconds=3)
    words = trial.command("up", "--stack", "local", "--yes", "--skip-preview")
    with subprocess.Popen(
        words, cwd=trial.root, env=trial.environment(), stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as update:
        assert update.stdout
        assert any("TrainingJob penguins creating" in line for line in update.stdout)
        while "SageMaker.CreateTrainingJob" not in trial.calls():
            assert update.poll() is None
            time.sleep(0.05)
        os.killpg(update.pid, signal.SIGKILL)


def nothing_is_pending(trial: Trial, outputs: Sequence[str]) -> None:
    """The first update warns, the last one does not; one job."""
    first, _, last = ("pending operations" in output for output in outputs)
    assert (first, last) == (True, False)
    assert "unchanged" in outputs[-1]
    assert len(trial.jobs()) == 1


def both_statements_stand(trial: Trial) -> None:
    """In the bucket's policy: the one that is added, and the one that was there."""
    s3 = trial.aws("s3")
    (bucket,) = s3.list_buckets()["Buckets"]
    policy = s3.get_bucket_policy(Bucket=bucket["Name"])["Policy"]
    assert [sid for sid in ("TlsOnly", "Mine") if f'"{sid}"' in policy] == ["TlsOnly", "Mine"]


ROWS: Mapping[tuple[str, str], Program | Deployed | Session | Commands | Elsewhere | Tree | Generated] = {
    ("README.md", "$ make up"): Commands("they work on this folder and its .localaws"),
    ("README.md", "$ pip install . ./localaws"): Elsewhere("tests/test_wheels.py"),
    ("README.md", "name: penguins"): Elsewhere("tests/test_wheels.py"),
    ("README.md", "import pulumi"): Program(
        {"TrainingBucket": 1, "Training": 1, "TrainingRole": 1, "TrainingJob": 1, "TrainingResult": 1}
    ),
    ("README.md", "$ pulumilocal up --stack local --yes"): Elsewhere("tests/test_wheels.py"),
    ("README.md", 'deeper = spec.model_copy(update={"hyper_parameters": {"max_depth": 8, "eta": 0.1}})'): Program(
        {}, JOB
    ),
    ("README.md", '$ eval "$(pulumilocal env)"'): Session(smallest, (0, 0, 1), trained_in_the_next_up),
    ("docs/accounts-and-regions.md", "research = aws.Provider("): Program(
        {"TrainingBucket": 1, "TrainingRole": 1, "TrainingJob": 2, "TrainingResult": 1}, JOB + PROVIDER
    ),
    ("docs/code.md", 'bucket = TrainingBucket("digits")'): Program({"TrainingCode": 1, "TrainingJob": 1}, CODE),
    ("docs/code.md", 'code = TrainingCode("line", "src", entry_point="train.py", bucket="my-data")'): Program(
        {"TrainingCode": 1, "TrainingJob": 1}, CODE
    ),
    ("docs/contributing.md", "Pulumi.yaml, __main__.py      the program: stacks.deploy()"): Tree(),
    ("docs/cost.md", "costs, if it starts: at most $3.13, probably $0.42 (median of 3 runs)"): Elsewhere(
        "tests/provider/test_guardrails.py"
    ),
    ("docs/environments.md", "config:"): Elsewhere(GUIDE),
    ("docs/guardrails.md", 'owners: "@acme/ml-platform"'): Elsewhere(GUIDE),
    (
        "docs/guardrails.md",
        "resource_config.instance_type: got 'ml.p4d.24xlarge', expected one of ml.m5.*, ml.c5.* (guardrail",
    ): Elsewhere(GUIDE),
    ("docs/guardrails.md", "config:"): Elsewhere(GUIDE),
    ("docs/guardrails.md", "/.github/                @acme/ml-platform"): Elsewhere(GUIDE),
    ("docs/guardrails.md", "$ python -m sagemaker_constructs.guardrails stacks/guardrails.yaml prod"): Elsewhere(GUIDE),
    ("docs/interrupted-updates.md", "$ pulumilocal up --stack local --yes"): Session(
        killed_while_a_job_starts, (0, 0, 0), nothing_is_pending
    ),
    ("docs/interrupted-updates.md", "$ aws sagemaker search --resource TrainingJob --search-expression \\"): Session(
        running_job, (0, 0), job_is_found_and_stopped
    ),
    ("docs/local-training.md", "$ pip install 'pulumi-localaws[train]'"): Elsewhere("tests/test_wheels.py"),
    ("docs/local-training.md", '[images."*/pytorch-training:*"]'): Elsewhere(
        "tests/localaws/execution/test_job_files.py"
    ),
    ("docs/local-training.md", '$ eval "$(pulumilocal env)"'): Session(running_job, (0, 0, 0), job_is_listed),
    ("docs/local-training.md", "$ LOCALAWS_CONTAINERS=podman pulumilocal start"): Elsewhere(
        "tests/localaws/execution/test_engines.py"
    ),
    ("docs/long-trainings.md", 'job = TrainingJob("penguins", spec, role=role, on_failure="keep")'): Program(
        {"TrainingJob": 1}, JOB
    ),
    ("docs/long-trainings.md", "$ pulumilocal up --stack local --yes --config collect=false"): Session(
        started_without_waiting, (0, 0, 0), collected_later
    ),
    ("docs/local-aws.md", "$ pip install pulumi-localaws"): Elsewhere("tests/localaws/test_any_project.py"),
    ("docs/local-aws.md", "$ export LOCALAWS_FOLDER=~/shop/.localaws"): Elsewhere(
        "tests/localaws/test_team_projects.py"
    ),
    ("docs/local-aws.md", '$ eval "$(pulumilocal env)"'): Session(running_job, (0, 0, 0), job_is_listed),
    ("docs/local-aws.md", '$ post() { curl -d "$1" "$AWS_ENDPOINT_URL/_localaws/faults"; }'): Session(
        smallest, (0, 0, 1, 0, 0, 0, 0, 0), failed_once_then_trained_once
    ),
    (
        "docs/local-aws.md",
        "$ aws ecr put-image --region eu-west-1 --repository-name train --image-tag 1 --image-manifest \\",
    ): Session(repository, (0,), another_image_has_the_tag),
    ("docs/local-aws.md", "from localaws.faulty_proxy import FaultyProxy"): Elsewhere(
        "tests/localaws/test_faulty_proxy.py"
    ),
    ("docs/migrating.md", "import json"): Elsewhere("tests/engine/test_migration.py"),
    ("docs/migrating.md", "earlier = dict(spec.hyper_parameters)"): Elsewhere("tests/engine/test_migration.py"),
    ("docs/migrating.md", "import gzip"): Elsewhere("tests/engine/test_migration.py"),
    ("docs/migrating.md", 'version = "s3://my-data/code/4f2c9e1"'): Program({"TrainingJob": 1}, JOB),
    ("docs/recording.md", "Updating (trial):"): Generated("python -m bench.recording"),
    ("docs/results.md", 'job = TrainingJob("penguins", spec, role=role)'): Program(
        {"TrainingJob": 1, "TrainingResult": 2}, JOB
    ),
    ("docs/results.md", 'training = Training("penguins", spec)'): Program(
        {"TrainingRole": 1, "TrainingJob": 1, "TrainingResult": 1}, JOB
    ),
    (
        "docs/results.md",
        'on_demand = spec.model_copy(update={"enable_managed_spot_training": False, "stopping_condition": hours})',
    ): Program({"TrainingJob": 1, "TrainingFallback": 2, "TrainingResult": 1}, JOB + SPOT),
    ("docs/role-and-network.md", 'bucket = TrainingBucket("penguins")'): Program(
        {"TrainingBucket": 1, "TrainingNetwork": 1, "TrainingRole": 1, "TrainingJob": 1}, JOB
    ),
    ("docs/role-and-network.md", 'token = aws.secretsmanager.Secret("token")'): Program(
        {"Secret": 1, "Policy": 1, "TrainingRole": 1, "TrainingJob": 1}, "import pulumi_aws as aws\n" + JOB
    ),
    ("docs/role-and-network.md", 'TrainingNetwork("subnets", vpc="vpc-1", cidr_block="10.0.128.0/20")'): Program(
        {"TrainingNetwork": 3, "Subnet": 2, "SecurityGroup": 2}, JOB, EXISTING
    ),
    ("docs/review.md", "$ make preview-all"): Commands("they work on this folder and its .localaws"),
    ("docs/review.md", "$ sagemaker-review preview --plan dev staging prod"): Elsewhere(
        "tests/engine/test_approval.py"
    ),
    ("docs/role-and-network.md", "def with_mine(args):"): Deployed(JOB + STATEMENT, both_statements_stand),
    ("docs/unit-tests.md", "from pathlib import Path"): Elsewhere("tests/constructs/test_stack_mocks.py"),
    ("docs/unit-tests.md", "[tool.pytest.ini_options]"): Elsewhere("tests/constructs/test_stack_mocks.py"),
}


def blocks_tested_by(kind: type[Program | Deployed | Session | Commands | Elsewhere | Tree]) -> list[Any]:
    """The blocks that are tested in a way, with their rows: the parameters of a test."""
    rows = [(block, ROWS[block.key]) for block in blocks() if block.key in ROWS]
    return [pytest.param(block, row, id=": ".join(block.key)) for block, row in rows if isinstance(row, kind)]
