"""The whole request: everything that can be said about a training job."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Self, TypeAlias

from sagemaker_constructs.api.algorithm import AlgorithmSpecification
from sagemaker_constructs.api.channels import Channel
from sagemaker_constructs.api.constraints import Items, Pairs, Text
from sagemaker_constructs.api.credentials import credentials_in
from sagemaker_constructs.api.debugger import DebugHookConfig, DebugRuleConfiguration, ProfilerRuleConfiguration
from sagemaker_constructs.api.deferred import Input
from sagemaker_constructs.api.mistakes import Mistake
from sagemaker_constructs.api.names import RoleArn
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
from sagemaker_constructs.api.resource_config import ResourceConfig
from sagemaker_constructs.api.response import request_part
from sagemaker_constructs.api.root import Root
from sagemaker_constructs.api.rules import RuleContext, check_rules
from sagemaker_constructs.api.serverless import ModelPackageConfig, ServerlessJobConfig
from sagemaker_constructs.api.tags import Tags
from sagemaker_constructs.api.tracking import ExperimentConfig, MlflowConfig, TensorBoardOutputConfig

TRAINING_JOB_NAME = r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}"
"""What the name of a job matches."""
TrainingJobName: TypeAlias = Annotated[str, Text(1, 63, TRAINING_JOB_NAME)]
HyperParameterKey: TypeAlias = Annotated[str, Text(0, 256, r".*")]
HyperParameterValue: TypeAlias = Annotated[str | int | float | bool, Text(0, 2500, r".*", scalars=True)]
EnvironmentKey: TypeAlias = Annotated[str, Text(0, 512, r"[a-zA-Z_][a-zA-Z0-9_]*")]
EnvironmentValue: TypeAlias = Annotated[str | int | float | bool, Text(0, 512, r"[\S\s]*", scalars=True)]

_REQUIRED_IN_A_REQUEST = ("training_job_name", "role_arn")
"""What the API requires and a spec in a program may leave to the resource."""


class TrainingJobSpec(Root):
    """One training job, as it is to be.

    Building it checks every member below it, as far as values are known: `InvalidRequest` has all the mistakes.
    """

    supplied_later: ClassVar[frozenset[str]] = frozenset({"training_job_name", "role_arn", "vpc_config"})

    training_job_name: Input[TrainingJobName] | None = None
    """Unique among the jobs of the account in the region. The resource makes one up when absent."""
    hyper_parameters: Input[Annotated[Mapping[HyperParameterKey, Input[HyperParameterValue]], Pairs(0, 100)]] | None = (
        None
    )
    """Settings of the algorithm, at most 100 pairs of 256 and 2,500 characters. Numbers and booleans are sent as text.
    Never a place for credentials."""
    algorithm_specification: Input[AlgorithmSpecification] | None = None
    """The algorithm; absent only for serverless jobs."""
    role_arn: Input[RoleArn] | None = None
    """Role that SageMaker takes on for the job. The resource supplies it when absent."""
    input_data_config: Input[Annotated[Sequence[Input[Channel]], Items(1, 20)]] | None = None
    """What the model learns from: 1 to 20 channels."""
    output_data_config: Input[OutputDataConfig]
    """Where the model goes."""
    resource_config: Input[ResourceConfig] | None = None
    """The machines; absent only for serverless jobs."""
    vpc_config: Input[VpcConfig] | None = None
    """The VPC of the machines; SageMaker's own network when absent."""
    stopping_condition: Input[StoppingCondition] | None = None
    """How long the job may take; one day when absent."""
    tags: Input[Tags] | None = None
    """At most 50 tags, as a mapping or as a list of `Tag`."""
    enable_network_isolation: Input[bool] | None = None
    """True cuts the container off from every network; SageMaker itself still moves the data. Default false."""
    enable_inter_container_traffic_encryption: Input[bool] | None = None
    """True encrypts what the machines of a distributed job say to each other, which is slower. Default false."""
    enable_managed_spot_training: Input[bool] | None = None
    """True trains on spot capacity; needs `max_wait_time_in_seconds`. Default false."""
    checkpoint_config: Input[CheckpointConfig] | None = None
    """Where checkpoints are kept; none when absent."""
    debug_hook_config: Input[DebugHookConfig] | None = None
    """Which tensors Debugger keeps."""
    debug_rule_configurations: Input[Annotated[Sequence[Input[DebugRuleConfiguration]], Items(0, 20)]] | None = None
    """Rules over the tensors, at most 20."""
    tensor_board_output_config: Input[TensorBoardOutputConfig] | None = None
    """Where TensorBoard's data is kept."""
    experiment_config: Input[ExperimentConfig] | None = None
    """The experiment that the job belongs to."""
    profiler_config: Input[ProfilerConfig] | None = None
    """How the machines are measured."""
    profiler_rule_configurations: Input[Annotated[Sequence[Input[ProfilerRuleConfiguration]], Items(0, 20)]] | None = (
        None
    )
    """Rules over the measurements, at most 20."""
    environment: Input[Annotated[Mapping[EnvironmentKey, Input[EnvironmentValue]], Pairs(0, 100)]] | None = None
    """Environment variables of the container, at most 100 pairs of 512 and 512 characters. Numbers and booleans are
    sent as text. Never a place for credentials."""
    retry_strategy: Input[RetryStrategy] | None = None
    """Attempts after a failure of the service; none when absent."""
    remote_debug_config: Input[RemoteDebugConfig] | None = None
    """Sessions in the running container."""
    infra_check_config: Input[InfraCheckConfig] | None = None
    """Health check of the machines before training."""
    session_chaining_config: Input[SessionChainingConfig] | None = None
    """Session tags for the execution role."""
    serverless_job_config: Input[ServerlessJobConfig] | None = None
    """Customise or evaluate a base model without machines of one's own."""
    mlflow_config: Input[MlflowConfig] | None = None
    """The managed MLflow of a serverless job."""
    model_package_config: Input[ModelPackageConfig] | None = None
    """The model package of a serverless job."""

    @classmethod
    def from_request(cls, request: Mapping[str, Any]) -> Self:
        """Read the wire form: boto3's arguments, the CLI's JSON skeleton, or an answer of DescribeTrainingJob.

        What only the answer has (status, times, results) is left out.

        Raises:
            InvalidRequest: a ValueError that lists every mistake under the API's names.
        """
        return cls._valid(cls._read(request_part(request), wire=True, required=_REQUIRED_IN_A_REQUEST))

    @classmethod
    def complete(cls, members: Mapping[str, Any]) -> Self:
        """Read snake_case members that are sent as they are, so that name and role are required too.

        Raises:
            InvalidRequest: a ValueError that lists every mistake.
        """
        return cls._valid(cls._read(members, required=_REQUIRED_IN_A_REQUEST))

    def to_request(self) -> dict[str, Any]:
        """The wire form: the members that were set, and no others, as boto3 takes them."""
        return self.to_wire()

    @classmethod
    def judged(cls, members: Mapping[str, Any], context: RuleContext) -> tuple[Iterable[Mistake], Iterable[Mistake]]:
        """What breaks the rules between members, and credentials."""
        refused, advice = check_rules(members, context)
        return [*refused, *credentials_in(members)], advice
