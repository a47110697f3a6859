"""What the programs of the result tests begin with: `job()`, the smallest job on an AWS that has all it needs."""

from typing import Any

import pulumi

from sagemaker_constructs import (
    AlgorithmSpecification,
    MetricDefinition,
    OutputDataConfig,
    ResourceConfig,
    TrainingJob,
    TrainingJobSpec,
)
from tests import slow_polls

slow_polls.slow_down()
config = pulumi.Config()
IMAGE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1"


def spec(seconds: float = 2, instance_type: str = "ml.m5.large", **members: Any) -> TrainingJobSpec:
    """The smallest job, which lasts some seconds."""
    return TrainingJobSpec(
        **{  # pyright: ignore[reportArgumentType]  a test's own members may be any
            "algorithm_specification": AlgorithmSpecification(
                training_image=IMAGE,
                training_input_mode="File",
                metric_definitions=[MetricDefinition(name="loss", regex="loss=([0-9.]+)")],
            ),
            "environment": {"LOCALAWS_SECONDS": seconds},
            "output_data_config": OutputDataConfig(s3_output_path="s3://trial-data/models"),
            "resource_config": ResourceConfig(instance_type=instance_type, instance_count=1, volume_size_in_gb=1),
            "role_arn": "arn:aws:iam::123456789012:role/trial",
            **members,
        }
    )


def job(name: str = "model", seconds: float = 2, *, on_failure: Any = "retrain", **members: Any) -> TrainingJob:
    """The smallest job as a resource."""
    return TrainingJob(name, spec(seconds, **members), on_failure=on_failure)


# the program of the test follows
