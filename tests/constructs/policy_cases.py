"""Jobs, each with what SageMaker must be able to do for it, and with what lies next to that and must stay shut."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.permissions.locations import location
from sagemaker_constructs.permissions.needs import Needs
from sagemaker_constructs.permissions.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping

ACCOUNT = "123456789012"
SCOPE = Scope("aws", "eu-west-1", ACCOUNT)
RULES = "929884845733"
"""AWS's account with the images of rules, in eu-west-1."""
REGISTRY = f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com"
SAGEMAKER = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key"
KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab"
OTHER_KEY_ID = "00000000-12ab-34cd-56ef-1234567890ab"


@dataclass(frozen=True)
class Call:
    """An action on a resource, and what is known of the request."""

    action: str
    resource: str = "*"
    context: tuple[tuple[str, str | tuple[str, ...]], ...] = ()

    def __str__(self) -> str:
        return f"{self.action} {self.resource} {dict(self.context) or ''}".strip()


def calls(resource: str, *actions: str, **context: str | tuple[str, ...]) -> list[Call]:
    """The actions on one resource; a key's colon is written as two underscores."""
    known = tuple((key.replace("__", ":").replace("_", "-"), value) for key, value in context.items())
    return [Call(action, resource, known) for action in actions]


def listing(bucket: str, prefix: str) -> Call:
    """ListBucket with a prefix."""
    return Call("s3:ListBucket", f"arn:aws:s3:::{bucket}", (("s3:prefix", prefix),))


@dataclass(frozen=True)
class Case:
    """A job with its two lists."""

    members: Mapping[str, Any]
    needed: list[Call]
    denied: list[Call]
    also: Needs = Needs()  # noqa: RUF009  frozen
    scope: Scope = SCOPE

    @property
    def job(self) -> dict[str, Any]:
        """The members of the job, validated."""
        return TrainingJobSpec.from_members(self.members).to_members()


