"""One sample of each type that the plugin serves, standing in a small world: a network, a bucket, a role, a key."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from plugin_support import REGION, Engine, Sample, urn

if TYPE_CHECKING:
    from localaws.plugin.values import Properties

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "sagemaker.amazonaws.com"}}
        ],
    }
)
IMAGE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/model:1"


def allow(action: str) -> str:
    """A policy that allows an action everywhere."""
    statement = {"Effect": "Allow", "Action": [action], "Resource": ["*"]}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


class World:
    """What samples stand in, made by the plugin itself; each member is the outputs of a resource."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.vpc = self._made("aws:ec2/vpc:Vpc", cidrBlock="10.0.0.0/16")
        vpc = {"vpcId": self.vpc["id"]}
        self.subnet = self._made("aws:ec2/subnet:Subnet", **vpc, cidrBlock="10.0.0.0/24")
        self.other_subnet = self._made("aws:ec2/subnet:Subnet", **vpc, cidrBlock="10.0.1.0/24")
        self.group = self._made("aws:ec2/securityGroup:SecurityGroup", **vpc)
        self.other_group = self._made("aws:ec2/securityGroup:SecurityGroup", **vpc)
        self.table = self._made("aws:ec2/routeTable:RouteTable", **vpc)
        self.other_table = self._made("aws:ec2/routeTable:RouteTable", **vpc)
        self.gateway = self._made("aws:ec2/internetGateway:InternetGateway", **vpc)
        self.bucket = self._made("aws:s3/bucket:Bucket")
        self.role = self._made("aws:iam/role:Role", assumeRolePolicy=TRUST)
        self.other_role = self._made("aws:iam/role:Role", assumeRolePolicy=TRUST)
        self.policy = self._made("aws:iam/policy:Policy", policy=allow("s3:GetObject"))
        self.key = self._made("aws:kms/key:Key")
        self.other_key = self._made("aws:kms/key:Key")
        self.logs = self._made("aws:cloudwatch/logGroup:LogGroup")
        self.model = self._made(
            "aws:sagemaker/model:Model", executionRoleArn=self.role["arn"], primaryContainer={"image": IMAGE}
        )

    def _made(self, type_name: str, **declared: Any) -> Properties:
        return self._engine.create(urn(type_name, "world"), declared).outputs


def samples(world: World) -> list[Sample]:
    """A sample of each type."""
    return [
        *_iam(world),
        *_network(world),
        *_rules(world),
        *_routes(world),
        *_storage(world),
        *_messages(),
        *_others(world),
    ]


def _iam(world: World) -> list[Sample]:
    role = {"role": world.role["name"]}
    return [
        Sample(
            "aws:iam/role:Role",
            {"assumeRolePolicy": TRUST, "description": "trains", "managedPolicyArns": [world.policy["arn"]]},
            {"maxSessionDuration": 7200, "description": "trains models", "managedPolicyArns": []},
            {"path": "/jobs/"},
        ),
        Sample(
            "aws:iam/rolePolicy:RolePolicy",
            {**role, "policy": allow("s3:GetObject")},
            {"policy": allow("s3:PutObject")},
            {"name": "another"},
        ),
        Sample(
            "aws:iam/policy:Policy",
            {"policy": allow("s3:GetObject")},
            {"policy": allow("s3:PutObject")},
            {"description": "another"},
        ),
        Sample(
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
            {**role, "policyArn": world.policy["arn"]},
            replaced={"role": "another"},
        ),
        Sample(
            "aws:iam/instanceProfile:InstanceProfile",
            {**role, "tags": {"a": "b"}},
            {"role": world.other_role["name"], "tags": {"c": "d"}},
            {"path": "/jobs/"},
        ),
    ]


