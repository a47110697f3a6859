"""One server for all tests of this folder, on a free port, with short jobs; clients; what a job needs around it."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING

import pytest
from server_support import REGION, TRUST, Network, Server, Trainer, end, start

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sagemaker import SageMakerClient


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server of all tests; it must not have logged anything at the end."""
    server = start(tmp_path_factory.mktemp("server"))
    yield server
    assert end(server) == ""


@pytest.fixture
def server(shared_server: Server) -> Iterator[Server]:
    """The server, without faults and with its calls counted from nothing."""
    shared_server.control("DELETE", "calls")
    yield shared_server
    shared_server.control("DELETE", "faults")


@pytest.fixture(scope="session")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that accepts bodies of 2 MB, with one object in a bucket. It may log what it is sent."""
    server = start(tmp_path_factory.mktemp("guarded"), LOCALAWS_BODY_MEGABYTES="2")
    server.client("s3").create_bucket(Bucket="private", CreateBucketConfiguration={"LocationConstraint": REGION})
    server.client("s3").put_object(Bucket="private", Key="key", Body=b"content")
    yield server
    end(server)


@pytest.fixture(scope="session")
def sagemaker(shared_server: Server) -> SageMakerClient:
    """SageMaker."""
    return shared_server.client("sagemaker")


@pytest.fixture(scope="session")
def s3(shared_server: Server) -> S3Client:
    """S3."""
    return shared_server.client("s3")


@pytest.fixture(scope="session")
def ec2(shared_server: Server) -> EC2Client:
    """EC2."""
    return shared_server.client("ec2")


@pytest.fixture(scope="session")
def iam(shared_server: Server) -> IAMClient:
    """IAM."""
    return shared_server.client("iam")


@pytest.fixture(scope="session")
def logs(shared_server: Server) -> CloudWatchLogsClient:
    """CloudWatch Logs."""
    return shared_server.client("logs")


@pytest.fixture(scope="session")
def role(iam: IAMClient) -> str:
    """The ARN of a role that trusts SageMaker."""
    return iam.create_role(RoleName="training", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]


@pytest.fixture(scope="session")
def bucket(s3: S3Client) -> str:
    """A bucket with one object below `input/`."""
    s3.create_bucket(Bucket="data", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket="data", Key="input/table.csv", Body=b"1,2\n")
    return "data"


@pytest.fixture
def network(ec2: EC2Client) -> Network:
    """A new VPC with a subnet and a security group."""
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"].get("VpcId", "")
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"].get("SubnetId", "")
    group = ec2.create_security_group(GroupName=f"g-{uuid.uuid4().hex}", Description="d", VpcId=vpc)["GroupId"]
    return Network(subnet, group)


@pytest.fixture
def trainer(server: Server, sagemaker: SageMakerClient, role: str, bucket: str) -> Trainer:
    """Creates jobs on the server."""
    assert server.state["port"]
    return Trainer(sagemaker, role, bucket)
