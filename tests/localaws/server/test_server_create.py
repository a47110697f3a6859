"""CreateTrainingJob: what is accepted, and every refusal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from server_support import REGION, TRUST, Network, Trainer, channel, refusal

if TYPE_CHECKING:
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_iam import IAMClient
    from server_support import Server

INSTANCES = {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10}
ADDRESS = f"123456789012.dkr.ecr.{REGION}.amazonaws.com/train:1"
IMAGE = {"TrainingImage": ADDRESS, "TrainingInputMode": "File"}
THERE = "us-east-1"
HUB_CONTENT = f"arn:aws:sagemaker:{THERE}:aws:hub-content/SageMakerPublicHub/Model/name/1.0.0"
GROUPS = {
    "VolumeSizeInGB": 10,
    "InstanceGroups": [{"InstanceGroupName": "a", "InstanceType": "ml.m5.large", "InstanceCount": 1}],
}
FILE_SYSTEM = {
    "FileSystemId": "fs-01234567",
    "FileSystemAccessMode": "ro",
    "FileSystemType": "EFS",
    "DirectoryPath": "/data",
}
VPC_IMAGE = {"TrainingImageConfig": {"TrainingRepositoryAccessMode": "Vpc"}}


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"AlgorithmSpecification": None}, "AlgorithmSpecification is required"),
        ({"ResourceConfig": None}, "ResourceConfig is required"),
        ({"AlgorithmSpecification": IMAGE | {"AlgorithmName": "name"}}, "both TrainingImage and AlgorithmName"),
        ({"AlgorithmSpecification": {"TrainingInputMode": "File"}}, "either TrainingImage or AlgorithmName"),
        ({"ResourceConfig": {"VolumeSizeInGB": 10}}, "exactly one of InstanceType"),
        ({"ResourceConfig": INSTANCES | {"InstanceCount": 0}}, "InstanceCount must be greater"),
        ({"StoppingCondition": {"MaxWaitTimeInSeconds": 9}}, "only supported when EnableManagedSpotTraining is set"),
        ({"EnableManagedSpotTraining": True}, "must be present and be greater than or equal to MaxRuntimeInSeconds"),
        (
            {
                "EnableManagedSpotTraining": True,
                "StoppingCondition": {"MaxRuntimeInSeconds": 10, "MaxWaitTimeInSeconds": 9},
            },
            "must be present and be greater than or equal to MaxRuntimeInSeconds",
        ),
        ({"StoppingCondition": {"MaxRuntimeInSeconds": 2_419_201}}, "less than or equal to 2419200"),
        (
            {
                "EnableManagedSpotTraining": True,
                "StoppingCondition": {"MaxRuntimeInSeconds": 9, "MaxWaitTimeInSeconds": 9},
                "ResourceConfig": INSTANCES | {"KeepAlivePeriodInSeconds": 60},
            },
            "Warm pools are not supported",
        ),
        ({"InputDataConfig": [channel("s3://data/input")] * 2}, "Channel names must be unique"),
        ({"InputDataConfig": [{"ChannelName": "a", "DataSource": {}}]}, "exactly one of S3DataSource"),
        (
            {"InputDataConfig": [{"ChannelName": "a", "DataSource": {"FileSystemDataSource": FILE_SYSTEM}}]},
            "A VpcConfig is required when an input channel",
        ),
        ({"AlgorithmSpecification": IMAGE | VPC_IMAGE}, "A VpcConfig is required when TrainingRepositoryAccessMode"),
        (
            {"AlgorithmSpecification": IMAGE | {"MetricDefinitions": [{"Name": "loss", "Regex": "("}]}},
            "valid regular expression",
        ),
        ({"HyperParameters": {"key": "AKIAABCDEFGHIJKLMNOP"}}, "security-sensitive"),
        ({"Tags": [{"Key": "aws:owner", "Value": "me"}]}, "begin with aws:"),
        ({"Tags": [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]}, "Tag keys must be unique"),
    ],
)
def test_members_that_do_not_fit_together_are_refused(trainer: Trainer, members: dict[str, Any], expected: str) -> None:
    """A ValidationException says which rule is broken."""
    message = trainer.refusal(**members)

    assert message.startswith("ValidationException: ")
    assert expected in message


def grouped(name: str, *groups: str, **members: str) -> dict[str, Any]:
    """A channel of its own name that is assigned to instance groups."""
    given = channel("s3://data/input")
    source = {
        **given["DataSource"]["S3DataSource"],
        **({"InstanceGroupNames": list(groups)} if groups else {}),
        **members,
    }
    return {**given, "ChannelName": name, "DataSource": {"S3DataSource": source}}


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        (
            {"ResourceConfig": GROUPS, "InputDataConfig": [grouped("a", "a"), grouped("b")]},
            "Some channels have assigned instance groups while others not",
        ),
        ({"AlgorithmSpecification": IMAGE | {"TrainingImage": ADDRESS.replace(REGION, THERE)}}, "in the Region of the"),
        ({"AlgorithmSpecification": IMAGE | {"TrainingImage": f"{ADDRESS.replace('.com', '.com.cn')}"}}, "is at "),
        ({"AlgorithmSpecification": IMAGE | {"TrainingImage": "public.ecr.aws/docker/library/python:3"}}, "non-ECR"),
        ({"AlgorithmSpecification": IMAGE | {"TrainingImage": "python:3"}}, "non-ECR image python:3 without Vpc"),
        (
            {
                "AlgorithmSpecification": {
                    "AlgorithmName": f"arn:aws:sagemaker:{REGION}:111122223333:algorithm/trees",
                    "TrainingInputMode": "File",
                }
            },
            "EnableNetworkIsolation must be true",
        ),
        ({"OutputDataConfig": {"S3OutputPath": "s3://s3://data/output"}}, "without another s3:// before it"),
        ({"OutputDataConfig": {"S3OutputPath": "s3://{bucket}/output"}}, "where this has a placeholder"),
        ({"OutputDataConfig": {"S3OutputPath": "s3://My_Data/output"}}, "only lower case letters"),
        ({"CheckpointConfig": {"S3Uri": "s3://<data>/checkpoints"}}, "where this has a placeholder"),
        ({"InputDataConfig": [grouped("a", S3Uri="s3://[data]/input")]}, "where this has a placeholder"),
        (
            {"OutputDataConfig": {"S3OutputPath": "s3://data/output", "KmsKeyId": f"arn:aws:kms:{THERE}:1:key/2"}},
            "OutputDataConfig.KmsKeyId: it must be in the Region of the training job",
        ),
        (
            {
                "ResourceConfig": INSTANCES
                | {"TrainingPlanArn": f"arn:aws:sagemaker:{THERE}:123456789012:training-plan/p"}
            },
            "ResourceConfig.TrainingPlanArn: it must be in the Region",
        ),
        (
            {"MlflowConfig": {"MlflowResourceArn": f"arn:aws:sagemaker:{THERE}:123456789012:mlflow-tracking-server/s"}},
            "MlflowConfig.MlflowResourceArn: it must be in the Region",
        ),
        (
            {"ServerlessJobConfig": {"BaseModelArn": HUB_CONTENT, "JobType": "FineTuning"}},
            "ServerlessJobConfig.BaseModelArn: it must be in the Region",
        ),
    ],
)
def test_addresses_that_lead_nowhere_or_elsewhere_are_refused(
    trainer: Trainer, members: dict[str, Any], expected: str
) -> None:
    """As the library's preview refuses them, by the same tables."""
    message = trainer.refusal(**members)

    assert message.startswith("ValidationException: ")
    assert expected in message


