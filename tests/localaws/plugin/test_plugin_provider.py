"""What the plugin does for every type alike: settings, names, tags, drift, errors."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from unittest.mock import ANY

import grpc
import pytest
from plugin_support import REGION, UNKNOWN, Engine, Placed, urn
from pulumi.runtime.proto import provider_pb2, status_pb2

from localaws.plugin import sdk_version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from plugin_samples import World

BUCKET = urn("aws:s3/bucket:Bucket", "Data")
GROUP = urn("aws:cloudwatch/logGroup:LogGroup", "jobs")


@pytest.fixture
def fresh(start_plugin: Callable[[], int]) -> Iterator[Engine]:
    """A plugin that is not configured yet."""
    engine = Engine(start_plugin())
    yield engine
    engine.channel.close()


@pytest.fixture
def bucket(engine: Engine) -> Iterator[Placed]:
    """A bucket with tags."""
    placed = engine.create(BUCKET, {"forceDestroy": True, "tags": {"team": "vision"}})
    yield placed
    engine.delete(placed)


def test_default_tags_are_added(fresh: Engine, endpoint: str) -> None:
    """The provider's tags, with the resource's own winning."""
    fresh.configure(endpoint, defaultTags={"tags": {"team": "ml", "cost": "1"}})

    placed = fresh.create(GROUP, {"tags": {"team": "vision"}})

    assert placed.outputs["tagsAll"] == {"team": "vision", "cost": "1"}
    fresh.delete(placed)


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"allowedAccountIds": ["1"]}, "aws: the credentials belong to account 123456789012; allowed are 1"),
        ({"forbiddenAccountIds": ["123456789012"]}, "belong to account 123456789012, which is forbidden"),
    ],
)
def test_an_account_that_is_not_allowed_is_refused(fresh: Engine, endpoint: str, settings: Any, reason: str) -> None:
    """Before anything is done in it."""
    with pytest.raises(grpc.RpcError, match=reason):
        fresh.configure(endpoint, **settings)


def test_roles_are_assumed_one_after_the_other(fresh: Engine, endpoint: str) -> None:
    """What is placed is in the account of the last one."""
    roles = [{"roleArn": "arn:aws:iam::222222222222:role/first"}, {"role_arn": "arn:aws:iam::333333333333:role/last"}]
    fresh.configure(endpoint, assumeRoles=json.dumps(roles), allowedAccountIds=["333333333333"])

    assert ":333333333333:" in fresh.create(GROUP, {}).outputs["arn"]


def test_every_official_setting_is_accepted(fresh: Engine, endpoint: str) -> None:
    """Also as the engine writes them: everything but text as JSON."""
    fresh.configure(
        endpoint,
        version="7.51.1",
        endpoints=json.dumps([{"logs": endpoint, "sts": endpoint}]),
        skipCredentialsValidation="true",
        s3UsePathStyle="true",
        maxRetries="1",
        allowedAccountIds=json.dumps(["123456789012"]),
        assumeRoles=UNKNOWN,
    )

    assert fresh.check(GROUP, {})["region"] == REGION


def test_real_aws_is_never_called(fresh: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an endpoint the plugin refuses."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    fresh.configure("", endpoints=[])

    with pytest.raises(grpc.RpcError, match=r"does not talk to logs\.eu-west-1\.amazonaws\.com: set AWS_ENDPOINT_URL"):
        fresh.create(GROUP, {})


@pytest.mark.parametrize(
    "host", ["logs.cn-north-1.amazonaws.com.cn", "logs.eusc-de-east-1.amazonaws.eu", "logs.x.api.aws"]
)
def test_no_partition_is_called(fresh: Engine, host: str) -> None:
    """Every domain of AWS is known."""
    fresh.configure(f"https://{host}")

    with pytest.raises(grpc.RpcError, match=f"does not talk to {host}"):
        fresh.create(GROUP, {})


def test_a_server_that_is_not_there_is_said(fresh: Engine) -> None:
    """With its address and what to do."""
    fresh.configure("http://127.0.0.1:9", maxRetries=0)

    with pytest.raises(grpc.RpcError, match=r"no AWS answers .*127\.0\.0\.1:9.*`pulumilocal start`"):
        fresh.create(GROUP, {})


def test_a_type_that_is_not_supported_is_named(engine: Engine) -> None:
    """With the place where the supported ones are listed, and the command that installs the official plugin."""
    with pytest.raises(grpc.RpcError) as caught:
        engine.check(urn("aws:ec2/instance:Instance", "web"), {})

    assert caught.value.details() == (  # pyright: ignore[reportUnknownMemberType, reportAttributeAccessIssue]
        "aws:ec2/instance:Instance 'web': not supported by the emulated aws plugin (docs/local-aws.md lists what is); "
        f"install the official plugin with `pulumi plugin install resource aws {sdk_version()}`, and it is used instead"
    )


def test_an_input_that_is_not_carried_out_is_refused(engine: Engine) -> None:
    """Rather than silently ignored."""
    refusals = engine.refusals(BUCKET, {"bucketNamespace": "account", "bucketPrefix": "data-"})

    assert list(refusals) == ["bucketNamespace"]
    assert "does not support `bucketNamespace` of aws:s3/bucket:Bucket" in refusals["bucketNamespace"]


@pytest.mark.parametrize(
    ("type_name", "declared", "refused"),
    [
        ("aws:ec2/securityGroup:SecurityGroup", {"name": "sg-jobs"}, "name"),
        ("aws:ec2/securityGroup:SecurityGroup", {"description": "the jobs' group"}, "description"),
        ("aws:iam/role:Role", {"name": "a role"}, "name"),
        ("aws:s3/bucket:Bucket", {"bucket": "Data"}, "bucket"),
        ("aws:sagemaker/model:Model", {"name": "model_1"}, "name"),
    ],
)
def test_what_aws_would_refuse_is_refused_in_the_preview(
    engine: Engine, type_name: str, declared: Any, refused: str
) -> None:
    """The official provider and AWS know these rules; moto does not."""
    assert engine.refusals(urn(type_name), declared) == {refused: ANY}


def test_a_rule_for_another_kind_of_source_is_another_rule(engine: Engine, world: World) -> None:
    """A rule can get another CIDR, but not a group in its place."""
    token, group = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", world.group["id"]
    common = {"securityGroupId": group, "ipProtocol": "-1"}
    rule = engine.create(urn(token), {**common, "cidrIpv4": "10.0.0.0/16"})

    assert engine.diff(rule, {**common, "cidrIpv4": "10.0.0.0/17"}).replaces == []
    assert engine.diff(rule, {**common, "referencedSecurityGroupId": group}).replaces == [
        "cidrIpv4",
        "referencedSecurityGroupId",
    ]
    engine.delete(rule)


def test_a_name_stays_until_the_resource_is_replaced(engine: Engine) -> None:
    """An automatic name is kept by an update; a replacement gets another."""
    first = engine.check(GROUP, {})

    assert engine.check(GROUP, {}, first, b"another seed")["name"] == first["name"]
    assert engine.check(GROUP, {}, {}, b"another seed")["name"] != first["name"]


def test_a_name_given_by_hand_is_free_before_it_is_used_again(engine: Engine) -> None:
    """Two cannot have it at once, so the old one is deleted first; an automatic name is no obstacle."""
    by_hand = Placed(GROUP, "jobs", engine.check(GROUP, {"name": "jobs", "logGroupClass": "STANDARD"}), {})
    automatic = Placed(GROUP, "jobs", engine.check(GROUP, {"logGroupClass": "STANDARD"}), {})
    other = {"logGroupClass": "INFREQUENT_ACCESS"}

    assert engine.diff(by_hand, {"name": "jobs", **other}).delete_first
    assert not engine.diff(automatic, other).delete_first


def test_another_region_replaces(engine: Engine, bucket: Placed) -> None:
    """Whether it is the resource's or the provider's."""
    difference = engine.diff(bucket, {"forceDestroy": True, "tags": {"team": "vision"}, "region": "us-east-1"})

    assert (difference.replaces, difference.detail) == (["region"], {"region": "UPDATE_REPLACE"})


def test_a_resource_can_live_in_another_region(engine: Engine) -> None:
    """Its own region counts, not the provider's."""
    placed = engine.create(BUCKET, {"region": "us-east-1"})

    assert placed.outputs["bucketRegionalDomainName"] == f"{placed.id}.s3.us-east-1.amazonaws.com"
    assert engine.read(placed) == placed
    engine.delete(placed)


