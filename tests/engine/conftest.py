"""A project of its own for a test: a program, the real engine, and an AWS on loopback that nobody shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from localaws.trial import QUICK, Trial

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PRELUDE = """\
import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions
from sagemaker_constructs import (
    TrainingJob,
    AlgorithmSpecification, Channel, OutputDataConfig, ResourceConfig, StoppingCondition, TrainingJobSpec, VpcConfig,
)
config = pulumi.Config()
bucket = aws.s3.Bucket("data", bucket="trial-data", force_destroy=True)
role = aws.iam.Role("role", name="trial-role", assume_role_policy='''{
  "Version": "2012-10-17",
  "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "sagemaker.amazonaws.com"}}]
}''')
def spec(**members):
    return TrainingJobSpec(**{
        "algorithm_specification": AlgorithmSpecification(
            training_image="123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1", training_input_mode="File"),
        "hyper_parameters": {"depth": config.get("depth") or 4},
        "output_data_config": OutputDataConfig(s3_output_path=Output.concat("s3://", bucket.bucket, "/models")),
        "resource_config": ResourceConfig(instance_type="ml.m5.large", instance_count=1, volume_size_in_gb=1),
        **members,
    })
"""
"""What every trial program starts with: a bucket, a role, and `spec()`, the smallest job with one hyperparameter."""


@pytest.fixture
def trial(tmp_path: Path) -> Iterator[Trial]:
    """A fresh project, its programs with a bucket, a role and `spec()`."""
    made = Trial(tmp_path, QUICK, prelude=_PRELUDE)
    yield made
    made.end()


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Trial]:
    """A fresh project on an AWS that has a bucket `trial-data` and a role `trial` already."""
    made = Trial(tmp_path, QUICK)
    made.furnish()
    yield made
    made.end()
