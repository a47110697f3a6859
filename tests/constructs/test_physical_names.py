"""Names of resources that do not fit AWS: long ones, odd ones, other scripts."""

from __future__ import annotations

import re
from typing import Any

import pulumi
import pytest
from graphs import graph
from hypothesis import example, given
from hypothesis import strategies as st
from policy_cases import SMALLEST

from localaws.plugin.resources import RESOURCES
from sagemaker_constructs import TrainingBucket, TrainingJobSpec, TrainingKey, TrainingNetwork, TrainingRole
from sagemaker_constructs.program import physical_names
from sagemaker_constructs.program.physical_names import Naming, naming

KINDS = {
    "aws:iam/role:Role": physical_names.ROLE,
    "aws:iam/rolePolicy:RolePolicy": physical_names.ROLE_POLICY,
    "aws:s3/bucket:Bucket": physical_names.BUCKET,
    "aws:cloudwatch/logGroup:LogGroup": physical_names.LOG_GROUP,
    "aws:ec2/securityGroup:SecurityGroup": physical_names.SECURITY_GROUP,
}
ODD = [
    "with space",
    "team/model:v1",
    "UPPER_Case",
    "a" * 200,
    "-lead",
    "ünïcödé-模型",
    "模型",
    "__",
    "a..b",
    "sthree-x",
    "ARN:",
    "",
]


@pytest.mark.parametrize("kind", KINDS)
@given(st.one_of(st.text(max_size=80), st.sampled_from(ODD), st.from_regex(r"[a-zA-Z0-9._-]{1,80}", fullmatch=True)))
@example("r" * 56)
@example("r" * 57)
def test_every_name_gives_one_that_aws_accepts(kind: str, name: str) -> None:
    """By the length and the pattern that pulumi-aws and AWS have."""
    row = RESOURCES[kind]
    assert row.name
    arguments = naming(name, KINDS[kind])
    physical = row.name.name(name, b"seed", next(iter(arguments.values()), None))
    assert len(physical) <= row.name.limit
    assert KINDS[kind].fits(physical)
    for pattern in row.patterns.values():
        assert re.fullmatch(pattern, physical, re.ASCII)


@pytest.mark.parametrize(
    ("kind", "name", "arguments"),
    [
        (physical_names.ROLE, "trainer_1", {}),
        (physical_names.ROLE, "r" * 56, {}),
        (physical_names.ROLE, "r" * 57, {"name_prefix": "r" * 37 + "-"}),
        (physical_names.ROLE, "my role", {"name_prefix": "my-role-"}),
        (physical_names.ROLE, "模型", {"name_prefix": "training-"}),
        (physical_names.BUCKET, "Data.v1", {}),
        (physical_names.BUCKET, "Training_Data", {"bucket_prefix": "training-data-"}),
        (physical_names.BUCKET, "sthree-data", {"bucket_prefix": "training-sthree-data-"}),
        (physical_names.BUCKET, "b" * 56, {"bucket_prefix": "b" * 36 + "-"}),
    ],
)
def test_only_a_name_that_does_not_fit_gets_a_prefix(kind: Naming, name: str, arguments: dict[str, str]) -> None:
    """What fits is named by Pulumi, as before: nothing that exists is renamed."""
    assert naming(name, kind) == arguments


@pytest.mark.parametrize("name", ["team/model 模型", "n" * 120])
def test_the_constructs_use_them(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The resources keep the name in the program."""
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    pulumi.runtime.set_all_config({})
    smallest: Any = SMALLEST

    def program() -> None:
        TrainingBucket(name)
        TrainingBucket("given", bucket="mine")
        TrainingRole(name, TrainingJobSpec(**smallest))
        TrainingNetwork(name, flow_log_retention_in_days=7)
        TrainingKey(name)

    found = graph(program)
    prefix = naming(name, physical_names.BUCKET)["bucket_prefix"]
    assert found.of("Bucket")[name]["bucketPrefix"] == prefix
    assert "bucketPrefix" not in found.of("Bucket")["given"]
    assert found.of("Role")[name]["namePrefix"] == naming(name, physical_names.ROLE)["name_prefix"]
    assert found.of("Role")[f"{name}-flow-log"]["namePrefix"]
    assert re.fullmatch(r"alias/project/stack/[a-zA-Z0-9/_-]+", found.of("Alias")[name]["name"])
    assert all(len(each["tags"]["Name"]) <= 256 for each in found.of("Subnet").values())


def test_two_keys_whose_names_are_adapted_have_two_aliases() -> None:
    """An alias is unique in the account; a name that fits stays as it is."""
    found = graph(
        lambda: [TrainingKey(name) for name in ("my key", "my.key", "my-key", "k" * 240 + "1", "k" * 240 + "2")]
    )
    aliases = {name: each["name"] for name, each in found.of("Alias").items()}
    assert len(set(aliases.values())) == len(aliases)
    assert aliases["my-key"] == "alias/project/stack/my-key"
    assert max(map(len, aliases.values())) <= 256