def test_tags_changed_by_hand_are_drift(engine: Engine, bucket: Placed, aws: Callable[[str], Any]) -> None:
    """A refresh shows them, and the next update takes them back."""
    declared = {"forceDestroy": True, "tags": {"team": "vision"}}
    tags = [{"Key": "team", "Value": "nobody"}, {"Key": "by", "Value": "hand"}]
    aws("s3").put_bucket_tagging(Bucket=bucket.id, Tagging={"TagSet": tags})

    refreshed = engine.read(bucket)

    assert refreshed is not None
    assert engine.diff(refreshed, declared).detail == {"tags.by": "DELETE", "tags.team": "UPDATE"}
    assert engine.update(refreshed, declared).outputs["tagsAll"] == {"team": "vision"}


def test_what_was_deleted_by_hand_is_gone(engine: Engine, aws: Callable[[str], Any]) -> None:
    """A refresh finds nothing."""
    placed = engine.create(BUCKET, {})
    aws("s3").delete_bucket(Bucket=placed.id)

    assert engine.read(placed) is None


def test_a_refresh_does_not_tell_what_other_resources_add(engine: Engine, world: World) -> None:
    """The policies of a role that its `RolePolicy` resources make are no drift of the role."""
    role = engine.create(urn("aws:iam/role:Role"), {"assumeRolePolicy": world.role["assumeRolePolicy"]})
    inputs = {"role": role.id, "policyArn": world.policy["arn"]}
    attachment = engine.create(urn("aws:iam/rolePolicyAttachment:RolePolicyAttachment"), inputs)

    assert engine.read(role) == role
    engine.delete(attachment)
    engine.delete(role)


