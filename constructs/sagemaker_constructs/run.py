"""`TrainingRun`: what a `TrainingJob` and a `TrainingFallback` have in common, one run of a training job."""

from __future__ import annotations

import inspect
import sys
from typing import TYPE_CHECKING, Any, ClassVar, get_type_hints

from pulumi import Output, ResourceOptions, dynamic

from sagemaker_constructs.program.job_properties import MEMBERS, with_marked

if TYPE_CHECKING:
    from sagemaker_constructs.program.aws_access import AwsAccess


class TrainingRun(dynamic.Resource, module="sagemaker", name="TrainingRun"):
    """One run of a training job as a resource. Not to be made itself: see `TrainingJob` and `TrainingFallback`."""

    provider: ClassVar[type[dynamic.ResourceProvider]]
    """The provider of the class."""

    training_job_name: Output[str]
    """The job's name."""
    arn: Output[str]
    """The job's ARN."""
    training_job_status: Output[str]
    """`InProgress`, `Completed`, `Failed`, `Stopping`, `Stopped`; `Missing` where it was deleted elsewhere, `NotNeeded`
    for a fallback that was not needed."""
    secondary_status: Output[str]
    """The job's secondary status when it was read last."""
    failure_reason: Output[str]
    """Why the job failed, in AWS's words; empty where it said nothing."""
    model_artifacts: Output[str]
    """S3 URI at which the model is, or will be."""
    adopted: Output[bool]
    """Whether another stack owns the job; such a job is never stopped or deleted by this one."""
    claim: Output[str]
    """Which resource has the job, and since which `up`; empty where another stack owns it."""
    fingerprint: Output[str]
    """What the job's name is made of: twelve hexadecimal digits of the members that define the model."""
    creation_time: Output[str]
    """When the job was created, ISO 8601; empty until the job is read again."""
    region: Output[str]
    """The job's Region."""

    # The members, as they are declared, or as DescribeTrainingJob repeats them for a job that is only read.
    algorithm_specification: Output[dict[str, Any] | None]
    checkpoint_config: Output[dict[str, Any] | None]
    debug_hook_config: Output[dict[str, Any] | None]
    debug_rule_configurations: Output[list[dict[str, Any]] | None]
    enable_inter_container_traffic_encryption: Output[bool | None]
    enable_managed_spot_training: Output[bool | None]
    enable_network_isolation: Output[bool | None]
    environment: Output[dict[str, str] | None]
    experiment_config: Output[dict[str, Any] | None]
    hyper_parameters: Output[dict[str, str] | None]
    infra_check_config: Output[dict[str, Any] | None]
    input_data_config: Output[list[dict[str, Any]] | None]
    mlflow_config: Output[dict[str, Any] | None]
    model_package_config: Output[dict[str, Any] | None]
    output_data_config: Output[dict[str, Any] | None]
    profiler_config: Output[dict[str, Any] | None]
    profiler_rule_configurations: Output[list[dict[str, Any]] | None]
    remote_debug_config: Output[dict[str, Any] | None]
    resource_config: Output[dict[str, Any] | None]
    retry_strategy: Output[dict[str, Any] | None]
    role_arn: Output[str | None]
    serverless_job_config: Output[dict[str, Any] | None]
    session_chaining_config: Output[dict[str, Any] | None]
    stopping_condition: Output[dict[str, Any] | None]
    tags: Output[list[dict[str, str]] | None]
    tensor_board_output_config: Output[dict[str, Any] | None]
    vpc_config: Output[dict[str, Any] | None]

    def __init_subclass__(cls, *, name: str = "", **kwargs: Any) -> None:
        """Keep the type token in subclasses, for it is in every URN, and the types of the outputs.

        Pulumi reads the annotations of the class itself, not those of its bases.
        """
        token = name or cls._resource_type_name.rpartition(":")[2]
        super().__init_subclass__(**{**kwargs, "module": "sagemaker", "name": token})
        cls.__annotations__ = {**_OUTPUT_TYPES, **inspect.get_annotations(cls)}

    def _register(self, name: str, properties: dict[str, Any], access: AwsAccess, opts: ResourceOptions | None) -> None:
        """Register the resource. A member that is not declared is None, in a preview too."""
        self.aws_access = access
        """With what the job is reached, and so its results and fallbacks, too."""
        self.owning_state: Output[str] | None = properties.get("state_identity")
        """The identity of the state that owns the job; None for a job that is only read."""
        self._declared_secret_paths: Output[list[str] | None] = properties["secret_members"]
        super().__init__(self.provider(), name, properties, opts)
        nothing = Output.from_input(None)  # known in a preview, as an output of the engine is not
        for member in set(MEMBERS) - set(properties):
            setattr(self, member, nothing)

    @property
    def secret_paths(self) -> Output[list[str] | None]:
        """Paths of the values that are secrets, which are never shown. Known in a preview."""
        return with_marked(self._declared_secret_paths, {member: getattr(self, member) for member in MEMBERS})

    @property
    def first(self) -> TrainingRun:
        """The run that is tried first."""
        return self

    @property
    def effective_job_name(self) -> Output[str]:
        """Name of the run that counts: this one."""
        return self.training_job_name

    @property
    def attempts(self) -> list[Output[str]]:
        """Names of the runs that may count, in the order in which they are tried."""
        return [self.training_job_name]


_OUTPUT_TYPES: dict[str, Any] = get_type_hints(
    type("Outputs", (), {"__annotations__": {k: v for k, v in TrainingRun.__annotations__.items() if k != "provider"}}),
    globalns=vars(sys.modules[__name__]),
)
"""The types of the outputs, resolved once."""
