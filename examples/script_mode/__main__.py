"""A script with scikit-learn: AWS's image runs it, and a changed script is another model."""

from pathlib import Path

import pulumi
import pulumi_aws as aws

from sagemaker_constructs import (
    AlgorithmSpecification,
    Channel,
    MetricDefinition,
    OutputDataConfig,
    ResourceConfig,
    Training,
    TrainingBucket,
    TrainingCode,
    TrainingJobSpec,
    framework_image,
)

HERE = Path(__file__).parent

bucket = TrainingBucket("flowers", force_destroy=True)
table = aws.s3.BucketObjectv2(
    "table", bucket=bucket.name, key="train/flowers.csv", content=(HERE / "flowers.csv").read_text()
)
code = TrainingCode("flowers", HERE / "src", entry_point="train.py", bucket=bucket)

training = Training(
    "flowers",
    TrainingJobSpec(
        algorithm_specification=AlgorithmSpecification(
            training_image=framework_image("scikit-learn", "1.4-2"),
            training_input_mode="File",
            metric_definitions=[MetricDefinition(name="accuracy", regex=r"accuracy=([0-9.]+)")],
        ),
        hyper_parameters={**code.hyper_parameters, "neighbours": pulumi.Config().get_int("neighbours") or 3},
        input_data_config=[Channel.s3("train", bucket.uri("train/"), content_type="text/csv")],
        output_data_config=OutputDataConfig(s3_output_path=bucket.uri("models")),
        resource_config=ResourceConfig(instance_type="ml.m5.large", instance_count=1, volume_size_in_gb=10),
    ),
    opts=pulumi.ResourceOptions(depends_on=[table]),
)

pulumi.export("code", code.uri)
pulumi.export("metrics", training.result.final_metrics)
pulumi.export("model", training.model_artifacts)
