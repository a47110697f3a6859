"""The sample: a classifier of penguins, with its data, its role and its network, in one stack."""

from __future__ import annotations

from pathlib import Path

import pulumi
import pulumi_aws as aws
from pulumi import ResourceOptions

from sagemaker_constructs import (
    AlgorithmSpecification,
    Channel,
    CheckpointConfig,
    OutputDataConfig,
    ResourceConfig,
    StoppingCondition,
    TrainingJob,
    TrainingJobSpec,
    TrainingNetwork,
    TrainingRole,
    s3_uri,
)
from stacks.settings import Settings, settings

DATA = Path(__file__).parent / "data"
CHANNELS = ("train", "validation")


def deploy() -> None:
    """Place the sample with the values of the selected stack."""
    values = settings()
    bucket = aws.s3.Bucket("penguins", force_destroy=values.disposable)
    aws.s3.BucketPublicAccessBlock(
        "penguins",
        bucket=bucket.id,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
    )
    tables = [
        aws.s3.BucketObjectv2(
            channel,
            bucket=bucket.id,
            key=f"data/{channel}/penguins.csv",
            content=(DATA / f"{channel}.csv").read_text(),
            content_type="text/csv",
        )
        for channel in CHANNELS
    ]
    network = TrainingNetwork("penguins", zones=values.zones, instances=values.instance_count)
    spec = penguins(values, bucket)
    role = TrainingRole("penguins", spec, network=network)
    job = TrainingJob("penguins", spec, role=role, network=network, opts=ResourceOptions(depends_on=tables))
    result = job.result()

    pulumi.export("training_job_name", job.training_job_name)
    pulumi.export("training_job_arn", job.arn)
    pulumi.export("training_job_status", result.training_job_status)
    pulumi.export("billable_seconds", result.billable_seconds)
    pulumi.export("model_artifacts", result.model_artifacts)
    pulumi.export("role_arn", role.arn)
    pulumi.export("vpc_id", network.vpc_id)
    pulumi.export("bucket", bucket.bucket)


def penguins(values: Settings, bucket: aws.s3.Bucket) -> TrainingJobSpec:
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
            Channel.s3(channel, s3_uri(bucket, "data", f"{channel}/"), content_type="text/csv") for channel in CHANNELS
        ],
        output_data_config=OutputDataConfig(s3_output_path=s3_uri(bucket, "models")),
        resource_config=ResourceConfig(
            instance_type=values.instance_type, instance_count=values.instance_count, volume_size_in_gb=10
        ),
        stopping_condition=StoppingCondition(
            max_runtime_in_seconds=longest, max_wait_time_in_seconds=2 * longest if values.spot else None
        ),
        enable_managed_spot_training=values.spot,
        checkpoint_config=(CheckpointConfig(s3_uri=s3_uri(bucket, "checkpoints")) if values.spot else None),
    )
