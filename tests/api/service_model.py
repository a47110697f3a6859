"""Provides botocore's model of CreateTrainingJob, and requests that together have every member of it."""

from __future__ import annotations

from copy import deepcopy
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import botocore.session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from botocore.model import ServiceModel, Shape

Request = dict[str, Any]
Path = tuple[str | int, ...]

READ_ONLY = {("ResourceConfig", "SelectedInstanceType"), ("ResourceConfig", "SelectedInstanceCount")}
"""Members that the model lists for the request but documents as part of the response only."""


@lru_cache(maxsize=1)
def service_model() -> ServiceModel:
    """The SageMaker model of the installed botocore."""
    return botocore.session.get_session().get_service_model("sagemaker")


def request_shape() -> Any:
    """The input of CreateTrainingJob."""
    return service_model().operation_model("CreateTrainingJob").input_shape


def wire_members(shape: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Shape, bool]]:
    """Every member at every depth: its path (`[]` for the items of a list), its shape, whether it is required."""
    for name, member in shape.members.items():
        here = (*path, name)
        if here in READ_ONLY:
            continue
        yield here, member, name in shape.required_members
        if member.type_name == "structure":
            yield from wire_members(member, here)
        if member.type_name == "list" and member.member.type_name == "structure":
            yield from wire_members(member.member, (*here, "[]"))


_ACCOUNT = "123456789012"
_REGION = "us-west-2"
_RULE: Request = {
    "RuleConfigurationName": "LossNotDecreasing",
    "LocalPath": "/opt/ml/processing/output/rule/",
    "S3OutputPath": "s3://bucket/rules",
    "RuleEvaluatorImage": f"{_ACCOUNT}.dkr.ecr.{_REGION}.amazonaws.com/rules:latest",
    "InstanceType": "ml.t3.medium",
    "VolumeSizeInGB": 10,
    "RuleParameters": {"rule_to_invoke": "LossNotDecreasing"},
}
_REQUIRED: Request = {
    "TrainingJobName": "a-job",
    "RoleArn": f"arn:aws:iam::{_ACCOUNT}:role/service-role/training",
    "OutputDataConfig": {"S3OutputPath": "s3://bucket/models"},
}
_PLAN = f"arn:aws:sagemaker:{_REGION}:{_ACCOUNT}:training-plan/plan"
_HUB = f"arn:aws:sagemaker:{_REGION}:{_ACCOUNT}:hub-content/hub"

ON_MACHINES: Request = {
    **_REQUIRED,
    "HyperParameters": {"max_depth": "5", "objective": "reg:squarederror"},
    "AlgorithmSpecification": {
        "TrainingImage": f"{_ACCOUNT}.dkr.ecr.{_REGION}.amazonaws.com/train:1",
        "TrainingInputMode": "Pipe",
        "MetricDefinitions": [{"Name": "loss", "Regex": "loss=([0-9.]+)"}],
        "EnableSageMakerMetricsTimeSeries": True,
        "ContainerEntrypoint": ["python"],
        "ContainerArguments": ["train.py", "--epochs", "3"],
        "TrainingImageConfig": {
            "TrainingRepositoryAccessMode": "Vpc",
            "TrainingRepositoryAuthConfig": {
                "TrainingRepositoryCredentialsProviderArn": f"arn:aws:lambda:{_REGION}:{_ACCOUNT}:function:login"
            },
        },
    },
    "InputDataConfig": [
        {
            "ChannelName": "train",
            "DataSource": {
                "S3DataSource": {
                    "S3DataType": "AugmentedManifestFile",
                    "S3Uri": "s3://bucket/train.manifest",
                    "S3DataDistributionType": "FullyReplicated",
                    "AttributeNames": ["source-ref", "class"],
                    "ModelAccessConfig": {"AcceptEula": True},
                    "HubAccessConfig": {"HubContentArn": f"{_HUB}/ModelReference/model/1.0.0"},
                }
            },
            "ContentType": "application/x-recordio",
            "CompressionType": "Gzip",
            "RecordWrapperType": "RecordIO",
            "InputMode": "Pipe",
            "ShuffleConfig": {"Seed": 7},
        },
        {
            "ChannelName": "validation",
            "DataSource": {
                "FileSystemDataSource": {
                    "FileSystemId": "fs-0123456789abcdef0",
                    "FileSystemAccessMode": "ro",
                    "FileSystemType": "EFS",
                    "DirectoryPath": "/data",
                }
            },
            "InputMode": "File",
        },
    ],
    "OutputDataConfig": {
        "KmsKeyId": "1234abcd-12ab-34cd-56ef-1234567890ab",
        "S3OutputPath": "s3://bucket/models",
        "CompressionType": "GZIP",
    },
    "ResourceConfig": {
        "InstanceType": "ml.p4d.24xlarge",
        "InstanceCount": 2,
        "VolumeSizeInGB": 30,
        "VolumeKmsKeyId": "1234abcd-12ab-34cd-56ef-1234567890ab",
        "TrainingPlanArn": _PLAN,
        "InstancePlacementConfig": {
            "EnableMultipleJobs": False,
            "PlacementSpecifications": [{"UltraServerId": "us-1", "InstanceCount": 2}],
        },
    },
    "VpcConfig": {"SecurityGroupIds": ["sg-0123456789abcdef0"], "Subnets": ["subnet-0123456789abcdef0"]},
    "StoppingCondition": {
        "MaxRuntimeInSeconds": 3600,
        "MaxWaitTimeInSeconds": 7200,
        "MaxPendingTimeInSeconds": 7200,
    },
    "Tags": [{"Key": "team", "Value": "research"}, {"Key": "empty", "Value": ""}],
    "EnableNetworkIsolation": False,
    "EnableInterContainerTrafficEncryption": True,
    "EnableManagedSpotTraining": True,
    "CheckpointConfig": {"S3Uri": "s3://bucket/checkpoints", "LocalPath": "/opt/ml/checkpoints"},
    "DebugHookConfig": {
        "LocalPath": "/opt/ml/output/tensors/",
        "S3OutputPath": "s3://bucket/tensors",
        "HookParameters": {"save_interval": "10"},
        "CollectionConfigurations": [{"CollectionName": "losses", "CollectionParameters": {"save_interval": "5"}}],
    },
    "DebugRuleConfigurations": [_RULE],
    "TensorBoardOutputConfig": {"LocalPath": "/opt/ml/output/tensorboard", "S3OutputPath": "s3://bucket/tensorboard"},
    "ExperimentConfig": {
        "ExperimentName": "experiment",
        "TrialName": "trial",
        "TrialComponentDisplayName": "component",
        "RunName": "run",
    },
    "ProfilerConfig": {
        "S3OutputPath": "s3://bucket/profiler",
        "ProfilingIntervalInMilliseconds": 500,
        "ProfilingParameters": {"DetailedProfilingConfig": '{"StartStep": 5}'},
        "DisableProfiler": False,
    },
    "ProfilerRuleConfigurations": [_RULE],
    "Environment": {"STAGE": "test", "LINES": "one\ntwo"},
    "RetryStrategy": {"MaximumRetryAttempts": 3},
    "RemoteDebugConfig": {"EnableRemoteDebug": True},
    "InfraCheckConfig": {"EnableInfraCheck": True},
    "SessionChainingConfig": {"EnableSessionTagChaining": True},
}
"""A job of one instance type, with every member that such a job can have."""

