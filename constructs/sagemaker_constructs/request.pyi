"""Made by tests/constructs/request_stub.py from the shapes; not written by hand."""

# ruff: noqa: E501, PYI021  no person writes this file, and editors show its docstrings

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Literal, Protocol, final, overload

from sagemaker_constructs.api.algorithm import AlgorithmSpecification, MetricDefinition, TrainingImageConfig
from sagemaker_constructs.api.channels import Channel, DataSource, ShuffleConfig
from sagemaker_constructs.api.debugger import (
    CollectionConfiguration,
    DebugHookConfig,
    DebugRuleConfiguration,
    ProfilerRuleConfiguration,
)
from sagemaker_constructs.api.deferred import Input
from sagemaker_constructs.api.members import Member
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
    ResourceConfig,
)
from sagemaker_constructs.api.serverless import ModelPackageConfig, ServerlessJobConfig
from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.api.tags import Tag
from sagemaker_constructs.api.tracking import ExperimentConfig, MlflowConfig, TensorBoardOutputConfig

RETRIES: int

class Client(Protocol):
    @property
    def create_training_job(self) -> Any: ...

class Session(Protocol):
    @property
    def client(self) -> Any: ...

def adding_name(member: Member) -> str: ...

@final
class CreateTrainingJob:
    """A request for a training job, said step by step; every step returns a new one and leaves the old as it was.

    ```python
    response = (
        CreateTrainingJob()
        .training_job_name("churn-1")
        .role_arn(role_arn)
        .algorithm_specification(training_image=image, training_input_mode="File")
        .add_hyper_parameter("max_depth", 5)
        .add_input_data_config(Channel.s3("train", "s3://bucket/train"))
        .output_data_config(s3_output_path="s3://bucket/models")
        .resource_config(instance_type="ml.m5.xlarge", instance_count=1)
        .send()
    )
    ```
    """

    members: Mapping[str, Any]
    customizations: tuple[Callable[[dict[str, Any]], dict[str, Any]], ...]
    def __init__(self) -> None: ...
    def customize(self, customization: Callable[[dict[str, Any]], dict[str, Any]]) -> CreateTrainingJob:
        """Change the request before it is sent, after it was checked: the place for what this library does not know.

        The function gets the wire form and returns what is to be sent; several are applied in their order.
        """
    def build(self) -> TrainingJobSpec:
        """The spec that was said. Raises `InvalidRequest` with every mistake."""
    def send(self, via: Client | Session | None = None, *, retries: int | None = None) -> Any:
        """Check the request, send it, and return the response, which has the job's ARN.

        Args:
            via: a boto3 SageMaker client, or a session to make one with. Default: boto3's default session.
            retries: how often to try again after throttling or a failure of the service; 2 when absent. A client
                brings its own retries.

        Raises:
            InvalidRequest: what AWS would refuse, or a value that is not known yet, with every mistake.
            ValueError: `retries` beside a client.
        """
    def training_job_name(self, value: Input[str], /) -> CreateTrainingJob:
        """Unique among the jobs of the account in the region. The resource makes one up when absent."""
    def hyper_parameters(self, value: Input[Mapping[str, Input[str | int | float | bool]]], /) -> CreateTrainingJob:
        """Settings of the algorithm, at most 100 pairs of 256 and 2,500 characters. Numbers and booleans are sent as text. Never a place for credentials."""
    def add_hyper_parameter(self, key: str, value: Input[str | int | float | bool]) -> CreateTrainingJob:
        """Add one. Settings of the algorithm, at most 100 pairs of 256 and 2,500 characters. Numbers and booleans are sent as text. Never a place for credentials."""
    @overload
    def algorithm_specification(self, value: Input[AlgorithmSpecification], /) -> CreateTrainingJob:
        """The algorithm; absent only for serverless jobs."""
    @overload
    def algorithm_specification(
        self,
        *,
        training_image: Input[str] | None = None,
        algorithm_name: Input[str] | None = None,
        training_input_mode: Input[Literal["Pipe", "File", "FastFile"]],
        metric_definitions: Input[Sequence[Input[MetricDefinition]]] | None = None,
        enable_sage_maker_metrics_time_series: Input[bool] | None = None,
        container_entrypoint: Input[Sequence[Input[str]]] | None = None,
        container_arguments: Input[Sequence[Input[str]]] | None = None,
        training_image_config: Input[TrainingImageConfig] | None = None,
    ) -> CreateTrainingJob:
        """The algorithm; absent only for serverless jobs."""
    def role_arn(self, value: Input[str], /) -> CreateTrainingJob:
        """Role that SageMaker takes on for the job. The resource supplies it when absent."""
    def input_data_config(self, value: Input[Sequence[Input[Channel]]], /) -> CreateTrainingJob:
        """What the model learns from: 1 to 20 channels."""
    @overload
    def add_input_data_config(self, value: Input[Channel], /) -> CreateTrainingJob:
        """Add one. What the model learns from: 1 to 20 channels."""
    @overload
    def add_input_data_config(
        self,
        *,
        channel_name: Input[str],
        data_source: Input[DataSource],
        content_type: Input[str] | None = None,
        compression_type: Input[Literal["None", "Gzip"]] | None = None,
        record_wrapper_type: Input[Literal["None", "RecordIO"]] | None = None,
        input_mode: Input[Literal["Pipe", "File", "FastFile"]] | None = None,
        shuffle_config: Input[ShuffleConfig] | None = None,
    ) -> CreateTrainingJob:
        """Add one. What the model learns from: 1 to 20 channels."""
    @overload
    def output_data_config(self, value: Input[OutputDataConfig], /) -> CreateTrainingJob:
        """Where the model goes."""
    @overload
    def output_data_config(
        self,
        *,
        kms_key_id: Input[str] | None = None,
        s3_output_path: Input[str],
        compression_type: Input[Literal["GZIP", "NONE"]] | None = None,
    ) -> CreateTrainingJob:
        """Where the model goes."""
    @overload
    def resource_config(self, value: Input[ResourceConfig], /) -> CreateTrainingJob:
        """The machines; absent only for serverless jobs."""
    @overload
    def resource_config(
        self,
        *,
        instance_type: Input[str] | None = None,
        instance_count: Input[int] | None = None,
        volume_size_in_gb: Input[int] | None = None,
        volume_kms_key_id: Input[str] | None = None,
        keep_alive_period_in_seconds: Input[int | timedelta] | None = None,
        instance_groups: Input[Sequence[Input[InstanceGroup]]] | None = None,
        training_plan_arn: Input[str] | None = None,
        instance_placement_config: Input[InstancePlacementConfig] | None = None,
        instance_preferences: Input[Sequence[Input[InstancePreference]]] | None = None,
    ) -> CreateTrainingJob:
        """The machines; absent only for serverless jobs."""
    @overload
    def vpc_config(self, value: Input[VpcConfig], /) -> CreateTrainingJob:
        """The VPC of the machines; SageMaker's own network when absent."""
    @overload
    def vpc_config(
        self, *, security_group_ids: Input[Sequence[Input[str]]], subnets: Input[Sequence[Input[str]]]
    ) -> CreateTrainingJob:
        """The VPC of the machines; SageMaker's own network when absent."""
    @overload
    def stopping_condition(self, value: Input[StoppingCondition], /) -> CreateTrainingJob:
        """How long the job may take; one day when absent."""
    @overload
    def stopping_condition(
        self,
        *,
        max_runtime_in_seconds: Input[int | timedelta] | None = None,
        max_wait_time_in_seconds: Input[int | timedelta] | None = None,
        max_pending_time_in_seconds: Input[int | timedelta] | None = None,
    ) -> CreateTrainingJob:
        """How long the job may take; one day when absent."""
    def tags(self, value: Input[Sequence[Input[Tag]] | Mapping[str, Input[str]]], /) -> CreateTrainingJob:
        """At most 50 tags, as a mapping or as a list of `Tag`."""
    @overload
    def add_tag(self, value: Input[Tag], /) -> CreateTrainingJob:
        """Add one. At most 50 tags, as a mapping or as a list of `Tag`."""
    @overload
    def add_tag(self, *, key: Input[str], value: Input[str]) -> CreateTrainingJob:
        """Add one. At most 50 tags, as a mapping or as a list of `Tag`."""
    def enable_network_isolation(self, value: Input[bool], /) -> CreateTrainingJob:
        """True cuts the container off from every network; SageMaker itself still moves the data. Default false."""
    def enable_inter_container_traffic_encryption(self, value: Input[bool], /) -> CreateTrainingJob:
        """True encrypts what the machines of a distributed job say to each other, which is slower. Default false."""
    def enable_managed_spot_training(self, value: Input[bool], /) -> CreateTrainingJob:
        """True trains on spot capacity; needs `max_wait_time_in_seconds`. Default false."""
    @overload
    def checkpoint_config(self, value: Input[CheckpointConfig], /) -> CreateTrainingJob:
        """Where checkpoints are kept; none when absent."""
    @overload
    def checkpoint_config(self, *, s3_uri: Input[str], local_path: Input[str] | None = None) -> CreateTrainingJob:
        """Where checkpoints are kept; none when absent."""
    @overload
    def debug_hook_config(self, value: Input[DebugHookConfig], /) -> CreateTrainingJob:
        """Which tensors Debugger keeps."""
    @overload
    def debug_hook_config(
        self,
        *,
        local_path: Input[str] | None = None,
        s3_output_path: Input[str],
        hook_parameters: Input[Mapping[str, Input[str | int | float | bool]]] | None = None,
        collection_configurations: Input[Sequence[Input[CollectionConfiguration]]] | None = None,
    ) -> CreateTrainingJob:
        """Which tensors Debugger keeps."""
    def debug_rule_configurations(self, value: Input[Sequence[Input[DebugRuleConfiguration]]], /) -> CreateTrainingJob:
        """Rules over the tensors, at most 20."""
    @overload
    def add_debug_rule_configuration(self, value: Input[DebugRuleConfiguration], /) -> CreateTrainingJob:
        """Add one. Rules over the tensors, at most 20."""
    @overload
    def add_debug_rule_configuration(
        self,
        *,
        rule_configuration_name: Input[str],
        local_path: Input[str] | None = None,
        s3_output_path: Input[str] | None = None,
        rule_evaluator_image: Input[str],
        instance_type: Input[str] | None = None,
        volume_size_in_gb: Input[int] | None = None,
        rule_parameters: Input[Mapping[str, Input[str | int | float | bool]]] | None = None,
    ) -> CreateTrainingJob:
        """Add one. Rules over the tensors, at most 20."""
    @overload
    def tensor_board_output_config(self, value: Input[TensorBoardOutputConfig], /) -> CreateTrainingJob:
        """Where TensorBoard's data is kept."""
    @overload
    def tensor_board_output_config(
        self, *, local_path: Input[str] | None = None, s3_output_path: Input[str]
    ) -> CreateTrainingJob:
        """Where TensorBoard's data is kept."""
    @overload
    def experiment_config(self, value: Input[ExperimentConfig], /) -> CreateTrainingJob:
        """The experiment that the job belongs to."""
    @overload
    def experiment_config(
        self,
        *,
        experiment_name: Input[str] | None = None,
        trial_name: Input[str] | None = None,
        trial_component_display_name: Input[str] | None = None,
        run_name: Input[str] | None = None,
    ) -> CreateTrainingJob:
        """The experiment that the job belongs to."""
    @overload
    def profiler_config(self, value: Input[ProfilerConfig], /) -> CreateTrainingJob:
        """How the machines are measured."""
    @overload
    def profiler_config(
        self,
        *,
        s3_output_path: Input[str] | None = None,
        profiling_interval_in_milliseconds: Input[int] | None = None,
        profiling_parameters: Input[Mapping[str, Input[str | int | float | bool]]] | None = None,
        disable_profiler: Input[bool] | None = None,
    ) -> CreateTrainingJob:
        """How the machines are measured."""
    def profiler_rule_configurations(
        self, value: Input[Sequence[Input[ProfilerRuleConfiguration]]], /
    ) -> CreateTrainingJob:
        """Rules over the measurements, at most 20."""
    @overload
    def add_profiler_rule_configuration(self, value: Input[ProfilerRuleConfiguration], /) -> CreateTrainingJob:
        """Add one. Rules over the measurements, at most 20."""
    @overload
    def add_profiler_rule_configuration(
        self,
        *,
        rule_configuration_name: Input[str],
        local_path: Input[str] | None = None,
        s3_output_path: Input[str] | None = None,
        rule_evaluator_image: Input[str],
        instance_type: Input[str] | None = None,
        volume_size_in_gb: Input[int] | None = None,
        rule_parameters: Input[Mapping[str, Input[str | int | float | bool]]] | None = None,
    ) -> CreateTrainingJob:
        """Add one. Rules over the measurements, at most 20."""
    def environment(self, value: Input[Mapping[str, Input[str | int | float | bool]]], /) -> CreateTrainingJob:
        """Environment variables of the container, at most 100 pairs of 512 and 512 characters. Numbers and booleans are sent as text. Never a place for credentials."""
    def add_environment(self, key: str, value: Input[str | int | float | bool]) -> CreateTrainingJob:
        """Add one. Environment variables of the container, at most 100 pairs of 512 and 512 characters. Numbers and booleans are sent as text. Never a place for credentials."""
    @overload
    def retry_strategy(self, value: Input[RetryStrategy], /) -> CreateTrainingJob:
        """Attempts after a failure of the service; none when absent."""
    @overload
    def retry_strategy(self, *, maximum_retry_attempts: Input[int]) -> CreateTrainingJob:
        """Attempts after a failure of the service; none when absent."""
    @overload
    def remote_debug_config(self, value: Input[RemoteDebugConfig], /) -> CreateTrainingJob:
        """Sessions in the running container."""
    @overload
    def remote_debug_config(self, *, enable_remote_debug: Input[bool] | None = None) -> CreateTrainingJob:
        """Sessions in the running container."""
    @overload
    def infra_check_config(self, value: Input[InfraCheckConfig], /) -> CreateTrainingJob:
        """Health check of the machines before training."""
    @overload
    def infra_check_config(self, *, enable_infra_check: Input[bool] | None = None) -> CreateTrainingJob:
        """Health check of the machines before training."""
    @overload
    def session_chaining_config(self, value: Input[SessionChainingConfig], /) -> CreateTrainingJob:
        """Session tags for the execution role."""
    @overload
    def session_chaining_config(self, *, enable_session_tag_chaining: Input[bool] | None = None) -> CreateTrainingJob:
        """Session tags for the execution role."""
    @overload
    def serverless_job_config(self, value: Input[ServerlessJobConfig], /) -> CreateTrainingJob:
        """Customise or evaluate a base model without machines of one's own."""
    @overload
    def serverless_job_config(
        self,
        *,
        base_model_arn: Input[str],
        accept_eula: Input[bool] | None = None,
        job_type: Input[Literal["FineTuning", "Evaluation"]],
        customization_technique: Input[Literal["SFT", "DPO", "RLVR", "RLAIF"]] | None = None,
        peft: Input[Literal["LORA"]] | None = None,
        evaluation_type: Input[Literal["LLMAJEvaluation", "CustomScorerEvaluation", "BenchmarkEvaluation"]]
        | None = None,
        evaluator_arn: Input[str] | None = None,
        sequence_length: Input[str] | None = None,
    ) -> CreateTrainingJob:
        """Customise or evaluate a base model without machines of one's own."""
    @overload
    def mlflow_config(self, value: Input[MlflowConfig], /) -> CreateTrainingJob:
        """The managed MLflow of a serverless job."""
    @overload
    def mlflow_config(
        self,
        *,
        mlflow_resource_arn: Input[str],
        mlflow_experiment_name: Input[str] | None = None,
        mlflow_run_name: Input[str] | None = None,
    ) -> CreateTrainingJob:
        """The managed MLflow of a serverless job."""
    @overload
    def model_package_config(self, value: Input[ModelPackageConfig], /) -> CreateTrainingJob:
        """The model package of a serverless job."""
    @overload
    def model_package_config(
        self, *, model_package_group_arn: Input[str], source_model_package_arn: Input[str] | None = None
    ) -> CreateTrainingJob:
        """The model package of a serverless job."""
