"""Unit tests of a user's program with mocks of their own, whose look-ups answer nothing, or what they were asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws
import pytest
from graphs import Graph, graph
from policy_cases import SMALLEST
from pulumi import Output

from sagemaker_constructs import (
    Training,
    TrainingBucket,
    TrainingCode,
    TrainingFallback,
    TrainingJob,
    TrainingJobSpec,
    TrainingKey,
    TrainingNetwork,
    TrainingResult,
    TrainingRole,
    framework_image,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi.runtime import mocks

ROLE = "arn:aws:iam::123456789012:role/train"
EFS = {
    "file_system_id": "fs-0123456789abcdef0",
    "file_system_access_mode": "ro",
    "file_system_type": "EFS",
    "directory_path": "/data",
}


class Bare(Graph):
    """The mocks that documents show: outputs are the inputs, look-ups answer nothing."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        """No ARN, no name, no status."""
        return f"{args.name}_id", args.inputs

    def call(self, args: mocks.MockCallArgs) -> Any:
        """Nothing."""
        del args
        return {}


class Echo(Bare):
    """The other common ones."""

    def call(self, args: mocks.MockCallArgs) -> Any:
        """The arguments."""
        return args.args


def spec(**members: Any) -> TrainingJobSpec:
    """The smallest job."""
    given: Any = {**SMALLEST, **members}
    return TrainingJobSpec(**given)


def provider() -> Any:
    """Options with an explicit provider."""
    return pulumi.ResourceOptions(provider=aws.Provider("eu", region="eu-west-1"))


def everything_existing() -> Any:
    """A network of which nothing is new but its endpoints."""
    return TrainingNetwork(
        "n", subnets=["subnet-1", "subnet-2"], security_groups=["sg-1"], interface_endpoints=["logs"]
    ).vpc_config.subnets


def with_file_system() -> Any:
    """A network in an existing VPC whose jobs read a file system."""
    channel = {"channel_name": "train", "data_source": {"file_system_data_source": EFS}}
    return TrainingNetwork("n", spec=spec(input_data_config=[channel]), vpc="vpc-1", cidr_block="10.0.0.0/20").vpc_id


PROGRAMS: dict[str, Callable[[], Any]] = {
    "network": lambda: TrainingNetwork("n").vpc_config.subnets,
    "named zones": lambda: TrainingNetwork("n", zones=["eu-west-1a", "eu-west-1b"]).subnet_ids,
    "many zones": lambda: TrainingNetwork("n", zones=5).subnet_ids,
    "everything": lambda: (
        TrainingNetwork(
            "n", nat_gateways=1, s3_buckets=["my-data"], interface_endpoints=["ecr.dkr"], flow_log_retention_in_days=7
        ).vpc_id
    ),
    "existing VPC": lambda: TrainingNetwork("n", vpc="vpc-1", cidr_block="10.0.0.0/20", nat_gateways=1).vpc_id,
    "existing subnets": lambda: TrainingNetwork("n", subnets=["subnet-1"]).vpc_config.security_group_ids,
    "existing subnets, unchecked": lambda: TrainingNetwork("n", subnets=["subnet-1"], check=False).vpc_id,
    "subnets of the program": lambda: (
        TrainingNetwork("n", subnets=[aws.ec2.Subnet("s", vpc_id="vpc-1", cidr_block="10.0.0.0/24")]).subnet_ids
    ),
    "everything existing": everything_existing,
    "file system": with_file_system,
    "role": lambda: TrainingRole("r", spec(vpc_config={"subnets": ["a"], "security_group_ids": ["b"]})).policy.policy,
    "existing role": lambda: TrainingRole.from_existing(ROLE).name,
    "existing role, checked": lambda: TrainingRole.from_existing(ROLE, check=True).name,
    "key": lambda: TrainingKey("k").alias.name,
    "bucket": lambda: TrainingBucket("b", key=TrainingKey("k")).uri("train/"),
    "code": lambda: TrainingCode("c", __file__, bucket=TrainingBucket("b")).uri,
    "image of a framework": lambda: framework_image("scikit-learn", "1.4-2"),
    "job": lambda: TrainingJob("m", spec(), role=ROLE).result().model_artifacts,
    "job of a name": lambda: TrainingJob.get("m", "some-job").training_job_status,
    "result of a name": lambda: TrainingResult("m", "some-job").model_artifacts,
    "fallback": lambda: (
        TrainingJob("m", spec(), role=ROLE).result(fallbacks=[spec(enable_network_isolation=True)]).training_job_name
    ),
    "fallback alone": lambda: (
        TrainingFallback("f", spec(), after=TrainingJob("m", spec(), role=ROLE), role=ROLE).effective_job_name
    ),
    "provider": lambda: TrainingJob("m", spec(), role=ROLE, opts=provider()).result(opts=provider()).model_artifacts,
    "training": lambda: (
        Training(
            "t", spec(), network=TrainingNetwork("n"), buckets=[TrainingBucket("b")], opts=provider()
        ).model_artifacts
    ),
}


@pytest.mark.parametrize("preview", [False, True], ids=["up", "preview"])
@pytest.mark.parametrize("kind", [Bare, Echo])
@pytest.mark.parametrize("program", PROGRAMS)
def test_every_construct_can_be_made(
    program: str, kind: type[Bare], preview: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And its outputs can be awaited."""
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    pulumi.runtime.set_all_config({})
    graph(lambda: Output.all(PROGRAMS[program]()), mocks=kind(preview=preview))