def test_an_image_of_another_registry_is_reached_through_the_vpc(trainer: Trainer, network: Network) -> None:
    """And an algorithm of AWS Marketplace runs in isolation."""
    vpc = {"Subnets": [network.subnet], "SecurityGroupIds": [network.group]}
    elsewhere = IMAGE | VPC_IMAGE | {"TrainingImage": "registry.example.com/train:1"}
    offered = f"arn:aws:sagemaker:{REGION}:111122223333:algorithm/trees"

    assert trainer.accepted(AlgorithmSpecification=elsewhere, VpcConfig=vpc)
    assert trainer.accepted(
        AlgorithmSpecification={"AlgorithmName": offered, "TrainingInputMode": "File"}, EnableNetworkIsolation=True
    )


def test_a_name_is_unique(trainer: Trainer) -> None:
    """The second job of a name is refused in AWS's words, whatever else it asks for."""
    name = trainer.create()
    arn = trainer.describe(name)["TrainingJobArn"]

    assert trainer.refusal(TrainingJobName=name, HyperParameters={"depth": "5"}) == (
        "ResourceInUse: Training job names must be unique within an AWS account and region, "
        f"and a training job with this name already exists ({arn})"
    )


def test_a_role_that_is_not_there_can_not_be_assumed(trainer: Trainer) -> None:
    """The text is the one that clients wait on while a role propagates."""
    role = "arn:aws:iam::123456789012:role/nobody"

    assert trainer.refusal(RoleArn=role) == (
        f"ValidationException: Could not assume role {role}. Please ensure that the role exists and allows "
        "principal 'sagemaker.amazonaws.com' to assume the role."
    )