def _network(world: World) -> list[Sample]:
    vpc, subnets = {"vpcId": world.vpc["id"]}, [world.subnet["id"], world.other_subnet["id"]]
    return [
        Sample(
            "aws:ec2/vpc:Vpc",
            {"cidrBlock": "10.1.0.0/16", "enableDnsHostnames": True, "tags": {"Name": "network"}},
            {"enableDnsHostnames": False, "tags": {"Name": "another"}},
            {"cidrBlock": "10.2.0.0/16"},
        ),
        Sample(
            "aws:ec2/subnet:Subnet",
            {**vpc, "cidrBlock": "10.0.2.0/24", "availabilityZone": f"{REGION}b"},
            {"mapPublicIpOnLaunch": True},
            {"availabilityZone": f"{REGION}a"},
        ),
        Sample(
            "aws:ec2/internetGateway:InternetGateway",
            {"tags": {"a": "b"}},
            {"tags": {"a": "c"}},
        ),
        Sample(
            "aws:ec2/natGateway:NatGateway",
            {"subnetId": world.subnet["id"], "connectivityType": "private"},
            {"tags": {"a": "b"}},
            {"subnetId": world.other_subnet["id"]},
        ),
        Sample("aws:ec2/eip:Eip", {"domain": "vpc"}, {"tags": {"a": "b"}}),
        Sample(
            "aws:ec2/vpcEndpoint:VpcEndpoint",
            {
                **vpc,
                "vpcEndpointType": "Interface",
                "serviceName": f"com.amazonaws.{REGION}.logs",
                "privateDnsEnabled": True,
                "subnetIds": subnets,
                "securityGroupIds": [world.group["id"]],
            },
            {"subnetIds": subnets[:1], "securityGroupIds": [world.other_group["id"]]},
            {"serviceName": f"com.amazonaws.{REGION}.ecr.api"},
        ),
        Sample(
            "aws:ec2/flowLog:FlowLog",
            {**vpc, "trafficType": "ALL", "logDestination": world.logs["arn"], "iamRoleArn": world.role["arn"]},
            {"tags": {"a": "b"}},
            {"trafficType": "REJECT"},
        ),
    ]


def _rules(world: World) -> list[Sample]:
    group = {"securityGroupId": world.group["id"]}
    https = {"protocol": "tcp", "fromPort": 443, "toPort": 443}
    within = [{**https, "cidrBlocks": ["10.0.0.0/16"], "description": "within"}]
    return [
        Sample(
            "aws:ec2/securityGroup:SecurityGroup",
            {"vpcId": world.vpc["id"], "ingress": within, "egress": [{**https, "self": True}]},
            {"ingress": [{**https, "securityGroups": [world.group["id"]]}]},
            {"description": "another"},
        ),
        Sample(
            "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
            {**group, "ipProtocol": "-1", "referencedSecurityGroupId": world.group["id"]},
            {"tags": {"a": "b"}},
            {"securityGroupId": world.other_group["id"]},
        ),
        Sample(
            "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
            {**group, "ipProtocol": "tcp", "fromPort": 443, "toPort": 443, "cidrIpv4": "10.0.0.0/16"},
            {"fromPort": 80, "toPort": 80},
            {"securityGroupId": world.other_group["id"]},
        ),
    ]


def _routes(world: World) -> list[Sample]:
    out = {"cidrBlock": "0.0.0.0/0", "gatewayId": world.gateway["id"]}
    return [
        Sample(
            "aws:ec2/routeTable:RouteTable",
            {"vpcId": world.vpc["id"], "routes": [out]},
            {"routes": []},
            {"vpcId": "vpc-1"},
        ),
        Sample(
            "aws:ec2/route:Route",
            {
                "routeTableId": world.table["id"],
                "destinationCidrBlock": "0.0.0.0/0",
                "gatewayId": world.gateway["id"],
            },
            replaced={"routeTableId": world.other_table["id"]},
        ),
        Sample(
            "aws:ec2/routeTableAssociation:RouteTableAssociation",
            {"routeTableId": world.table["id"], "subnetId": world.subnet["id"]},
            {"routeTableId": world.other_table["id"]},
            replaced={"subnetId": world.other_subnet["id"]},
        ),
    ]