IN_GROUPS: Request = {
    **_REQUIRED,
    "AlgorithmSpecification": {"AlgorithmName": "an-algorithm", "TrainingInputMode": "File"},
    "InputDataConfig": [
        {
            "ChannelName": "train",
            "DataSource": {
                "S3DataSource": {
                    "S3DataType": "S3Prefix",
                    "S3Uri": "s3://bucket/train/",
                    "InstanceGroupNames": ["workers"],
                }
            },
        }
    ],
    "ResourceConfig": {
        "InstanceGroups": [{"InstanceType": "ml.m5.xlarge", "InstanceCount": 2, "InstanceGroupName": "workers"}]
    },
}
"""A job on instance groups."""

BY_PREFERENCE: Request = {
    **_REQUIRED,
    "AlgorithmSpecification": {"AlgorithmName": "an-algorithm", "TrainingInputMode": "FastFile"},
    "ResourceConfig": {
        "InstancePreferences": [
            {"InstanceType": "ml.p5.48xlarge", "InstanceCount": 1, "TrainingPlanArns": [_PLAN]},
            {"InstanceType": "ml.p4d.24xlarge", "InstanceCount": 2},
        ]
    },
}
"""A job with a choice of instance types."""

KEPT_WARM: Request = {
    **_REQUIRED,
    "AlgorithmSpecification": {"AlgorithmName": "an-algorithm", "TrainingInputMode": "File"},
    "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "KeepAlivePeriodInSeconds": 600},
}
"""A job with a warm pool."""

SERVERLESS: Request = {
    **_REQUIRED,
    "InputDataConfig": [
        {"ChannelName": "train", "DataSource": {"DatasetSource": {"DatasetArn": f"{_HUB}/DataSet/data/1.0.0"}}}
    ],
    "ServerlessJobConfig": {
        "BaseModelArn": f"{_HUB}/Model/model/1.0.0",
        "AcceptEula": True,
        "JobType": "Evaluation",
        "CustomizationTechnique": "SFT",
        "Peft": "LORA",
        "EvaluationType": "BenchmarkEvaluation",
        "EvaluatorArn": "arn:aws:sagemaker:us-west-2:123456789012:evaluator/e",
        "SequenceLength": "32K",
    },
    "MlflowConfig": {
        "MlflowResourceArn": f"arn:aws:sagemaker:{_REGION}:{_ACCOUNT}:mlflow-tracking-server/server",
        "MlflowExperimentName": "experiment",
        "MlflowRunName": "run",
    },
    "ModelPackageConfig": {
        "ModelPackageGroupArn": f"arn:aws:sagemaker:{_REGION}:{_ACCOUNT}:model-package-group/group",
        "SourceModelPackageArn": f"arn:aws:sagemaker:{_REGION}:{_ACCOUNT}:model-package/group/1",
    },
}
"""A serverless job."""

FULL_REQUESTS = (ON_MACHINES, IN_GROUPS, BY_PREFERENCE, KEPT_WARM, SERVERLESS)
"""Valid requests; together they have every member."""


def changed(request: Request, path: Path, value: Any) -> Request:
    """A copy of the request with another value at the path; `...` removes it."""
    copy = deepcopy(request)
    *way, last = path
    container: Any = copy
    for part in way:
        container = container[part]
    if value is ...:
        del container[last]
    else:
        container[last] = value
    return copy
