"""The other services, where they behave like AWS's and moto alone would not; and what there is not."""

from __future__ import annotations

import json
import time
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from server_support import REGION, TRUST, Network, Server, refusal

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sagemaker import SageMakerClient


def manifest(**members: Any) -> str:
    """The manifest of an image."""
    return json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", **members})


def test_an_images_digest_is_that_of_its_manifest(server: Server) -> None:
    """So another image behind the same tag has another digest, however little they differ."""
    ecr = server.client("ecr")
    ecr.create_repository(repositoryName="train")
    pushed = [manifest(config={"digest": f"sha256:{number * 64}"}, layers=[]) for number in "12"]
    pushed.append(manifest())
    found: list[str] = []
    for each in pushed:
        ecr.put_image(repositoryName="train", imageManifest=each, imageTag="1")
        [image] = ecr.describe_images(repositoryName="train", imageIds=[{"imageTag": "1"}])["imageDetails"]
        found.append(image["imageDigest"])

    assert found == [f"sha256:{sha256(each.encode()).hexdigest()}" for each in pushed]


def test_a_deleted_nat_gateway_gives_back_what_it_held(server: Server, network: Network) -> None:
    """Its network interface leaves the subnet, and its address can be used again."""
    ec2 = server.client("ec2")
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    gateway = ec2.create_nat_gateway(SubnetId=network.subnet, AllocationId=address)["NatGateway"].get(
        "NatGatewayId", ""
    )
    within = [{"Name": "subnet-id", "Values": [network.subnet]}]
    held = ec2.describe_network_interfaces(Filters=within)["NetworkInterfaces"]

    ec2.delete_nat_gateway(NatGatewayId=gateway)

    assert len(held) == 1
    assert ec2.describe_network_interfaces(Filters=within)["NetworkInterfaces"] == []
    assert "AssociationId" not in ec2.describe_addresses(AllocationIds=[address])["Addresses"][0]
    assert refusal(ec2.delete_nat_gateway, NatGatewayId="nat-0") == (
        "NatGatewayNotFound: The Nat Gateway nat-0 was not found"
    )


def test_a_gateway_endpoint_is_routed_to_from_its_route_tables_only(server: Server) -> None:
    """A table that is added has the route, one that is removed has none, and the endpoint can be deleted."""
    ec2 = server.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.5.0.0/16")["Vpc"]["VpcId"]
    first, second = (ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"] for _ in range(2))
    made = ec2.create_vpc_endpoint(
        VpcId=vpc, ServiceName=f"com.amazonaws.{REGION}.s3", VpcEndpointType="Gateway", RouteTableIds=[first]
    )
    endpoint = made["VpcEndpoint"]["VpcEndpointId"]

    def routed() -> list[str]:
        tables = ec2.describe_route_tables(RouteTableIds=[first, second])["RouteTables"]
        return [
            each["RouteTableId"] for each in tables for route in each["Routes"] if "DestinationPrefixListId" in route
        ]

    assert routed() == [first]
    ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, AddRouteTableIds=[second])
    assert sorted(routed()) == sorted([first, second])
    ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, RemoveRouteTableIds=[first])
    assert routed() == [second]
    ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
    assert routed() == []


def test_an_object_can_lose_its_tags(server: Server) -> None:
    """With an empty set of them, as when the stack's default tags go."""
    s3 = server.client("s3")
    s3.create_bucket(Bucket="untagged", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket="untagged", Key="a", Body=b"", Tagging="team=ml")
    s3.put_object_tagging(Bucket="untagged", Key="a", Tagging={"TagSet": []})
    assert s3.get_object_tagging(Bucket="untagged", Key="a")["TagSet"] == []
    s3.put_object_tagging(Bucket="untagged", Key="a", Tagging={"TagSet": [{"Key": "cost", "Value": "1"}]})
    assert s3.get_object_tagging(Bucket="untagged", Key="a")["TagSet"] == [{"Key": "cost", "Value": "1"}]


@pytest.mark.parametrize(
    ("operation", "request_"),
    [
        ("head_bucket", {"Bucket": "nowhere"}),
        ("head_object", {"Bucket": "nowhere", "Key": "model.tar.gz"}),
        ("head_object", {"Bucket": "data", "Key": "no/model.tar.gz"}),
    ],
)
@pytest.mark.usefixtures("bucket")
def test_what_is_not_there_is_not_found(s3: S3Client, operation: str, request_: dict[str, str]) -> None:
    """By HEAD too, whose answer has no content: status 404 is all that a client can go by."""
    assert refusal(getattr(s3, operation), **request_) == "404: Not Found"


@pytest.mark.parametrize("tags", [{"team": "ml"}, {"team": "ml", "cost": ""}])
def test_a_bucket_keeps_the_tags_that_it_is_created_with(server: Server, tags: dict[str, str]) -> None:
    """One or several; the official plugin sends them with the creation."""
    s3, name = server.client("s3"), f"tagged-{len(tags)}"
    listed = [{"Key": key, "Value": value} for key, value in tags.items()]
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION, "Tags": listed})

    assert s3.get_bucket_tagging(Bucket=name)["TagSet"] == listed