def _storage(world: World) -> list[Sample]:
    bucket, another = {"bucket": world.bucket["bucket"]}, {"bucket": "another"}
    encrypted = {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": world.key["arn"]}
    expire = {"id": "old", "status": "Enabled", "filter": {"prefix": "checkpoints/"}, "expiration": {"days": 7}}
    statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObjectAcl", "Resource": world.bucket["arn"]}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    return [
        Sample("aws:s3/bucket:Bucket", {"tags": {"a": "b"}}, {"tags": {"a": "c"}}, another),
        Sample(
            "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
            {**bucket, "blockPublicAcls": True, "blockPublicPolicy": True},
            {"blockPublicPolicy": False, "restrictPublicBuckets": True},
            another,
        ),
        Sample(
            "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
            {**bucket, "rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}]},
            {"rules": [{"applyServerSideEncryptionByDefault": encrypted, "bucketKeyEnabled": True}]},
            another,
        ),
        Sample(
            "aws:s3/bucketVersioning:BucketVersioning",
            {**bucket, "versioningConfiguration": {"status": "Enabled"}},
            {"versioningConfiguration": {"status": "Suspended"}},
            another,
        ),
        Sample(
            "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
            {**bucket, "rule": {"objectOwnership": "BucketOwnerEnforced"}},
            {"rule": {"objectOwnership": "BucketOwnerPreferred"}},
            another,
        ),
        Sample(
            "aws:s3/bucketPolicy:BucketPolicy",
            {**bucket, "policy": json.dumps(policy)},
            {"policy": json.dumps({**policy, "Statement": [{**statement, "Action": "s3:PutBucketAcl"}]})},
            another,
        ),
        Sample(
            "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
            {**bucket, "rules": [expire]},
            {"rules": [{**expire, "filter": {"and": {"prefix": "debug/", "tags": {"keep": "no"}}}}]},
            another,
        ),
        *(
            Sample(
                f"aws:s3/{type_name[0].lower()}{type_name[1:]}:{type_name}",
                {**bucket, "key": f"{type_name}.csv", "content": "1,2", "contentType": "text/csv", "tags": {"a": "b"}},
                {"content": "3,4", "metadata": {"rows": "1"}},
                {"key": "other.csv"},
            )
            for type_name in ("BucketObjectv2", "BucketObject")
        ),
    ]


def _messages() -> list[Sample]:
    return [
        Sample(
            "aws:sqs/queue:Queue",
            {"visibilityTimeoutSeconds": 60, "policy": allow("sqs:SendMessage"), "tags": {"a": "b"}},
            {"visibilityTimeoutSeconds": 90, "policy": allow("sqs:ReceiveMessage"), "tags": {"c": "d"}},
            {"name": "another"},
        ),
        Sample(
            "aws:sns/topic:Topic",
            {"displayName": "models", "tags": {"a": "b"}},
            {"displayName": "jobs", "tags": {"c": "d"}},
            {"fifoTopic": True},
        ),
    ]


def _others(world: World) -> list[Sample]:
    variant = {"variantName": "all", "modelName": world.model["name"], "instanceType": "ml.m5.large"}
    return [
        Sample(
            "aws:kms/key:Key",
            {"description": "data", "enableKeyRotation": True, "deletionWindowInDays": 7, "tags": {"a": "b"}},
            {"description": "models", "enableKeyRotation": False, "isEnabled": False, "tags": {"c": "d"}},
            {"keyUsage": "SIGN_VERIFY"},
        ),
        Sample(
            "aws:kms/alias:Alias",
            {"targetKeyId": world.key["id"]},
            {"targetKeyId": world.other_key["id"]},
            {"name": "alias/another"},
        ),
        Sample(
            "aws:cloudwatch/logGroup:LogGroup",
            {"retentionInDays": 7, "tags": {"a": "b"}},
            {"retentionInDays": 30, "tags": {"c": "d"}},
            {"name": "another"},
        ),
        Sample(
            "aws:ecr/repository:Repository",
            {"imageScanningConfiguration": {"scanOnPush": True}, "tags": {"a": "b"}},
            {"imageTagMutability": "IMMUTABLE", "tags": {"c": "d"}},
            {"name": "another"},
        ),
        Sample(
            "aws:ssm/parameter:Parameter",
            {"type": "String", "value": "1", "description": "a number", "tags": {"a": "b"}},
            {"value": "2", "description": "another", "tags": {"c": "d"}},
            {"name": "another"},
        ),
        Sample(
            "aws:dynamodb/table:Table",
            {"hashKey": "id", "attributes": [{"name": "id", "type": "S"}], "billingMode": "PAY_PER_REQUEST"},
            {"billingMode": "PROVISIONED", "readCapacity": 2, "writeCapacity": 3, "tags": {"a": "b"}},
            {"hashKey": "key"},
        ),
        Sample(
            "aws:sagemaker/model:Model",
            {
                "executionRoleArn": world.role["arn"],
                "primaryContainer": {"image": IMAGE, "environment": {"lower": "case"}},
                "vpcConfig": {"subnets": [world.subnet["id"]], "securityGroupIds": [world.group["id"]]},
            },
            {"tags": {"a": "b"}},
            {"primaryContainer": {"image": f"{IMAGE}2"}},
        ),
        Sample(
            "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
            {"productionVariants": [{**variant, "initialInstanceCount": 1}]},
            {"tags": {"a": "b"}},
            {"productionVariants": [{**variant, "initialInstanceCount": 2}]},
        ),
    ]
