"""How long a request takes to build and to check, beside plain pydantic and botocore's own check.

The baselines are measured in the same run. What plain pydantic is, `plain_shapes` says.
"""

from __future__ import annotations

from time import process_time
from timeit import timeit
from typing import TYPE_CHECKING, Any

import botocore.session
from botocore.validate import ParamValidator

from bench.plain_shapes import construction, plain_shapes
from bench.table import Row
from sagemaker_constructs.api.algorithm import AlgorithmSpecification, MetricDefinition
from sagemaker_constructs.api.channels import Channel
from sagemaker_constructs.api.debugger import CollectionConfiguration, DebugHookConfig, DebugRuleConfiguration
from sagemaker_constructs.api.operation import RetryStrategy, StoppingCondition, VpcConfig
from sagemaker_constructs.api.output import CheckpointConfig, OutputDataConfig
from sagemaker_constructs.api.profiler import ProfilerConfig
from sagemaker_constructs.api.resource_config import ResourceConfig
from sagemaker_constructs.api.rule_context import RuleContext
from sagemaker_constructs.api.rules import RULES, check_rules
from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.api.tracking import ExperimentConfig, TensorBoardOutputConfig
from sagemaker_constructs.api.wire import wire_form
from sagemaker_constructs.reconcile.lifecycle import JobLifecycle
from sagemaker_constructs.testing import FakeTrainingJobs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TITLE = "Building and checking one full request"
_RUNS = 40
_CALLS = 25
_IMAGE = "123456789012.dkr.ecr.us-west-2.amazonaws.com/image:1"

FULL_SPEC = TrainingJobSpec(
    training_job_name="churn-1",
    role_arn="arn:aws:iam::123456789012:role/service-role/training",
    hyper_parameters={f"parameter_{number}": number / 7 for number in range(30)},
    environment={f"VARIABLE_{number}": number for number in range(10)},
    algorithm_specification=AlgorithmSpecification(
        training_image=_IMAGE,
        training_input_mode="FastFile",
        metric_definitions=[MetricDefinition(name="loss", regex="loss=([0-9.]+)")],
        container_entrypoint=["python", "train.py"],
        container_arguments=["--epochs", "10"],
    ),
    input_data_config=[
        Channel.s3(name, f"s3://bucket/{name}", content_type="text/csv") for name in ("train", "validation", "test")
    ],
    output_data_config=OutputDataConfig(
        s3_output_path="s3://bucket/models", kms_key_id="1234abcd-12ab-34cd-56ef-1234567890ab"
    ),
    resource_config=ResourceConfig(instance_type="ml.g5.xlarge", instance_count=2, volume_size_in_gb=100),
    vpc_config=VpcConfig(subnets=["subnet-0a", "subnet-0b"], security_group_ids=["sg-0a"]),
    stopping_condition=StoppingCondition(max_runtime_in_seconds=3600, max_wait_time_in_seconds=7200),
    tags={"team": "research", "stage": "test"},
    enable_managed_spot_training=True,
    enable_inter_container_traffic_encryption=True,
    checkpoint_config=CheckpointConfig(s3_uri="s3://bucket/checkpoints"),
    debug_hook_config=DebugHookConfig(
        s3_output_path="s3://bucket/tensors",
        collection_configurations=[CollectionConfiguration(collection_name="losses")],
    ),
    debug_rule_configurations=[DebugRuleConfiguration(rule_configuration_name="loss", rule_evaluator_image=_IMAGE)],
    profiler_config=ProfilerConfig(s3_output_path="s3://bucket/profiler", profiling_interval_in_milliseconds=500),
    tensor_board_output_config=TensorBoardOutputConfig(s3_output_path="s3://bucket/tensorboard"),
    experiment_config=ExperimentConfig(experiment_name="churn"),
    retry_strategy=RetryStrategy(maximum_retry_attempts=2),
)
"""A job with most of what a job can have."""
_CONTEXT = RuleContext(region="us-west-2", added_tags=3)
"""What the provider knows beside the members."""


def measure() -> Iterator[Row]:
    """What the program does to build a request, then the checks of one."""
    yield from _building()
    yield from _checks()


def _building() -> Iterator[Row]:
    plain = plain_shapes(TrainingJobSpec)
    ours, theirs = construction(FULL_SPEC), construction(FULL_SPEC, plain)
    members, whole = FULL_SPEC.to_members(), plain[TrainingJobSpec]
    built, validated, of_pydantic, of_mappings = _microseconds(
        ours,
        lambda: TrainingJobSpec.model_validate(members, by_alias=False, by_name=True),
        theirs,
        lambda: whole.model_validate(members),
    )
    beside = "plain pydantic, the same limits"
    yield Row("a spec built of its shapes: validated, rules, credentials", built, "µs", of_pydantic, beside)
    yield Row("the shapes of one from mappings, validated only", validated, "µs", of_mappings, beside)


def _checks() -> Iterator[Row]:
    request, members = FULL_SPEC.to_request(), FULL_SPEC.to_members()
    model: Any = botocore.session.get_session().get_service_model("sagemaker")
    shape, validator = model.operation_model("CreateTrainingJob").input_shape, ParamValidator()
    lifecycle = JobLifecycle(_no_jobs, _silent)
    planned = {name: value for name, value in members.items() if name != "training_job_name"}
    program = {**planned, "name_prefix": "churn", "region": "us-west-2", "owner": "o/p/s", "declared_as": "job::churn"}
    baseline = "botocore's ParamValidator"
    calls: dict[str, Callable[[], object]] = {
        baseline: lambda: validator.validate(request, shape),
        "our shapes: also bounds, patterns, enumerations": lambda: TrainingJobSpec.model_validate(
            members, by_alias=False, by_name=True
        ),
        f"our {len(RULES)} rules between members": lambda: check_rules(members, _CONTEXT),
        "one pass: shapes, rules and credentials": lambda: TrainingJobSpec.read(members, _CONTEXT),
        "the same of a request in wire form": lambda: TrainingJobSpec.from_request(request),
        "the provider's whole check: also options, name and fingerprint": lambda: lifecycle.check({}, program),
        "the wire form of validated members": lambda: wire_form(members),
    }
    figures = dict(zip(calls, _microseconds(*calls.values()), strict=True))
    for what, figure in figures.items():
        if what != baseline:
            yield Row(what, figure, "µs", figures[baseline], baseline)


def _no_jobs(region: str, settings: str | None) -> FakeTrainingJobs:
    del region, settings
    return FakeTrainingJobs()


def _silent(message: str, *, warning: bool = False, ephemeral: bool = False) -> None:
    del message, warning, ephemeral


def _microseconds(*calls: Callable[[], object]) -> list[float]:
    """The shortest processor time of each, measured in turns, so that other processes disturb all alike."""
    rounds = [[timeit(call, timer=process_time, number=_CALLS) for call in calls] for _ in range(_RUNS)]
    return [min(times) / _CALLS * 1e6 for times in zip(*rounds, strict=True)]
