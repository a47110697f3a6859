"""Training jobs of this library, the smallest that AWS takes."""

from __future__ import annotations

from bench.programs import BUCKET, IMAGE, ROLE_ARN
from sagemaker_constructs import (
    AlgorithmSpecification,
    OutputDataConfig,
    ResourceConfig,
    TrainingJob,
    TrainingJobSpec,
)


def deploy(count: int) -> None:
    """So many jobs."""
    for number in range(count):
        TrainingJob(
            f"job{number}",
            TrainingJobSpec(
                role_arn=ROLE_ARN,
                algorithm_specification=AlgorithmSpecification(training_image=IMAGE, training_input_mode="File"),
                output_data_config=OutputDataConfig(s3_output_path=f"s3://{BUCKET}/models"),
                resource_config=ResourceConfig(instance_type="ml.m5.large", instance_count=1, volume_size_in_gb=1),
            ),
        )
