"""SageMaker Debugger: which tensors are kept, and the rules that watch them."""

from collections.abc import Sequence
from typing import Annotated, TypeAlias

from sagemaker_constructs.api.constraints import Items, Text
from sagemaker_constructs.api.deferred import Input
from sagemaker_constructs.api.names import (
    DirectoryPath,
    Image,
    InstanceType,
    Parameters,
    RuleParameters,
    S3Uri,
    VolumeSizeInGB,
)
from sagemaker_constructs.api.shape import Shape

CollectionName: TypeAlias = Annotated[str, Text(1, 256, r".*")]
RuleConfigurationName: TypeAlias = Annotated[str, Text(1, 256, r".*")]


class CollectionConfiguration(Shape):
    """A set of tensors to keep."""

    collection_name: Input[CollectionName] | None = None
    """For example `losses`; unique in the job."""
    collection_parameters: Input[Parameters] | None = None
    """How to keep them, at most 20 pairs, for example `save_interval`. Numbers are sent as text."""


class DebugHookConfig(Shape):
    """Where and which tensors the container's hook keeps."""

    local_path: Input[DirectoryPath] | None = None
    """Directory in the container. Default `/opt/ml/output/tensors/`."""
    s3_output_path: Input[S3Uri]
    """Prefix for the tensors."""
    hook_parameters: Input[Parameters] | None = None
    """Settings of the hook, at most 20 pairs."""
    collection_configurations: Input[Annotated[Sequence[Input[CollectionConfiguration]], Items(0, 20)]] | None = None
    """What to keep, at most 20 collections."""


class _RuleConfiguration(Shape):
    """A rule that watches the job while it runs, on a machine of its own."""

    rule_configuration_name: Input[RuleConfigurationName]
    """Unique among the job's rules."""
    local_path: Input[DirectoryPath] | None = None
    """Directory of the rule's output. Default `/opt/ml/processing/output/rule/`."""
    s3_output_path: Input[S3Uri] | None = None
    """Prefix for the rule's output."""
    rule_evaluator_image: Input[Image]
    """Image that evaluates the rule; AWS has one in each region."""
    instance_type: Input[InstanceType] | None = None
    """Machine for a rule of your own; AWS's rules choose theirs and cost nothing."""
    volume_size_in_gb: Input[VolumeSizeInGB] | None = None
    """Storage of that machine in GB."""
    rule_parameters: Input[RuleParameters] | None = None
    """Settings of the rule, at most 100 pairs; `rule_to_invoke` names one of AWS's rules."""


class DebugRuleConfiguration(_RuleConfiguration):
    """A rule over the kept tensors, for example one that stops a loss that no longer falls."""


class ProfilerRuleConfiguration(_RuleConfiguration):
    """A rule over the system and framework metrics of the profiler."""
