"""A SageMaker training job as a declared Pulumi resource, with the role and the network that it runs in.

The names are resolved when they are used: the engine's provider process imports this package with every run, and
must load neither the constructs nor pulumi_aws.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sagemaker_constructs.api.algorithm import (
        AlgorithmSpecification,
        MetricDefinition,
        TrainingImageConfig,
        TrainingRepositoryAuthConfig,
    )
    from sagemaker_constructs.api.channels import (
        Channel,
        DatasetSource,
        DataSource,
        FileSystemDataSource,
        HubAccessConfig,
        ModelAccessConfig,
        S3DataSource,
        ShuffleConfig,
    )
    from sagemaker_constructs.api.debugger import (
        CollectionConfiguration,
        DebugHookConfig,
        DebugRuleConfiguration,
        ProfilerRuleConfiguration,
    )
    from sagemaker_constructs.api.mistakes import DeclarationError, InvalidRequest, Mistake
    from sagemaker_constructs.api.operation import (
        InfraCheckConfig,
        RemoteDebugConfig,
        RetryStrategy,
        SessionChainingConfig,
        StoppingCondition,
        VpcConfig,
    )
    from sagemaker_constructs.api.output import CheckpointConfig, OutputDataConfig
    from sagemaker_constructs.api.profiler import ProfilerConfig
    from sagemaker_constructs.api.resource_config import (
        InstanceGroup,
        InstancePlacementConfig,
        InstancePreference,
        PlacementSpecification,
        ResourceConfig,
    )
    from sagemaker_constructs.api.serverless import ModelPackageConfig, ServerlessJobConfig
    from sagemaker_constructs.api.spec import TrainingJobSpec
    from sagemaker_constructs.api.tags import Tag
    from sagemaker_constructs.api.tracking import ExperimentConfig, MlflowConfig, TensorBoardOutputConfig
    from sagemaker_constructs.api.uris import image_uri, s3_uri
    from sagemaker_constructs.aws.errors import JobConflictError, ReconcileError, ServiceError
    from sagemaker_constructs.bucket import TrainingBucket
    from sagemaker_constructs.fallback import TrainingFallback
    from sagemaker_constructs.job import TrainingJob
    from sagemaker_constructs.key import TrainingKey
    from sagemaker_constructs.network.address_plan import NetworkRefusedError
    from sagemaker_constructs.network.construct import TrainingNetwork
    from sagemaker_constructs.permissions.locations import AddressRefusedError
    from sagemaker_constructs.permissions.policy import PolicyTooLongError, RoleRefusedError
    from sagemaker_constructs.request import CreateTrainingJob
    from sagemaker_constructs.result import ResultOptions, TrainingResult
    from sagemaker_constructs.results.conclude import NoResultError
    from sagemaker_constructs.role import TrainingRole
    from sagemaker_constructs.training import Training

_MODULES = {
    "AddressRefusedError": "permissions.locations",
    "AlgorithmSpecification": "api.algorithm",
    "Channel": "api.channels",
    "CheckpointConfig": "api.output",
    "CollectionConfiguration": "api.debugger",
    "CreateTrainingJob": "request",
    "DataSource": "api.channels",
    "DatasetSource": "api.channels",
    "DebugHookConfig": "api.debugger",
    "DebugRuleConfiguration": "api.debugger",
    "DeclarationError": "api.mistakes",
    "ExperimentConfig": "api.tracking",
    "FileSystemDataSource": "api.channels",
    "HubAccessConfig": "api.channels",
    "InfraCheckConfig": "api.operation",
    "InstanceGroup": "api.resource_config",
    "InstancePlacementConfig": "api.resource_config",
    "InstancePreference": "api.resource_config",
    "InvalidRequest": "api.mistakes",
    "JobConflictError": "aws.errors",
    "MetricDefinition": "api.algorithm",
    "Mistake": "api.mistakes",
    "MlflowConfig": "api.tracking",
    "ModelAccessConfig": "api.channels",
    "ModelPackageConfig": "api.serverless",
    "NetworkRefusedError": "network.address_plan",
    "NoResultError": "results.conclude",
    "OutputDataConfig": "api.output",
    "PlacementSpecification": "api.resource_config",
    "PolicyTooLongError": "permissions.policy",
    "ProfilerConfig": "api.profiler",
    "ProfilerRuleConfiguration": "api.debugger",
    "ReconcileError": "aws.errors",
    "RemoteDebugConfig": "api.operation",
    "ResourceConfig": "api.resource_config",
    "ResultOptions": "result",
    "RetryStrategy": "api.operation",
    "RoleRefusedError": "permissions.policy",
    "S3DataSource": "api.channels",
    "ServerlessJobConfig": "api.serverless",
    "ServiceError": "aws.errors",
    "SessionChainingConfig": "api.operation",
    "ShuffleConfig": "api.channels",
    "StoppingCondition": "api.operation",
    "Tag": "api.tags",
    "TensorBoardOutputConfig": "api.tracking",
    "Training": "training",
    "TrainingBucket": "bucket",
    "TrainingFallback": "fallback",
    "TrainingImageConfig": "api.algorithm",
    "TrainingJob": "job",
    "TrainingJobSpec": "api.spec",
    "TrainingKey": "key",
    "TrainingNetwork": "network.construct",
    "TrainingRepositoryAuthConfig": "api.algorithm",
    "TrainingResult": "result",
    "TrainingRole": "role",
    "VpcConfig": "api.operation",
    "image_uri": "api.uris",
    "s3_uri": "api.uris",
}
"""Where each public name is defined."""

__all__ = [
    "AddressRefusedError",
    "AlgorithmSpecification",
    "Channel",
    "CheckpointConfig",
    "CollectionConfiguration",
    "CreateTrainingJob",
    "DataSource",
    "DatasetSource",
    "DebugHookConfig",
    "DebugRuleConfiguration",
    "DeclarationError",
    "ExperimentConfig",
    "FileSystemDataSource",
    "HubAccessConfig",
    "InfraCheckConfig",
    "InstanceGroup",
    "InstancePlacementConfig",
    "InstancePreference",
    "InvalidRequest",
    "JobConflictError",
    "MetricDefinition",
    "Mistake",
    "MlflowConfig",
    "ModelAccessConfig",
    "ModelPackageConfig",
    "NetworkRefusedError",
    "NoResultError",
    "OutputDataConfig",
    "PlacementSpecification",
    "PolicyTooLongError",
    "ProfilerConfig",
    "ProfilerRuleConfiguration",
    "ReconcileError",
    "RemoteDebugConfig",
    "ResourceConfig",
    "ResultOptions",
    "RetryStrategy",
    "RoleRefusedError",
    "S3DataSource",
    "ServerlessJobConfig",
    "ServiceError",
    "SessionChainingConfig",
    "ShuffleConfig",
    "StoppingCondition",
    "Tag",
    "TensorBoardOutputConfig",
    "Training",
    "TrainingBucket",
    "TrainingFallback",
    "TrainingImageConfig",
    "TrainingJob",
    "TrainingJobSpec",
    "TrainingKey",
    "TrainingNetwork",
    "TrainingRepositoryAuthConfig",
    "TrainingResult",
    "TrainingRole",
    "VpcConfig",
    "image_uri",
    "s3_uri",
]


def __getattr__(name: str) -> object:
    """Import the module that defines a public name, when it is first asked for."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    """The public names."""
    return __all__
