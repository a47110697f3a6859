"""Each patch of moto: what AWS does holds with it, and does not hold without it, so a row that moto has outgrown shows.

The calls go to moto in this process, into which no server has installed the patches. Other tests keep things in it too,
so nothing is reset, and every name is new.
"""

from __future__ import annotations

import json
import random
import time
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import boto3
import pytest
from moto import mock_aws
from moto.iam.models import iam_backends
from moto.moto_server import werkzeug_app

from localaws.server import moto_patches
from localaws.server.moto_patches import PATCHES, Patch

if TYPE_CHECKING:
    from collections.abc import Callable

REGION = "eu-west-1"


def client(service: str) -> Any:
    """A client of moto, without a server between."""
    return boto3.client(service, region_name=REGION)  # pyright: ignore[reportCallIssue, reportArgumentType]


def in_moto(scenario: Callable[[], bool]) -> bool:
    """What a scenario finds where boto3's calls go to moto."""
    return mock_aws()(scenario, reset=False, remove_data=False)()


def new_name() -> str:
    """A name that nothing has."""
    return f"patched-{uuid4().hex}"


def new_bucket(s3: Any, **configuration: Any) -> str:
    """The name of a new bucket."""
    name = new_name()
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION, **configuration})
    return name


def vpc(ec2: Any) -> str:
    """The id of a VPC."""
    return ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]


def answers_are_for_their_own_origin() -> bool:
    """No header lets the page of another one read them."""
    answer = werkzeug_app.create_backend_app("s3").test_client().get("/", headers={"Origin": "https://example.com"})
    return "Access-Control-Allow-Origin" not in answer.headers


def nat_gateway_leaves_nothing() -> bool:
    """Neither a network interface in its subnet nor an association of its address."""
    ec2 = client("ec2")
    subnet = ec2.create_subnet(VpcId=vpc(ec2), CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    gateway = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]["NatGatewayId"]
    ec2.delete_nat_gateway(NatGatewayId=gateway)
    interfaces = ec2.describe_network_interfaces(Filters=[{"Name": "subnet-id", "Values": [subnet]}])
    association = ec2.describe_addresses(AllocationIds=[address])["Addresses"][0]
    return interfaces["NetworkInterfaces"] == [] and "AssociationId" not in association


def added_table_is_routed() -> bool:
    """A route table that is added to a gateway endpoint gets a route to it."""
    ec2 = client("ec2")
    network = vpc(ec2)
    table = ec2.create_route_table(VpcId=network)["RouteTable"]["RouteTableId"]
    endpoint = ec2.create_vpc_endpoint(VpcId=network, ServiceName=f"com.amazonaws.{REGION}.s3")["VpcEndpoint"]
    ec2.modify_vpc_endpoint(VpcEndpointId=endpoint["VpcEndpointId"], AddRouteTableIds=[table])
    routes = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    return endpoint["VpcEndpointId"] in {route.get("GatewayId") for route in routes}


def rule_between_groups_is_described() -> bool:
    """The description of a rule whose other side is a group is returned."""
    ec2 = client("ec2")
    group = ec2.create_security_group(GroupName="one", Description="one", VpcId=vpc(ec2))["GroupId"]
    pairs = [{"GroupId": group, "Description": "each other"}]
    permission = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 2, "UserIdGroupPairs": pairs}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[permission])
    rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])["SecurityGroupRules"]
    return "each other" in {rule.get("Description") for rule in rules}


