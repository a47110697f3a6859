"""The program of most trials: `jobs` training jobs, on a bucket and a role that were there before."""

from typing import Any

import pulumi

from sagemaker_constructs import AlgorithmSpecification, OutputDataConfig, ResourceConfig, TrainingJob, TrainingJobSpec

config = pulumi.Config()
members: dict[str, Any] = {
    "role_arn": "arn:aws:iam::123456789012:role/trial",
    "algorithm_specification": AlgorithmSpecification(
        training_image="123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1", training_input_mode="File"
    ),
    "output_data_config": OutputDataConfig(s3_output_path="s3://trial-data/models"),
    "resource_config": ResourceConfig(instance_type="ml.m5.large", instance_count=1, volume_size_in_gb=1),
    **(config.get_object("members") or {}),
}
options: dict[str, Any] = config.get_object("options") or {}
for number in range(config.get_int("jobs") or 1):
    TrainingJob(f"model{number or ''}", TrainingJobSpec(**members), **options)
