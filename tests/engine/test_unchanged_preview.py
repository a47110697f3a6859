"""A preview of jobs that stay as they are, which the program leaves to the engine and the provider."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from localaws.trial import Trial

pytestmark = pytest.mark.engine

PROGRAM = """
import atexit, gc, sys
from sagemaker_constructs import *

def loaded():
    print("loaded:", sorted({"boto3", "botocore", "sagemaker_constructs.preflight.examination",
        "sagemaker_constructs.program.region_waits", "sagemaker_constructs.provider_steps"} & sys.modules.keys()))
    print("collects garbage after:", gc.get_threshold()[0])

atexit.register(loaded)
job = TrainingJob("one", TrainingJobSpec(
    role_arn="arn:aws:iam::123456789012:role/trial",
    algorithm_specification=AlgorithmSpecification(
        training_image="123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1", training_input_mode="File"),
    output_data_config=OutputDataConfig(s3_output_path="s3://trial-data/models"),
    resource_config=ResourceConfig(instance_type="ml.m5.large", instance_count=1, volume_size_in_gb=1)))
job.result("result")
"""


def test_the_program_loads_only_what_describes_a_job_and_collects_garbage_rarely(cloud: Trial) -> None:
    """Neither boto3 nor what examines, awaits or starts jobs; Python's own setting would be less than thousands."""
    cloud.program(PROGRAM)
    starting = cloud.preview().text
    assert "loaded: ['botocore', 'sagemaker_constructs.preflight.examination']" in starting
    cloud.up()
    unchanged = cloud.preview().text
    assert "loaded: []" in unchanged
    assert "collects garbage after: 50000" in unchanged