def test_a_role_that_does_not_trust_sagemaker_can_not_be_assumed(trainer: Trainer, iam: IAMClient) -> None:
    """The trust policy is read."""
    trust = json.dumps(TRUST).replace("sagemaker", "ec2")
    role = iam.create_role(RoleName="machines", AssumeRolePolicyDocument=trust)["Role"]["Arn"]

    assert "Could not assume role" in trainer.refusal(RoleArn=role)


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"InputDataConfig": [channel("s3://nowhere/input")]}, 'No S3 objects found under S3 URL "s3://nowhere/input"'),
        ({"OutputDataConfig": {"S3OutputPath": "s3://nowhere/output"}}, "The S3 bucket nowhere"),
        ({"CheckpointConfig": {"S3Uri": "s3://nowhere/checkpoints"}}, "The S3 bucket nowhere"),
        ({"OutputDataConfig": {"S3OutputPath": "https://s3.amazonaws.com/nowhere/output"}}, "The S3 bucket nowhere"),
        ({"OutputDataConfig": {"S3OutputPath": "https://example.com/output"}}, "S3 address: got 'https://example.com"),
        ({"VpcConfig": {"Subnets": ["subnet-0"], "SecurityGroupIds": ["sg-0"]}}, "The subnet ID 'subnet-0' does not"),
    ],
)
def test_what_a_job_needs_has_to_exist(trainer: Trainer, members: dict[str, Any], expected: str) -> None:
    """Buckets and subnets are looked up."""
    assert trainer.refusal(**members).startswith(f"ValidationException: {expected}")


def test_a_bucket_of_another_region_is_refused(trainer: Trainer, server: Server) -> None:
    """Input and output must lie in the job's Region."""
    s3 = server.client("s3", region="us-west-2")
    s3.create_bucket(Bucket="abroad", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})

    assert "must be in the same Region" in trainer.refusal(OutputDataConfig={"S3OutputPath": "s3://abroad/output"})
    assert "in the selected region (eu-central-1)" in trainer.refusal(InputDataConfig=[channel("s3://abroad/input")])


def test_a_network_is_one_vpc(trainer: Trainer, network: Network, ec2: EC2Client) -> None:
    """A security group has to exist, and to belong to the subnets' VPC."""
    elsewhere = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"].get("VpcId", "")
    stranger = ec2.create_security_group(GroupName="stranger", Description="d", VpcId=elsewhere)["GroupId"]

    messages = [
        trainer.refusal(VpcConfig={"Subnets": [network.subnet], "SecurityGroupIds": [group]})
        for group in ("sg-0", stranger)
    ]

    assert "The security group 'sg-0' does not exist" in messages[0]
    assert "must belong to the same VPC" in messages[1]


def test_a_refused_job_does_not_exist(trainer: Trainer) -> None:
    """Not found is a ValidationException with AWS's text."""
    trainer.refusal(TrainingJobName="refused", RoleArn="arn:aws:iam::123456789012:role/nobody")

    assert refusal(trainer.sagemaker.describe_training_job, TrainingJobName="refused") == (
        "ValidationException: Requested resource not found."
    )
