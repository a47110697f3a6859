"""The plugin under the real engine: a stack goes up, stays quiet, drifts, is set right, and goes down."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from plugin_samples import TRUST, allow
from plugin_support import REGION, sdk_class
from pulumi import automation

from localaws.engine.installation import ready_engine
from localaws.plugin import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def program() -> None:
    """A bucket with an object, a role with a policy, a network with a rule."""
    bucket = sdk_class("aws:s3/bucket:Bucket")("data", force_destroy=True)
    sdk_class("aws:s3/bucketObjectv2:BucketObjectv2")("train.csv", bucket=bucket.bucket, content="1,2")
    role = sdk_class("aws:iam/role:Role")("trainer", assume_role_policy=TRUST)
    sdk_class("aws:iam/rolePolicy:RolePolicy")("trainer", role=role.name, policy=allow("s3:GetObject"))
    vpc = sdk_class("aws:ec2/vpc:Vpc")("network", cidr_block="10.9.0.0/16")
    group = sdk_class("aws:ec2/securityGroup:SecurityGroup")("jobs", vpc_id=vpc.id)
    sdk_class("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")(
        "jobs", security_group_id=group.id, referenced_security_group_id=group.id, ip_protocol="-1"
    )
    pulumi.export("bucket", bucket.bucket)
    pulumi.export("role", role.name)
    pulumi.export("vpc", vpc.id)


@pytest.fixture
def stack(tmp_path: Path, endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[automation.Stack]:
    """A stack of the program, with the plugin installed in a Pulumi home of its own."""
    if shutil.which("pulumi") is None:
        monkeypatch.setenv("PATH", str(ready_engine().parent), prepend=os.pathsep)
    plugin = tmp_path / "home" / "plugins" / f"resource-aws-v{VERSION}" / "pulumi-resource-aws"
    plugin.parent.mkdir(parents=True)
    plugin.write_text(f'#!/bin/sh\nexec {sys.executable} -m localaws.plugin "$@"\n')
    plugin.chmod(0o755)
    (tmp_path / "state").mkdir()
    environment = {
        "PULUMI_BACKEND_URL": (tmp_path / "state").as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "test",
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
    }
    options = automation.LocalWorkspaceOptions(pulumi_home=str(tmp_path / "home"), env_vars=environment)
    stack = automation.create_stack("dev", project_name="plugin", program=program, opts=options)
    stack.set_config("aws:region", automation.ConfigValue(REGION))
    stack.set_config("aws:defaultTags", automation.ConfigValue('{"tags": {"team": "ml"}}'))
    yield stack
    stack.destroy()


@pytest.mark.engine
def test_a_stack_lives_and_leaves_nothing(stack: automation.Stack, aws: Callable[[str], Any]) -> None:
    """Up, quiet with a refresh, drift found and repaired, and destroyed to the last resource."""
    planned = stack.preview()
    outputs = {name: output.value for name, output in stack.up().outputs.items()}
    stack.preview(refresh=True, expect_no_changes=True)

    iam, s3, ec2 = aws("iam"), aws("s3"), aws("ec2")
    policy = iam.list_role_policies(RoleName=outputs["role"])["PolicyNames"][0]
    iam.delete_role_policy(RoleName=outputs["role"], PolicyName=policy)
    repaired = stack.up(refresh=True).summary.resource_changes
    stack.destroy()

    assert planned.change_summary == {"create": 8}
    assert repaired == {"create": 1, "same": 7}
    assert outputs["bucket"] not in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
    assert outputs["vpc"] not in [vpc["VpcId"] for vpc in ec2.describe_vpcs()["Vpcs"]]
    assert outputs["role"] not in [role["RoleName"] for role in iam.list_roles()["Roles"]]
