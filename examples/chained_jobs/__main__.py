"""A model that is trained further: the second job reads what the first one wrote, and starts when it is there."""

import pulumi
import pulumi_aws as aws

from sagemaker_constructs import (
    AlgorithmSpecification,
    Channel,
    OutputDataConfig,
    ResourceConfig,
    TrainingJob,
    TrainingJobSpec,
    TrainingRole,
    s3_uri,
)

bucket = aws.s3.Bucket("models", force_destroy=True)
texts = aws.s3.BucketObjectv2("texts", bucket=bucket.id, key="texts/all.txt", content="Call me Ishmael.\n")
pairs = aws.s3.BucketObjectv2("pairs", bucket=bucket.id, key="pairs/all.txt", content="What is his name? Ishmael.\n")
IMAGE = "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.8.0-gpu-py312"


def spec(learning_rate: float, *channels: Channel) -> TrainingJobSpec:
    """One of the two jobs."""
    return TrainingJobSpec(
        algorithm_specification=AlgorithmSpecification(training_image=IMAGE, training_input_mode="File"),
        hyper_parameters={"learning_rate": learning_rate},
        input_data_config=list(channels),
        output_data_config=OutputDataConfig(s3_output_path=s3_uri(bucket, "models")),
        resource_config=ResourceConfig(instance_type="ml.g5.xlarge", instance_count=1, volume_size_in_gb=50),
    )


pretraining = spec(3e-4, Channel.s3("train", s3_uri(bucket, "texts/")))
pretrained = TrainingJob(
    "pretrain",
    pretraining,
    role=TrainingRole("pretrain", pretraining),
    opts=pulumi.ResourceOptions(depends_on=[texts]),
).result()

tuning = spec(
    1e-5,
    Channel.s3("train", s3_uri(bucket, "pairs/")),
    Channel.s3("pretrained", pretrained.model_artifacts),
)
tuned = TrainingJob(
    "tune",
    tuning,
    role=TrainingRole("tune", tuning),
    opts=pulumi.ResourceOptions(depends_on=[pairs]),
).result()

pulumi.export("pretrained", pretrained.model_artifacts)
pulumi.export("tuned", tuned.model_artifacts)
