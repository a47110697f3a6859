"""Defines the instances that the job runs on."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, TypeAlias

from sagemaker_constructs.api.constraints import Items, Text, Whole
from sagemaker_constructs.api.deferred import Input
from sagemaker_constructs.api.names import (
    InstanceCount,
    InstanceGroupName,
    InstanceType,
    KmsKeyId,
    TrainingPlanArn,
    VolumeSizeInGB,
)
from sagemaker_constructs.api.shape import Shape

UltraServerId: TypeAlias = Annotated[str, Text(0, 256)]


class InstanceGroup(Shape):
    """Instances of one type in a heterogeneous cluster."""

    instance_type: Input[InstanceType]
    """For example `ml.p4d.24xlarge`."""
    instance_count: Input[InstanceCount]
    """Number of instances."""
    instance_group_name: Input[InstanceGroupName]
    """Name by which channels refer to the group; unique in the job."""


class PlacementSpecification(Shape):
    """Placement of instances on one UltraServer."""

    ultra_server_id: Input[UltraServerId] | None = None
    """ID of the UltraServer. Default: SageMaker chooses."""
    instance_count: Input[InstanceCount]
    """Number of instances, at least 1."""


class InstancePlacementConfig(Shape):
    """Placement on UltraServers. Has no effect on other capacity."""

    enable_multiple_jobs: Input[bool] | None = None
    """True shares the UltraServer with other jobs. Default false."""
    placement_specifications: Input[Annotated[Sequence[Input[PlacementSpecification]], Items(0, 10)]] | None = None
    """Number of instances for each UltraServer, at most 10 entries."""


class InstancePreference(Shape):
    """An entry in a list of instance types."""

    instance_type: Input[InstanceType]
    """Instance type; unique in the list."""
    instance_count: Input[InstanceCount] | None = None
    """Number of instances of this type: set for every preference, or for none and once for the job."""
    training_plan_arns: Input[Annotated[Sequence[Input[TrainingPlanArn]], Items(1, 1)]] | None = None
    """Training plan to use with this type, at most one. Default: on-demand capacity."""


class ResourceConfig(Shape):
    """Instances and their volumes: one instance type, or instance groups, or a list of preferences."""

    instance_type: Input[InstanceType] | None = None
    """For example `ml.m5.xlarge`."""
    instance_count: Input[InstanceCount] | None = None
    """Number of instances; more than one means distributed training."""
    volume_size_in_gb: Input[VolumeSizeInGB] | None = None
    """Storage volume of each instance in GiB (AWS writes GB), for data in File mode, scratch space and the model.
    Instances with NVMe storage use that instead."""
    volume_kms_key_id: Input[KmsKeyId] | None = None
    """KMS key that encrypts the storage volumes. Not for instances with NVMe storage, which hardware encrypts."""
    keep_alive_period_in_seconds: Input[Annotated[int | timedelta, Whole(0, 21600)]] | None = None
    """Keep the instances in a warm pool after the job, billed. Seconds or a `timedelta`, at most 6 hours. Default 0."""
    instance_groups: Input[Annotated[Sequence[Input[InstanceGroup]], Items(0, 5)]] | None = None
    """Groups of a heterogeneous cluster, at most 5, instead of `instance_type` and `instance_count`."""
    training_plan_arn: Input[TrainingPlanArn] | None = None
    """ARN of a training plan, which is reserved capacity."""
    instance_placement_config: Input[InstancePlacementConfig] | None = None
    """Placement on UltraServers."""
    instance_preferences: Input[Annotated[Sequence[Input[InstancePreference]], Items(1, 5)]] | None = None
    """Instance types in order of preference, at most 5; SageMaker uses the first that has capacity."""
