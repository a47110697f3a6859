"""The sample: a classifier of penguins, with its data, its role and its network, in one stack."""

from __future__ import annotations

from pathlib import Path

import pulumi
import pulumi_aws as aws
from pulumi import ROOT_STACK_RESOURCE, Alias, ResourceOptions, ResourceTransformArgs, ResourceTransformResult

from sagemaker_constructs import (
    AlgorithmSpecification,
    Channel,
    CheckpointConfig,
    OutputDataConfig,
    ResourceConfig,
    StoppingCondition,
    TrainingBucket,
    TrainingJob,
    TrainingJobSpec,
    TrainingNetwork,
    TrainingRole,
)
from stacks.settings import Settings, settings

DATA = Path(__file__).parent / "data"
CHANNELS = ("train", "validation")


def deploy() -> None:
    """Place the sample with the values of the selected stack."""
    values = settings()
    bucket = TrainingBucket(
        "penguins",
        force_destroy=values.disposable,
        opts=ResourceOptions(protect=values.protected, transforms=[_formerly_without_parent]),
    )
    tables = [
        aws.s3.BucketObjectv2(
            channel,
            bucket=bucket.name,
            key=f"data/{channel}/penguins.csv",
            content=(DATA / f"{channel}.csv").read_text(),
            content_type="text/csv",
        )
        for channel in CHANNELS
    ]
    network = TrainingNetwork("penguins", zones=values.zones, instances=values.instance_count)
    spec = penguins(values, bucket)
    role = TrainingRole("penguins", spec, network=network)
    job = TrainingJob(
        "penguins",
        spec,
        role=role,
        network=network,
        on_delete="retain" if values.protected else "stop",
        opts=ResourceOptions(depends_on=tables),
    )
    result = job.result()

    pulumi.export("training_job_name", job.training_job_name)
    pulumi.export("training_job_arn", job.arn)
    pulumi.export("training_job_status", result.training_job_status)
    pulumi.export("billable_seconds", result.billable_seconds)
    pulumi.export("final_metrics", result.final_metrics)
    pulumi.export("model_artifacts", result.model_artifacts)
    pulumi.export("role_arn", role.arn)
    pulumi.export("vpc_id", network.vpc_id)
    pulumi.export("bucket", bucket.name)


def penguins(values: Settings, bucket: TrainingBucket) -> TrainingJobSpec:
    """What to train: SageMaker's own XGBoost on the penguins in `bucket`."""
    image = aws.sagemaker.get_prebuilt_ecr_image_output(repository_name="sagemaker-xgboost", image_tag="1.7-1")
    longest = values.max_runtime_in_seconds
    return TrainingJobSpec(
        algorithm_specification=AlgorithmSpecification(training_image=image.registry_path, training_input_mode="File"),
        hyper_parameters={
            "objective": "multi:softprob",
            "num_class": 3,
            "num_round": values.rounds,
            "max_depth": values.max_depth,
        },
        input_data_config=[
            Channel.s3(channel, bucket.uri(f"data/{channel}/"), content_type="text/csv") for channel in CHANNELS
        ],
        output_data_config=OutputDataConfig(s3_output_path=bucket.uri("models")),
        resource_config=ResourceConfig(
            instance_type=values.instance_type, instance_count=values.instance_count, volume_size_in_gb=10
        ),
        stopping_condition=StoppingCondition(
            max_runtime_in_seconds=longest, max_wait_time_in_seconds=2 * longest if values.spot else None
        ),
        enable_managed_spot_training=values.spot,
        checkpoint_config=CheckpointConfig(s3_uri=bucket.uri("checkpoints")) if values.spot else None,
    )


def _formerly_without_parent(args: ResourceTransformArgs) -> ResourceTransformResult:
    """Keep the bucket of a stack that was deployed before the bucket was part of a TrainingBucket."""
    formerly = ResourceOptions(aliases=[Alias(parent=ROOT_STACK_RESOURCE)])
    return ResourceTransformResult(args.props, ResourceOptions.merge(args.opts, formerly))