def test_an_association_is_known_after_its_table_has_changed(
    engine: Engine, world: World, aws: Callable[[str], Any]
) -> None:
    """AWS gives it another id, and the engine keeps the first: it is read and deleted nevertheless."""
    declared = {"routeTableId": world.table["id"], "subnetId": world.subnet["id"]}
    placed = engine.create(urn("aws:ec2/routeTableAssociation:RouteTableAssociation"), declared)

    moved = engine.update(placed, {**declared, "routeTableId": world.other_table["id"]})
    assert engine.read(moved) == moved
    engine.delete(moved)

    tables = aws("ec2").describe_route_tables(RouteTableIds=[world.table["id"], world.other_table["id"]])
    assert [each["Associations"] for each in tables["RouteTables"]] == [[], []]


def test_a_preview_of_an_update_knows_what_stays(engine: Engine, world: World) -> None:
    """The address of an object stays, its digest does not."""
    declared = {"bucket": world.bucket["bucket"], "content": "a"}
    placed = engine.create(urn("aws:s3/bucketObjectv2:BucketObjectv2", "train.csv"), declared)

    planned = engine.update(placed, {**declared, "content": "b"}, preview=True).outputs

    assert (planned["arn"], planned["etag"]) == (placed.outputs["arn"], UNKNOWN)
    engine.delete(placed)


def test_a_refusal_of_aws_is_one_sentence(engine: Engine) -> None:
    """The resource, the call, AWS's code and AWS's message."""
    with pytest.raises(grpc.RpcError) as refusal:
        engine.create(urn("aws:ec2/subnet:Subnet", "a"), {"vpcId": "vpc-0", "cidrBlock": "10.0.0.0/24"})

    assert refusal.value.details() == (  # pyright: ignore[reportAttributeAccessIssue]  a call's error has details
        "aws:ec2/subnet:Subnet 'a': CreateSubnet was refused with InvalidVpcID.NotFound: VpcID vpc-0 does not exist."
    )


def test_what_exists_is_recorded_though_its_creation_failed(engine: Engine, world: World) -> None:
    """The engine gets the id with the failure, so that the next `up` completes the resource."""
    role = urn("aws:iam/role:Role", "half")
    declared = {"assumeRolePolicy": world.role["assumeRolePolicy"], "managedPolicyArns": ["arn:aws:iam::1:policy/no"]}

    with pytest.raises(grpc.RpcError) as failure:
        engine.create(role, declared)
    metadata: Any = failure.value.trailing_metadata()  # pyright: ignore[reportAttributeAccessIssue]
    status = status_pb2.Status.FromString(dict(metadata)["grpc-status-details-bin"])
    detail = provider_pb2.ErrorResourceInitFailed()
    status.details[0].Unpack(detail)

    assert "AttachRolePolicy was refused with NoSuchEntity" in detail.reasons[0]
    half = Placed(role, detail.id, engine.check(role, declared), {})
    completed = engine.update(half, {**declared, "managedPolicyArns": [world.policy["arn"]]})
    assert completed.outputs["managedPolicyArns"] == [world.policy["arn"]]
    engine.delete(completed)


@pytest.mark.parametrize("asset", [{"text": "1,2"}, {"path": "train.csv"}])
def test_an_asset_is_uploaded(
    engine: Engine, world: World, aws: Callable[[str], Any], tmp_path: Any, asset: dict[str, str]
) -> None:
    """Text, or a file."""
    if "path" in asset:
        path = tmp_path / asset["path"]
        path.write_text("1,2")
        asset = {"path": str(path)}
    source = {"4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", "hash": "1", **asset}

    placed = engine.create(
        urn("aws:s3/bucketObjectv2:BucketObjectv2", "t"), {"bucket": world.bucket["bucket"], "source": source}
    )

    assert aws("s3").get_object(Bucket=world.bucket["bucket"], Key="t")["Body"].read() == b"1,2"
    assert placed.outputs["source"] == source
    assert engine.diff(placed, {**placed.inputs, "source": {**source, "hash": "2"}}).changed == ["source"]
    engine.delete(placed)