def denial_of_plain_http_lets_tls_pass() -> bool:
    """A condition that does not hold makes a denial void."""
    s3 = client("s3")
    bucket = new_bucket(s3)
    denial = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": f"arn:aws:s3:::{bucket}/*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [denial]}))
    s3.put_object(Bucket=bucket, Key="key", Body=b"1")
    return s3.get_object(Bucket=bucket, Key="key")["Body"].read() == b"1"


def bucket_is_created_with_tags() -> bool:
    """The tags of the request are the bucket's."""
    s3 = client("s3")
    bucket = new_bucket(s3, Tags=[{"Key": "team", "Value": "vision"}])
    return s3.get_bucket_tagging(Bucket=bucket)["TagSet"] == [{"Key": "team", "Value": "vision"}]


def object_loses_its_tags() -> bool:
    """An empty set of tags takes the place of those that there were."""
    s3 = client("s3")
    bucket = new_bucket(s3)
    s3.put_object(Bucket=bucket, Key="key", Body=b"1", Tagging="team=vision")
    s3.put_object_tagging(Bucket=bucket, Key="key", Tagging={"TagSet": []})
    return s3.get_object_tagging(Bucket=bucket, Key="key")["TagSet"] == []


def digest_is_that_of_the_manifest() -> bool:
    """Of all of it."""
    ecr, repository = client("ecr"), new_name()
    ecr.create_repository(repositoryName=repository)
    manifest = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "layers": []})
    image = ecr.put_image(repositoryName=repository, imageTag="1", imageManifest=manifest)["image"]
    return image["imageId"]["imageDigest"] == f"sha256:{sha256(manifest.encode()).hexdigest()}"


def repository_is_in_the_domain_of_its_partition() -> bool:
    """China's is not that of the other Regions."""
    name = new_name()
    ecr = boto3.client("ecr", region_name="cn-north-1")
    uri = ecr.create_repository(repositoryName=name)["repository"].get("repositoryUri")
    return uri == f"123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/{name}"


def events_are_chosen_by_prefix() -> bool:
    """Those of other streams are left out."""
    logs, group = client("logs"), new_name()
    logs.create_log_group(logGroupName=group)
    now = int(time.time() * 1000)
    for stream, moment in (("job/1", now - 1), ("job/2", now - 2), ("other", now - 3)):
        logs.create_log_stream(logGroupName=group, logStreamName=stream)
        events = [{"timestamp": moment, "message": stream}]
        logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)
    found = logs.filter_log_events(logGroupName=group, logStreamNamePrefix="job/")["events"]
    return [event["message"] for event in found] == ["job/2", "job/1"]


def access_key_creates_no_partition() -> bool:
    """A call of an account in one partition leaves the others as they were."""
    account = "".join(random.choices("123456789", k=12))
    iam_backends[account]["aws"].access_keys.clear()
    client("sts").get_caller_identity()
    return list(iam_backends.pop(account)) == ["aws"]


AWS_DOES: dict[str, Callable[[], bool]] = {
    "werkzeug_app.DISABLE_GLOBAL_CORS": answers_are_for_their_own_origin,
    "NatGatewayBackend.delete_nat_gateway": nat_gateway_leaves_nothing,
    "VPCEndPoint.modify": added_table_is_routed,
    "security_groups.SecurityGroupRule": rule_between_groups_is_described,
    "FakeBucket.get_permission": denial_of_plain_http_lets_tls_pass,
    "S3Response._bucket_response_put": bucket_is_created_with_tags,
    "S3Response._tagging_from_xml": object_loses_its_tags,
    "models.Image": digest_is_that_of_the_manifest,
    "models.Repository": repository_is_in_the_domain_of_its_partition,
    "models.get_account_id_from": access_key_creates_no_partition,
    "LogsResponse.filter_log_events": events_are_chosen_by_prefix,
}
"""For each patch, whether moto does what AWS does."""


@pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: patch.name)
def test_a_patch_makes_moto_do_what_aws_does(patch: Patch, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is enough by itself."""
    monkeypatch.setattr(patch.owner, patch.attribute, patch.replacement)
    assert in_moto(AWS_DOES[patch.name])


@pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: patch.name)
def test_moto_needs_the_patch(patch: Patch) -> None:
    """Where this fails, moto has learnt it: remove the row and its module."""
    assert getattr(patch.owner, patch.attribute) is not patch.replacement
    done = False
    with suppress(Exception):
        done = in_moto(AWS_DOES[patch.name])
    assert not done, f"moto does without {patch.name}: {patch.removable}"


def test_installing_replaces_every_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing twice: no two rows have the same target."""
    for patch in PATCHES:
        monkeypatch.setattr(patch.owner, patch.attribute, getattr(patch.owner, patch.attribute))
    moto_patches.install()

    assert {patch.name: getattr(patch.owner, patch.attribute) for patch in PATCHES} == {
        patch.name: patch.replacement for patch in PATCHES
    }
    assert len({patch.name for patch in PATCHES}) == len(PATCHES) == len(AWS_DOES)
