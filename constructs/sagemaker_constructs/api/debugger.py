"""Defines SageMaker Debugger: the tensors to save, and the rules that evaluate them."""

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
    """A collection of tensors to save."""

    collection_name: Input[CollectionName] | None = None
    """For example `losses`; unique in the job."""
    collection_parameters: Input[Parameters] | None = None
    """How to save them, at most 20 pairs, for example `save_interval`. Numbers are sent as strings."""


class DebugHookConfig(Shape):
    """The tensors that Debugger's hook in the container saves, and their location."""

    local_path: Input[DirectoryPath] | None = None
    """Directory in the container. Default `/opt/ml/output/tensors/`."""
    s3_output_path: Input[S3Uri]
    """S3 prefix for the tensors."""
    hook_parameters: Input[Parameters] | None = None
    """Parameters of the hook, at most 20 pairs."""
    collection_configurations: Input[Annotated[Sequence[Input[CollectionConfiguration]], Items(0, 20)]] | None = None
    """Collections to save, at most 20."""


class _RuleConfiguration(Shape):
    """A rule that is evaluated while the job runs, on an instance of its own."""

    rule_configuration_name: Input[RuleConfigurationName]
    """Unique among the job's rules."""
    local_path: Input[DirectoryPath] | None = None
    """Local directory of the rule's output. Default `/opt/ml/processing/output/rule/`."""
    s3_output_path: Input[S3Uri] | None = None
    """S3 prefix for the rule's output."""
    rule_evaluator_image: Input[Image]
    """Image that evaluates the rule; AWS provides one in each Region."""
    instance_type: Input[InstanceType] | None = None
    """Instance type for a custom rule. AWS's built-in rules choose theirs, free of charge."""
    volume_size_in_gb: Input[VolumeSizeInGB] | None = None
    """Storage of that instance in GB."""
    rule_parameters: Input[RuleParameters] | None = None
    """Parameters of the rule, at most 100 pairs; `rule_to_invoke` names a built-in rule."""


class DebugRuleConfiguration(_RuleConfiguration):
    """A rule over the saved tensors, for example one that detects a loss that no longer decreases."""


class ProfilerRuleConfiguration(_RuleConfiguration):
    """A rule over the profiler's system and framework metrics."""
