"""A program in an image of one's own: its code is a channel, and a command unpacks and starts it."""

from pathlib import Path

import pulumi
import pulumi_aws as aws

from sagemaker_constructs import (
    AlgorithmSpecification,
    Channel,
    OutputDataConfig,
    ResourceConfig,
    Training,
    TrainingBucket,
    TrainingCode,
    TrainingJobSpec,
)

HERE = Path(__file__).parent
IMAGE = "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.8.0-cpu-py312"

bucket = TrainingBucket("line", force_destroy=True)
points = aws.s3.BucketObjectv2(
    "points", bucket=bucket.name, key="train/points.csv", content="1,3.1\n2,4.9\n3,7.2\n4,8.8\n"
)
code = TrainingCode("line", HERE / "src", entry_point="fit.py", bucket=bucket)

training = Training(
    "line",
    TrainingJobSpec(
        algorithm_specification=AlgorithmSpecification(
            training_image=pulumi.Config().get("image") or IMAGE,
            training_input_mode="File",
            container_entrypoint=code.container_entrypoint,
            container_arguments=["--digits", "3"],
        ),
        input_data_config=[code.channel, Channel.s3("train", bucket.uri("train/"))],
        output_data_config=OutputDataConfig(s3_output_path=bucket.uri("models")),
        resource_config=ResourceConfig(instance_type="ml.m5.large", instance_count=1, volume_size_in_gb=10),
    ),
    opts=pulumi.ResourceOptions(depends_on=[points]),
)

pulumi.export("code", code.uri)
pulumi.export("model", training.model_artifacts)
