"""Functions: who and where we are, and what exists already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import grpc
import pytest
from plugin_support import REGION, Engine, result_names

from localaws.plugin.functions import FUNCTIONS

if TYPE_CHECKING:
    from plugin_samples import World


def _arguments(world: World) -> dict[str, dict[str, Any]]:
    """Arguments with which each function finds something."""
    vpc = [{"name": "vpc-id", "values": [world.vpc["id"]]}]
    return {
        "getVpc": {"id": world.vpc["id"]},
        "getSubnet": {"vpcId": world.vpc["id"], "cidrBlock": "10.0.1.0/24"},
        "getSubnets": {"filters": vpc},
        "getSecurityGroup": {"name": "default", "vpcId": world.vpc["id"]},
        "getRouteTables": {"vpcId": world.vpc["id"], "filters": [{"name": "association.main", "values": ["true"]}]},
        "getRole": {"name": world.role["name"]},
        "getBucket": {"bucket": world.bucket["bucket"]},
        "getKey": {"keyId": world.key["id"]},
        "getPrebuiltEcrImage": {"repositoryName": "sagemaker-xgboost", "imageTag": "1.7-1"},
        "getAvailabilityZones": {"state": "available"},
    }


@pytest.mark.parametrize("token", sorted(FUNCTIONS))
def test_a_result_has_every_official_member(engine: Engine, world: World, token: str) -> None:
    """So that the SDK can make its typed result of it."""
    answer = engine.invoke(token, **_arguments(world).get(token.rsplit(":", 1)[-1], {}))

    assert result_names(token) <= answer.keys()


def test_the_caller_is_the_emulated_account(engine: Engine) -> None:
    """Account, region and partition agree with each other."""
    assert engine.invoke("aws:index/getCallerIdentity:getCallerIdentity")["accountId"] == "123456789012"
    assert engine.invoke("aws:index/getRegion:getRegion")["region"] == REGION
    assert engine.invoke("aws:index/getRegion:getRegion", region="us-gov-west-1")["region"] == "us-gov-west-1"


@pytest.mark.parametrize(
    ("region", "partition", "suffix", "prefix"),
    [
        ("eu-west-1", "aws", "amazonaws.com", "com.amazonaws"),
        ("cn-north-1", "aws-cn", "amazonaws.com.cn", "cn.com.amazonaws"),
        ("eusc-de-east-1", "aws-eusc", "amazonaws.eu", "eu.amazonaws"),
        ("us-iso-east-1", "aws-iso", "c2s.ic.gov", "gov.ic.c2s"),
        ("xx-new-1", "aws", "amazonaws.com", "com.amazonaws"),
    ],
)
def test_a_partition_has_its_domain(engine: Engine, region: str, partition: str, suffix: str, prefix: str) -> None:
    """A Region of no known partition counts as one of `aws`."""
    assert engine.invoke("aws:index/getPartition:getPartition", region=region) == {
        "id": partition,
        "partition": partition,
        "dnsSuffix": suffix,
        "reverseDnsPrefix": prefix,
    }


def test_zones_can_be_excluded(engine: Engine) -> None:
    """Names and ids of the same zones, in order."""
    zones = engine.invoke("aws:index/getAvailabilityZones:getAvailabilityZones", excludeNames=[f"{REGION}b"])

    assert zones["names"] == [f"{REGION}a", f"{REGION}c"]
    assert len(zones["zoneIds"]) == 2


def test_networks_are_found(engine: Engine, world: World) -> None:
    """By id, by what they are in, and by their tags."""
    found = engine.invoke("aws:ec2/getVpc:getVpc", cidrBlock="10.0.0.0/16", filters=[_in(world)])
    assert found["id"] == world.vpc["id"]
    assert engine.invoke("aws:ec2/getVpc:getVpc", default=True)["id"] != world.vpc["id"]
    assert set(engine.invoke("aws:ec2/getSubnets:getSubnets", filters=[_in(world)])["ids"]) == {
        world.subnet["id"],
        world.other_subnet["id"],
    }
    main = engine.invoke("aws:ec2/getSecurityGroup:getSecurityGroup", name="default", vpcId=world.vpc["id"])
    assert main["id"] == world.vpc["defaultSecurityGroupId"]


def _in(world: World) -> dict[str, Any]:
    return {"name": "vpc-id", "values": [world.vpc["id"]]}


@pytest.mark.parametrize(
    ("token", "arguments", "reason"),
    [
        ("aws:ec2/getSubnet:getSubnet", {"vpcId": "vpc-0"}, "exactly one subnet must match, and 0 do: nothing matches"),
        ("aws:ec2/getSubnet:getSubnet", {"defaultForAz": True}, "and 3 do: narrow the search"),
        ("aws:ec2/getVpc:getVpc", {"id": "vpc-0"}, r"DescribeVpcs was refused with InvalidVpcID\.NotFound"),
        ("aws:s3/getBucket:getBucket", {"bucket": "no-such-bucket"}, "there is no bucket 'no-such-bucket'"),
        ("aws:iam/getRole:getRole", {"name": "nobody"}, "there is no role 'nobody'"),
        ("aws:ec2/getAmi:getAmi", {}, "not supported by the emulated aws plugin"),
        (
            "aws:sagemaker/getPrebuiltEcrImage:getPrebuiltEcrImage",
            {"repositoryName": "xgbost"},
            "no account is known here for the repository 'xgbost'; known are autogluon",
        ),
    ],
)
def test_what_is_not_found_is_one_sentence(engine: Engine, token: str, arguments: Any, reason: str) -> None:
    """It begins with the function, and says what was looked for."""
    with pytest.raises(grpc.RpcError, match=f"{token}: .*{reason}"):
        engine.invoke(token, **arguments)


@pytest.mark.parametrize(
    ("repository", "region", "path"),
    [
        ("sagemaker-xgboost", "eu-west-1", "141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1"),
        ("linear-learner", "us-east-1", "382416733822.dkr.ecr.us-east-1.amazonaws.com/linear-learner:1"),
        ("pytorch-training", "us-west-2", "763104351884.dkr.ecr.us-west-2.amazonaws.com/pytorch-training:1"),
        ("kmeans", "cn-north-1", "390948362332.dkr.ecr.cn-north-1.amazonaws.com.cn/kmeans:1"),
    ],
)
def test_images_of_aws_have_an_account_in_each_region(engine: Engine, repository: str, region: str, path: str) -> None:
    """The address is made of the account, the region and its domain."""
    token = "aws:sagemaker/getPrebuiltEcrImage:getPrebuiltEcrImage"

    assert engine.invoke(token, repositoryName=repository, region=region)["registryPath"] == path