def test_log_events_are_those_of_the_streams_that_are_asked_for(server: Server) -> None:
    """By the beginning of their names, page by page and in the order of time; of no stream, none."""
    logs = server.client("logs")
    logs.create_log_group(logGroupName="shared")
    now = int(time.time() * 1000)
    for stream, times in {"a/1": (0, 2), "a/2": (1, 3), "ab/1": (0, 4)}.items():
        logs.create_log_stream(logGroupName="shared", logStreamName=stream)
        events = [{"timestamp": now + each, "message": f"{stream} at {each}"} for each in times]
        logs.put_log_events(logGroupName="shared", logStreamName=stream, logEvents=events)

    def asked(**more: Any) -> list[str]:
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName="shared", **more)
        return [event["message"] for page in pages for event in page["events"]]

    own = ["a/1 at 0", "a/2 at 1", "a/1 at 2", "a/2 at 3"]
    assert asked(logStreamNamePrefix="a/") == own
    assert asked(logStreamNamePrefix="a/", PaginationConfig={"PageSize": 1}) == own
    assert asked(logStreamNamePrefix="a/", startTime=now + 2) == own[2:]
    assert asked(logStreamNames=["ab/1"]) == ["ab/1 at 0", "ab/1 at 4"]
    assert asked(logStreamNamePrefix="b/") == []
    assert len(asked()) == 6
    assert refusal(logs.filter_log_events, logGroupName="none").startswith("ResourceNotFoundException")


def test_the_policies_of_aws_are_there(iam: IAMClient) -> None:
    """Every account has them, so a role can have them too."""
    arn = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
    iam.create_role(RoleName="managed", AssumeRolePolicyDocument=json.dumps(TRUST))
    iam.attach_role_policy(RoleName="managed", PolicyArn=arn)

    [attached] = iam.list_attached_role_policies(RoleName="managed")["AttachedPolicies"]
    assert attached.get("PolicyArn") == arn


def test_what_was_not_set_is_left_out(server: Server, role: str) -> None:
    """Not answered as an empty structure; what was set is answered."""
    sagemaker = server.client("sagemaker")
    container = {"Image": "image", "ModelDataUrl": "s3://data/model.tar.gz"}
    sagemaker.create_model(ModelName="bare", ExecutionRoleArn=role, PrimaryContainer=container)
    network = {"SecurityGroupIds": ["sg-1"], "Subnets": ["subnet-1"]}
    sagemaker.create_model(ModelName="full", ExecutionRoleArn=role, PrimaryContainer=container, VpcConfig=network)
    sagemaker.create_endpoint_config(
        EndpointConfigName="bare",
        ProductionVariants=[
            {"VariantName": "v", "ModelName": "bare", "InitialInstanceCount": 1, "InstanceType": "ml.m5.large"}
        ],
    )

    bare = sagemaker.describe_model(ModelName="bare")
    assert not {"Containers", "VpcConfig"} & bare.keys()
    assert bare["PrimaryContainer"] == container
    assert sagemaker.describe_model(ModelName="full").get("VpcConfig") == network
    assert "DataCaptureConfig" not in sagemaker.describe_endpoint_config(EndpointConfigName="bare")


def test_requests_that_moto_answers_are_checked_against_the_model_too(sagemaker: SageMakerClient) -> None:
    """Whatever characters their patterns name."""
    create = sagemaker.create_model_package_group
    created = create(ModelPackageGroupName="described", ModelPackageGroupDescription="5 € für 試験")
    assert created["ModelPackageGroupArn"].endswith(":model-package-group/described")
    assert "Member must satisfy regular expression pattern" in refusal(
        create, ModelPackageGroupName="other", ModelPackageGroupDescription="a\nb"
    )


@pytest.mark.parametrize(
    ("service", "operation", "name"),
    [
        ("outposts", "list_outposts", "outposts.GET"),
        ("devicefarm", "list_projects", "devicefarm.ListProjects"),
        ("sagemaker", "list_hubs", "SageMaker.ListHubs"),
        ("ec2", "describe_local_gateways", "ec2.DescribeLocalGateways"),
        ("lambda", "get_account_settings", "lambda.GET"),
    ],
)
def test_what_there_is_not_is_said(server: Server, service: str, operation: str, name: str) -> None:
    """A whole service or one operation: in the service's protocol, and for no client to try again."""
    assert refusal(getattr(server.client(service), operation)) == (
        f"UnknownOperationException: The AWS on this machine does not have {name}."
    )


def test_a_refusal_is_said_once(sagemaker: SageMakerClient) -> None:
    """The SDK says which operation failed; the server's text does not say it again."""
    assert refusal(sagemaker.search, Resource="Model").startswith("ValidationException: 1 validation error detected")