PULL = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
SMALLEST: Mapping[str, Any] = {
    "algorithm_specification": {"training_image": f"{REGISTRY}/train:1", "training_input_mode": "File"},
    "output_data_config": {"s3_output_path": "s3://models/penguins"},
    "resource_config": {"instance_type": "ml.m5.large", "instance_count": 1, "volume_size_in_gb": 10},
}
LOGS = f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:/aws/sagemaker/TrainingJobs"
EVERY_JOB = [
    *calls("arn:aws:s3:::models/penguins/job/output/model.tar.gz", "s3:PutObject", "s3:AbortMultipartUpload"),
    *calls(f"arn:aws:ecr:eu-west-1:{ACCOUNT}:repository/train", *PULL),
    *calls("*", "ecr:GetAuthorizationToken"),
    *calls(LOGS, "logs:CreateLogGroup", "logs:DescribeLogStreams"),
    *calls(f"{LOGS}:log-stream:job/algo-1-1", "logs:CreateLogStream", "logs:PutLogEvents"),
    *calls("*", "cloudwatch:PutMetricData", cloudwatch__namespace="/aws/sagemaker/TrainingJobs"),
]
NO_JOB = [
    *calls("arn:aws:s3:::models/penguins2/model.tar.gz", "s3:PutObject"),
    *calls("arn:aws:s3:::models/penguins", "s3:PutObject"),
    *calls("arn:aws:s3:::models/penguins/job/output/model.tar.gz", "s3:DeleteObject", "s3:PutObjectAcl"),
    *calls("arn:aws:s3:::elsewhere/penguins/model.tar.gz", "s3:PutObject", "s3:GetObject"),
    *calls("arn:aws:s3:::models", "s3:DeleteBucket", "s3:PutBucketPolicy", "s3:ListBucket"),
    *calls(f"arn:aws:ecr:eu-west-1:{ACCOUNT}:repository/train2", *PULL),
    *calls(f"arn:aws:ecr:eu-west-1:{ACCOUNT}:repository/train", "ecr:PutImage", "ecr:CreateRepository"),
    *calls(f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:/aws/lambda/f:log-stream:1", "logs:PutLogEvents"),
    *calls(LOGS, "logs:DeleteLogGroup"),
    *calls("*", "cloudwatch:PutMetricData", cloudwatch__namespace="AWS/EC2"),
    *calls("*", "ec2:DescribeSubnets", "iam:PassRole", "sts:AssumeRole", "ssmmessages:OpenDataChannel"),
    *calls(f"{SAGEMAKER}:training-job/job", "sagemaker:CreateTrainingJob", "sagemaker:StopTrainingJob"),
    *calls(f"{KEY}/{KEY_ID}", "kms:Decrypt", "kms:ScheduleKeyDeletion"),
]


def no_job_but(*actions: str) -> list[Call]:
    """What no job may do, but for actions that one needs."""
    return [call for call in NO_JOB if call.action not in actions]


def channel(name: str, **source: Any) -> dict[str, Any]:
    """A channel in S3."""
    return {
        "channel_name": name,
        "data_source": {"s3_data_source": {"s3_data_type": "S3Prefix", **source}},
    }


def _file_system(name: str, identifier: str, kind: str, mode: str) -> dict[str, Any]:
    source = {
        "file_system_id": identifier,
        "file_system_type": kind,
        "file_system_access_mode": mode,
        "directory_path": "/data",
    }
    return {"channel_name": name, "data_source": {"file_system_data_source": source}}


SUBNET = f"arn:aws:ec2:eu-west-1:{ACCOUNT}:subnet"
INTERFACE = f"arn:aws:ec2:eu-west-1:{ACCOUNT}:network-interface/eni-1"
FILE_SYSTEM = f"arn:aws:elasticfilesystem:eu-west-1:{ACCOUNT}:file-system"
ACCESS_POINT = f"arn:aws:s3:eu-west-1:{ACCOUNT}:accesspoint"
HUB = "arn:aws:sagemaker:eu-west-1:aws:hub"
CONTENT = "arn:aws:sagemaker:eu-west-1:aws:hub-content/SageMakerPublicHub"
TRACKING = f"{SAGEMAKER}:mlflow-tracking-server/team"
MLFLOW = (
    "sagemaker-mlflow:CreateRun",
    "sagemaker-mlflow:GetExperimentByName",
    "sagemaker-mlflow:LogBatch",
    "sagemaker-mlflow:UpdateRun",
)

VPC: Mapping[str, Any] = {"vpc_config": {"subnets": ["subnet-1", "subnet-2"], "security_group_ids": ["sg-1"]}}
NETWORK = [
    *calls(f"{SUBNET}/subnet-2", "ec2:CreateNetworkInterface"),
    *calls("arn:aws:ec2:eu-west-1:999999999999:subnet/subnet-1", "ec2:CreateNetworkInterface"),  # a shared one
    *calls(f"arn:aws:ec2:eu-west-1:{ACCOUNT}:security-group/sg-1", "ec2:CreateNetworkInterface"),
    *calls(INTERFACE, "ec2:CreateNetworkInterface"),
    *calls(
        INTERFACE,
        "ec2:CreateNetworkInterfacePermission",
        "ec2:DeleteNetworkInterface",
        "ec2:DeleteNetworkInterfacePermission",
        ec2__Subnet=f"{SUBNET}/subnet-1",
    ),
    *calls(
        "*",
        "ec2:DescribeDhcpOptions",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcs",
    ),
]

FAST, WRITTEN = (f"arn:aws:s3express:eu-west-1:{ACCOUNT}:bucket/{name}--euw1-az1--x-s3" for name in ("fast", "kept"))
SHARED = f"arn:aws:s3express:eu-west-1:{ACCOUNT}:accesspoint/shared--euw1-az1--xa-s3"
CASES: Mapping[str, Case] = {
    "smallest": Case(SMALLEST, EVERY_JOB, NO_JOB),
    "inputs": Case(
        {
            **SMALLEST,
            "input_data_config": [
                channel("folder", s3_uri="s3://data/train/"),
                channel("prefix", s3_uri="s3://data/val"),
                channel("bucket", s3_uri="s3://my-tables"),
                channel("https", s3_uri="https://my.tables.s3.eu-west-1.amazonaws.com/a%20b/"),
                channel("odd", s3_uri="s3://odd/a*b/"),
            ],
        },
        [
            *EVERY_JOB,
            *calls("arn:aws:s3:::data/train/1.csv", "s3:GetObject"),
            *calls("arn:aws:s3:::data/val/1.csv", "s3:GetObject"),
            *calls("arn:aws:s3:::data/val2/1.csv", "s3:GetObject"),  # S3Prefix: every key that begins with it
            *calls("arn:aws:s3:::my-tables/any", "s3:GetObject"),
            *calls("arn:aws:s3:::my.tables/a b/any", "s3:GetObject"),
            *calls("arn:aws:s3:::odd/a*b/any", "s3:GetObject"),
            *calls("arn:aws:s3:::my-tables", "s3:ListBucket"),
            listing("data", "train/"),
            listing("data", "val"),
            listing("my.tables", "a b/"),
            listing("odd", "a*b/"),
        ],
        [
            *NO_JOB,
            *calls("arn:aws:s3:::data/train2/1.csv", "s3:GetObject"),
            *calls("arn:aws:s3:::data/train", "s3:GetObject"),
            *calls("arn:aws:s3:::data/test/1.csv", "s3:GetObject"),
            *calls("arn:aws:s3:::data2/train/1.csv", "s3:GetObject"),
            *calls("arn:aws:s3:::odd/axb/any", "s3:GetObject"),
            *calls("arn:aws:s3:::data/train/1.csv", "s3:PutObject", "s3:DeleteObject"),
            *calls("arn:aws:s3:::data", "s3:ListBucket"),
            listing("data", "train"),
            listing("data", "train2/"),
            listing("data", ""),
            listing("odd", "axb/"),
        ],
    ),
    "manifests": Case(
        {
            **SMALLEST,
            "input_data_config": [
                channel("list", s3_data_type="ManifestFile", s3_uri="s3://data/lists/train.manifest"),
                channel(
                    "labels",
                    s3_data_type="AugmentedManifestFile",
                    s3_uri="s3://data/lists/labels.json",
                    attribute_names=["source-ref"],
                )
                | {"input_mode": "Pipe"},
            ],
        },
        [
            *EVERY_JOB,
            *calls("arn:aws:s3:::data/lists/train.manifest", "s3:GetObject"),
            *calls("arn:aws:s3:::data/lists/labels.json", "s3:GetObject"),
            *calls("arn:aws:s3:::pictures/cats/1.png", "s3:GetObject"),
            listing("data", "lists/train.manifest"),
            listing("pictures", "cats/"),
        ],
        [
            *NO_JOB,
            *calls("arn:aws:s3:::data/lists/train.manifest2", "s3:GetObject"),
            *calls("arn:aws:s3:::pictures/dogs/1.png", "s3:GetObject"),
            listing("data", "lists/"),
        ],
        also=Needs(inputs=frozenset({location("s3://pictures/cats/")})),
    ),
    "checkpoints": Case(
        {**SMALLEST, "checkpoint_config": {"s3_uri": "s3://models/checkpoints"}},
        [
            *EVERY_JOB,
            *calls(
                "arn:aws:s3:::models/checkpoints/job/1.pt", "s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"
            ),
            listing("models", "checkpoints"),
            listing("models", "checkpoints/job/"),
        ],
        [
            *NO_JOB,
            *calls("arn:aws:s3:::models/checkpoints2/1.pt", "s3:GetObject", "s3:PutObject"),
            *calls("arn:aws:s3:::models/checkpoints/1.pt", "s3:DeleteObject"),
            *calls("arn:aws:s3:::models/penguins/job/output/model.tar.gz", "s3:GetObject"),
            listing("models", "checkpoints2/"),
            listing("models", "penguins/"),
        ],
    ),
    "rules": Case(
        {
            **SMALLEST,
            "debug_hook_config": {"s3_output_path": "s3://watch/tensors/"},
            "profiler_config": {"s3_output_path": "s3://watch/profiles"},
            "tensor_board_output_config": {"s3_output_path": "s3://watch/board"},
            "debug_rule_configurations": [
                {
                    "rule_configuration_name": "loss",
                    "rule_evaluator_image": f"{RULES}.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-debugger-rules:latest",
                    "s3_output_path": "s3://watch/rules/",
                    "rule_parameters": {"source_s3_uri": "s3://code/rules/loss.py", "rule_to_invoke": "Loss"},
                }
            ],
        },
        [
            *EVERY_JOB,
            *calls("arn:aws:s3:::watch/tensors/job/0.ts", "s3:PutObject", "s3:GetObject"),
            *calls("arn:aws:s3:::watch/profiles/job/0.json", "s3:PutObject", "s3:GetObject"),
            *calls("arn:aws:s3:::watch/board/events", "s3:PutObject"),
            *calls("arn:aws:s3:::watch/rules/report", "s3:PutObject"),
            *calls("arn:aws:s3:::code/rules/loss.py", "s3:GetObject"),
            listing("code", "rules/loss.py"),
            *calls("arn:aws:s3:::models/penguins/job/profiler-output/0.json", "s3:GetObject"),
            *calls(f"arn:aws:ecr:eu-west-1:{RULES}:repository/sagemaker-debugger-rules", *PULL),
            *calls(
                f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:/aws/sagemaker/ProcessingJobs:log-stream:rule",
                "logs:PutLogEvents",
            ),
            *calls("*", "cloudwatch:PutMetricData", cloudwatch__namespace="/aws/sagemaker/ProcessingJobs"),
            listing("watch", "tensors/"),
            listing("models", "penguins/job/profiler-output/"),
        ],
        [
            *NO_JOB,
            *calls("arn:aws:s3:::watch/board/events", "s3:GetObject"),
            *calls("arn:aws:s3:::watch/tensors2/0.ts", "s3:PutObject", "s3:GetObject"),
            listing("watch", "board/"),
        ],
    ),
    "tensors": Case(
        {**SMALLEST, "debug_hook_config": {"s3_output_path": "s3://watch/tensors/"}},
        [*EVERY_JOB, *calls("arn:aws:s3:::watch/tensors/job/0.ts", "s3:PutObject")],
        [*NO_JOB, *calls("arn:aws:s3:::watch/tensors/job/0.ts", "s3:GetObject"), listing("watch", "tensors/")],
    ),
    "keys": Case(
        {
            **SMALLEST,
            "output_data_config": {"s3_output_path": "s3://models/penguins", "kms_key_id": KEY_ID},
            "resource_config": {
                **SMALLEST["resource_config"],
                "volume_kms_key_id": f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/volume",
            },
        },
        [
            *EVERY_JOB,
            *calls(f"{KEY}/{KEY_ID}", "kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"),
            *calls(f"{KEY}/volume", "kms:DescribeKey"),
            *calls(f"{KEY}/volume", "kms:CreateGrant", kms__GrantIsForAWSResource="true"),
            *calls(f"{KEY}/read", "kms:Decrypt", kms__ViaService="s3.eu-west-1.amazonaws.com"),
            *calls(f"{KEY}/write", "kms:Decrypt", "kms:GenerateDataKey", kms__ViaService="s3.eu-west-1.amazonaws.com"),
        ],
        [
            *no_job_but("kms:Decrypt"),
            *calls(f"{KEY}/{OTHER_KEY_ID}", "kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"),
            *calls(f"{KEY}/volume", "kms:Decrypt", "kms:CreateGrant"),
            *calls(f"{KEY}/volume", "kms:CreateGrant", kms__GrantIsForAWSResource="false"),
            *calls(f"{KEY}/{KEY_ID}", "kms:ScheduleKeyDeletion", "kms:CreateGrant", "kms:PutKeyPolicy"),
            *calls(f"{KEY}/read", "kms:GenerateDataKey", kms__ViaService="s3.eu-west-1.amazonaws.com"),
            *calls(f"{KEY}/read", "kms:Decrypt"),
            *calls(f"{KEY}/read", "kms:Decrypt", kms__ViaService="secretsmanager.eu-west-1.amazonaws.com"),
        ],
        also=Needs(read_keys=frozenset({f"{KEY}/read"}), write_keys=frozenset({f"{KEY}/write"})),
    ),
    "aliases": Case(
        {
            **SMALLEST,
            "output_data_config": {"s3_output_path": "s3://models/penguins", "kms_key_id": "alias/models"},
            "resource_config": {
                **SMALLEST["resource_config"],
                "volume_kms_key_id": "arn:aws:kms:eu-west-1:999999999999:alias/volumes",
            },
        },
        [
            *EVERY_JOB,
            *calls(f"{KEY}/any", "kms:GenerateDataKey", kms__ResourceAliases=("alias/models", "alias/old")),
            *calls(
                "arn:aws:kms:eu-west-1:999999999999:key/any", "kms:DescribeKey", kms__ResourceAliases=("alias/volumes",)
            ),
            *calls(
                "arn:aws:kms:eu-west-1:999999999999:key/any",
                "kms:CreateGrant",
                kms__ResourceAliases=("alias/volumes",),
                kms__GrantIsForAWSResource="true",
            ),
        ],
        [
            *NO_JOB,
            *calls(f"{KEY}/any", "kms:GenerateDataKey", kms__ResourceAliases=("alias/models2",)),
            *calls(f"{KEY}/any", "kms:CreateGrant", kms__ResourceAliases=("alias/volumes",)),
        ],
    ),
    "network": Case(
        {**SMALLEST, **VPC},
        [
            *EVERY_JOB,
            *NETWORK,
        ],
        [
            *no_job_but("ec2:DescribeSubnets"),
            *calls(f"{SUBNET}/subnet-3", "ec2:CreateNetworkInterface"),
            *calls(f"arn:aws:ec2:eu-west-1:{ACCOUNT}:security-group/sg-2", "ec2:CreateNetworkInterface"),
            *calls(INTERFACE, "ec2:DeleteNetworkInterface", ec2__Subnet=f"{SUBNET}/subnet-3"),
            *calls(INTERFACE, "ec2:DeleteNetworkInterface", "ec2:AttachNetworkInterface"),
            *calls("*", "ec2:DescribeInstances", "ec2:RunInstances"),
        ],
    ),
    "file systems": Case(
        {
            **SMALLEST,
            **VPC,
            "input_data_config": [
                _file_system("read", "fs-00000000000000001", "EFS", "ro"),
                _file_system("write", "fs-00000000000000002", "EFS", "rw"),
                _file_system("lustre", "fs-00000000000000003", "FSxLustre", "ro"),
            ],
        },
        [
            *EVERY_JOB,
            *calls(
                f"{FILE_SYSTEM}/fs-00000000000000001",
                "elasticfilesystem:ClientMount",
                "elasticfilesystem:DescribeFileSystems",
                "elasticfilesystem:DescribeMountTargets",
            ),
            *calls(f"{FILE_SYSTEM}/fs-00000000000000002", "elasticfilesystem:ClientWrite"),
            *calls("*", "fsx:DescribeFileSystems"),
            *NETWORK,
        ],
        [
            *no_job_but("ec2:DescribeSubnets"),
            *calls(f"{FILE_SYSTEM}/fs-00000000000000001", "elasticfilesystem:ClientWrite"),
            *calls(f"{FILE_SYSTEM}/fs-00000000000000004", "elasticfilesystem:ClientMount"),
            *calls(f"{FILE_SYSTEM}/fs-00000000000000002", "elasticfilesystem:ClientRootAccess"),
        ],
    ),
    "private registry": Case(
        {
            **SMALLEST,
            **VPC,
            "algorithm_specification": {
                "training_image": "registry.example.com/train:1",
                "training_input_mode": "File",
                "training_image_config": {
                    "training_repository_access_mode": "Vpc",
                    "training_repository_auth_config": {
                        "training_repository_credentials_provider_arn": (
                            f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:credentials"
                        )
                    },
                },
            },
        },
        [
            *(call for call in EVERY_JOB if not call.action.startswith("ecr:")),
            *calls(f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:credentials", "lambda:InvokeFunction"),
            *NETWORK,
        ],
        [
            *no_job_but("ec2:DescribeSubnets"),
            *calls(f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:credentials2", "lambda:InvokeFunction"),
            *calls("*", "ecr:GetAuthorizationToken"),
        ],
    ),
    "other accounts' images": Case(
        {
            **SMALLEST,
            "algorithm_specification": {
                "training_image": "999999999999.dkr.ecr.us-east-1.amazonaws.com/docker-hub/library/python@sha256:00",
                "training_input_mode": "File",
            },
        },
        [
            *(call for call in EVERY_JOB if not call.resource.startswith("arn:aws:ecr")),
            *calls(
                "arn:aws:ecr:us-east-1:999999999999:repository/docker-hub/library/python",
                *PULL,
                "ecr:BatchImportUpstreamImage",
                "ecr:CreateRepository",
            ),
        ],
        [
            *NO_JOB,
            *calls(f"arn:aws:ecr:us-east-1:{ACCOUNT}:repository/docker-hub/library/python", *PULL),
            *calls("arn:aws:ecr:us-east-1:999999999999:repository/docker-hub/library/ruby", "ecr:CreateRepository"),
        ],
        also=Needs(caches=frozenset({"docker-hub"})),
    ),
    "China": Case(
        {
            **SMALLEST,
            "algorithm_specification": {
                "training_image": "450853457545.dkr.ecr.cn-north-1.amazonaws.com.cn/sagemaker-xgboost:1.7-1",
                "training_input_mode": "File",
            },
            "hyper_parameters": {"num_round": "10"},
        },
        [
            *calls("arn:aws-cn:s3:::models/penguins/job/output/model.tar.gz", "s3:PutObject"),
            *calls("arn:aws-cn:ecr:cn-north-1:450853457545:repository/sagemaker-xgboost", *PULL),
            *calls("*", "ecr:GetAuthorizationToken"),
            *calls(LOGS.replace("arn:aws:logs:eu-west-1", "arn:aws-cn:logs:cn-north-1"), "logs:CreateLogGroup"),
            *calls("*", "cloudwatch:PutMetricData", cloudwatch__namespace="/aws/sagemaker/TrainingJobs"),
        ],
        [call for call in EVERY_JOB if call.resource != "*"],
        scope=Scope("aws-cn", "cn-north-1", ACCOUNT),
    ),
    "serverless": Case(
        {
            "output_data_config": {"s3_output_path": "s3://models/penguins"},
            "serverless_job_config": {
                "base_model_arn": f"{CONTENT}/Model/llama/1.0.0",
                "job_type": "FineTuning",
                "customization_technique": "RLVR",
                "evaluator_arn": f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:reward",
            },
            "input_data_config": [
                {
                    "channel_name": "train",
                    "data_source": {"dataset_source": {"dataset_arn": f"{CONTENT}/DataSet/talk/1.0.0"}},
                }
            ],
            "mlflow_config": {"mlflow_resource_arn": TRACKING},
            "model_package_config": {
                "model_package_group_arn": f"{SAGEMAKER}:model-package-group/penguins",
                "source_model_package_arn": f"{SAGEMAKER}:model-package/origin/3",
            },
        },
        [
            *(call for call in EVERY_JOB if not call.action.startswith("ecr:")),
            *calls(f"{CONTENT}/Model/llama/1.0.0", "sagemaker:DescribeHubContent"),
            *calls(f"{CONTENT}/DataSet/talk/1.0.0", "sagemaker:DescribeHubContent"),
            *calls(f"{HUB}/SageMakerPublicHub", "sagemaker:DescribeHubContent"),
            *calls("arn:aws:s3:::jumpstart-cache-prod-eu-west-1/llama/weights", "s3:GetObject"),
            *calls("arn:aws:s3:::jumpstart-cache-prod-eu-west-1", "s3:ListBucket"),
            *calls(f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:reward", "lambda:InvokeFunction"),
            *calls(TRACKING, *MLFLOW),
            *calls(f"{SAGEMAKER}:model-package-group/penguins", "sagemaker:CreateModelPackage"),
            *calls(f"{SAGEMAKER}:model-package/penguins/1", "sagemaker:CreateModelPackage"),
            *calls(f"{SAGEMAKER}:model-package/origin/3", "sagemaker:DescribeModelPackage"),
        ],
        [
            *NO_JOB,
            *calls(f"{CONTENT}/Model/mistral/1.0.0", "sagemaker:DescribeHubContent"),
            *calls("arn:aws:s3:::jumpstart-cache-prod-eu-west-1/llama/weights", "s3:PutObject"),
            *calls("arn:aws:s3:::jumpstart-of-somebody/llama/weights", "s3:GetObject"),
            *calls(f"{SAGEMAKER}:mlflow-tracking-server/other", *MLFLOW),
            *calls(TRACKING, "sagemaker-mlflow:DeleteExperiment"),
            *calls(f"{SAGEMAKER}:model-package/penguins2/1", "sagemaker:CreateModelPackage"),
            *calls(f"{SAGEMAKER}:model-package/origin/4", "sagemaker:DescribeModelPackage"),
        ],
    ),
    "MLflow app": Case(
        {**SMALLEST, "mlflow_config": {"mlflow_resource_arn": f"{SAGEMAKER}:mlflow-app/app-1"}},
        [*EVERY_JOB, *calls(f"{SAGEMAKER}:mlflow-app/app-1", "sagemaker:CallMlflowAppApi")],
        [*NO_JOB, *calls(f"{SAGEMAKER}:mlflow-app/app-2", "sagemaker:CallMlflowAppApi")],
    ),
    "experiment": Case(
        {
            **SMALLEST,
            "experiment_config": {"experiment_name": "Birds", "trial_name": "spring", "run_name": "first"},
        },
        [
            *EVERY_JOB,
            *calls(f"{SAGEMAKER}:experiment/birds", "sagemaker:DescribeExperiment"),
            *calls(f"{SAGEMAKER}:experiment-trial/spring", "sagemaker:DescribeTrial"),
            *calls(f"{SAGEMAKER}:experiment-trial/spring", "sagemaker:AssociateTrialComponent"),
            *calls(
                f"{SAGEMAKER}:experiment-trial-component/job-aws-training-job",
                "sagemaker:BatchPutMetrics",
                "sagemaker:UpdateTrialComponent",
            ),
            *calls(f"{SAGEMAKER}:experiment-trial-component/birds-first", "sagemaker:BatchPutMetrics"),
            *calls(f"{SAGEMAKER}:training-job/job", "sagemaker:BatchPutMetrics"),
        ],
        [
            *NO_JOB,
            *calls(f"{SAGEMAKER}:experiment/fish", "sagemaker:DescribeExperiment"),
            *calls(f"{SAGEMAKER}:experiment-trial/autumn", "sagemaker:AssociateTrialComponent"),
            *calls(f"{SAGEMAKER}:experiment-trial-component/fish-second", "sagemaker:BatchPutMetrics"),
        ],
    ),
    "named by hand": Case(
        {
            **SMALLEST,
            "training_job_name": "Birds-7",
            "experiment_config": {"experiment_name": "birds", "trial_name": "spring"},
        },
        [
            *(call for call in EVERY_JOB if "log-stream" not in call.resource),
            *calls(f"{LOGS}:log-stream:Birds-7/algo-1-1", "logs:CreateLogStream", "logs:PutLogEvents"),
            *calls(f"{SAGEMAKER}:experiment/birds", "sagemaker:DescribeExperiment"),
            *calls(f"{SAGEMAKER}:experiment-trial/spring", "sagemaker:DescribeTrial"),
            *calls(f"{SAGEMAKER}:experiment-trial/spring", "sagemaker:AssociateTrialComponent"),
            *calls(
                f"{SAGEMAKER}:experiment-trial-component/birds-7-aws-training-job",
                "sagemaker:BatchPutMetrics",
                "sagemaker:UpdateTrialComponent",
            ),
            *calls(f"{SAGEMAKER}:training-job/birds-7", "sagemaker:BatchPutMetrics"),
        ],
        [
            *NO_JOB,
            *calls(f"{SAGEMAKER}:training-job/birds-8", "sagemaker:BatchPutMetrics"),
            *calls(f"{LOGS}:log-stream:Birds-70/algo-1-1", "logs:PutLogEvents"),
            *calls(f"{LOGS}:log-stream:fish/algo-1-1", "logs:CreateLogStream"),
            *calls(f"{SAGEMAKER}:experiment-trial-component/fish-aws-training-job", "sagemaker:BatchPutMetrics"),
        ],
    ),
    "remote debug": Case(
        {**SMALLEST, "remote_debug_config": {"enable_remote_debug": True}},
        [*EVERY_JOB, *calls("*", "ssmmessages:OpenDataChannel", "ssmmessages:CreateControlChannel")],
        [*no_job_but("ssmmessages:OpenDataChannel"), *calls("*", "ssm:StartSession")],
    ),
    "access points": Case(
        {
            **SMALLEST,
            "input_data_config": [
                channel("arn", s3_uri=f"s3://{ACCESS_POINT}/train/train/"),
                channel("alias", s3_uri=f"s3://val-{'a1' * 17}-s3alias/val/"),
                channel("cut", s3_uri=f"s3://{'long' * 5}-{'a1' * 17}-s3alias/test/"),
            ],
            "checkpoint_config": {"s3_uri": f"s3://{ACCESS_POINT}/checkpoints/birds"},
        },
        [
            *EVERY_JOB,
            *calls(f"{ACCESS_POINT}/train/object/train/1.csv", "s3:GetObject"),
            *calls(f"{ACCESS_POINT}/val/object/val/1.csv", "s3:GetObject"),
            *calls(f"{ACCESS_POINT}/{'long' * 5}-and-longer/object/test/1.csv", "s3:GetObject"),
            *calls(f"{ACCESS_POINT}/checkpoints/object/birds/1.pt", "s3:GetObject", "s3:PutObject"),
            *calls(f"{ACCESS_POINT}/train", "s3:ListBucket", s3__prefix="train/"),
            *calls(f"{ACCESS_POINT}/val", "s3:ListBucket", s3__prefix="val/"),
            *calls(f"{ACCESS_POINT}/{'long' * 5}-and-longer", "s3:ListBucket", s3__prefix="test/"),
            *calls(f"{ACCESS_POINT}/checkpoints", "s3:ListBucket", s3__prefix="birds/"),
        ],
        [
            *NO_JOB,
            *calls(f"{ACCESS_POINT}/train/object/train2/1.csv", "s3:GetObject"),
            *calls(f"{ACCESS_POINT}/train2/object/train/1.csv", "s3:GetObject"),
            *calls(f"{ACCESS_POINT}/val2/object/val/1.csv", "s3:GetObject"),
            *calls(f"{ACCESS_POINT}/train/object/train/1.csv", "s3:PutObject"),
            *calls(f"{ACCESS_POINT}/train", "s3:ListBucket", s3__prefix="val/"),
            *calls(f"{ACCESS_POINT.replace(ACCOUNT, '999999999999')}/val/object/val/1.csv", "s3:GetObject"),
        ],
    ),
    "directory bucket": Case(
        {
            **SMALLEST,
            "input_data_config": [
                channel("fast", s3_uri="s3://fast--euw1-az1--x-s3/train/"),
                channel("shared", s3_uri="s3://shared--euw1-az1--xa-s3/train/"),
            ],
            "checkpoint_config": {"s3_uri": "s3://kept--euw1-az1--x-s3/"},
        },
        [
            *EVERY_JOB,
            *calls(FAST, "s3express:CreateSession", s3express__SessionMode="ReadOnly"),
            *calls(SHARED, "s3express:CreateSession", s3express__SessionMode="ReadOnly"),
            *calls(WRITTEN, "s3express:CreateSession", s3express__SessionMode="ReadWrite"),
        ],
        [
            *NO_JOB,
            *calls(FAST, "s3express:CreateSession", s3express__SessionMode="ReadWrite"),
            *calls(SHARED, "s3express:CreateSession", s3express__SessionMode="ReadWrite"),
            *calls("arn:aws:s3:::shared--euw1-az1--xa-s3/train/1.csv", "s3:GetObject"),
            *calls(f"arn:aws:s3express:eu-west-1:{ACCOUNT}:bucket/slow--euw1-az1--x-s3", "s3express:CreateSession"),
        ],
    ),
}
"""By what is special about the job."""
