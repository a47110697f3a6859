"""The machines that the job runs on."""

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
    """Machines of one type in a cluster of several types."""

    instance_type: Input[InstanceType]
    """For example `ml.p4d.24xlarge`."""
    instance_count: Input[InstanceCount]
    """How many machines."""
    instance_group_name: Input[InstanceGroupName]
    """Name by which channels refer to the group; unique in the job."""


class PlacementSpecification(Shape):
    """How many machines stand together on one UltraServer."""

    ultra_server_id: Input[UltraServerId] | None = None
    """The UltraServer; SageMaker chooses when absent."""
    instance_count: Input[InstanceCount]
    """How many machines, at least one."""


class InstancePlacementConfig(Shape):
    """Placement on UltraServers; means nothing on other capacity."""

    enable_multiple_jobs: Input[bool] | None = None
    """Share the UltraServer with other jobs. Default false."""
    placement_specifications: Input[Annotated[Sequence[Input[PlacementSpecification]], Items(0, 10)]] | None = None
    """Machines for each UltraServer, at most 10 entries."""


class InstancePreference(Shape):
    """One candidate in a list of instance types."""

    instance_type: Input[InstanceType]
    """The candidate; each type stands in the list once."""
    instance_count: Input[InstanceCount] | None = None
    """How many machines of this type: on every preference, or on none and once for the job."""
    training_plan_arns: Input[Annotated[Sequence[Input[TrainingPlanArn]], Items(1, 1)]] | None = None
    """Reserved capacity for this candidate, at most one plan; on-demand capacity when absent."""


class ResourceConfig(Shape):
    """Machines and their volumes: one type, or instance groups, or a list of preferences."""

    instance_type: Input[InstanceType] | None = None
    """For example `ml.m5.xlarge`."""
    instance_count: Input[InstanceCount] | None = None
    """How many machines; more than one means distributed training."""
    volume_size_in_gb: Input[VolumeSizeInGB] | None = None
    """Storage of each machine in GiB (AWS writes GB): for data in File mode, scratch space and the model. Machines with
    NVMe storage of their own use that instead."""
    volume_kms_key_id: Input[KmsKeyId] | None = None
    """Key for the storage volumes. Not for machines with their own storage, which encrypt it themselves."""
    keep_alive_period_in_seconds: Input[Annotated[int | timedelta, Whole(0, 21600)]] | None = None
    """Keep the machines warm after the job, billed, for the next one. Seconds or a `timedelta`, at most 6 hours."""
    instance_groups: Input[Annotated[Sequence[Input[InstanceGroup]], Items(0, 5)]] | None = None
    """A cluster of several instance types, at most 5 groups, in place of type and count."""
    training_plan_arn: Input[TrainingPlanArn] | None = None
    """Reserved capacity to run on."""
    instance_placement_config: Input[InstancePlacementConfig] | None = None
    """Placement on UltraServers."""
    instance_preferences: Input[Annotated[Sequence[Input[InstancePreference]], Items(1, 5)]] | None = None
    """Instance types in order of preference, at most 5; SageMaker takes the first that has capacity."""
