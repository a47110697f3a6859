"""The embedded AWS for tests that want real answers: its settings, and what a job needs around it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.aws.settings import aws_settings
from tests.localaws.server.server_support import TRUST, Server
from tests.samples import REGION, SMALL

if TYPE_CHECKING:
    from sagemaker_constructs.aws.settings import AwsSettings

BUCKET = "bucket"
SERVICES = ("ec2", "ecr", "iam", "logs", "s3", "sagemaker", "sts")


@dataclass(frozen=True)
class LocalAws:
    """A server with a role that trusts SageMaker, a bucket with two objects, a subnet and a security group."""

    server: Server
    role: str
    subnet: str
    group: str

    @classmethod
    def on(cls, server: Server) -> LocalAws:
        """Make what a job needs."""
        s3, iam, ec2 = (server.client(service, region=REGION) for service in ("s3", "iam", "ec2"))
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        for key in ("train/a", "train/b#1?x"):
            s3.put_object(Bucket=BUCKET, Key=key, Body=b"1,2\n")
        role = iam.create_role(RoleName="training", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
        group = ec2.create_security_group(GroupName="machines", Description="machines", VpcId=vpc)["GroupId"]
        return cls(server, role, subnet, group)

    def configuration(self, **others: Any) -> dict[str, Any]:
        """The stack's configuration, as the provider gets it."""
        values = {
            "region": REGION,
            "accessKey": "test",
            "secretKey": "test",
            "retryMode": "standard",
            "endpoints": json.dumps([dict.fromkeys(SERVICES, self.server.url)]),
            **others,
        }
        return {f"aws:{name}": value for name, value in values.items()}

    def settings(self, **others: Any) -> AwsSettings:
        """The same, read."""
        return aws_settings(self.configuration(**others).get)

    def request(self, name: str, **others: Any) -> dict[str, Any]:
        """The request of a small job."""
        return TrainingJobSpec.from_members({**SMALL, "training_job_name": name, **others}).to_wire()

    def fault(self, kind: str, operation: str, times: int = 1, **parameters: Any) -> None:
        """Make something go wrong."""
        rule = {"kind": kind, "operation": operation, "times": times, "parameters": parameters}
        self.server.control("POST", "faults", [rule])

    def calls(self) -> dict[str, int]:
        """How often each operation was called in this test."""
        return self.server.control("GET", "calls")
