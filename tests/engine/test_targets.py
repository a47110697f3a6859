"""Updates that leave a job out: `--target` of its result, `--exclude` of the job."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from localaws.trial import Trial

pytestmark = pytest.mark.engine

PROGRAM = """
import pulumi_aws as aws
from sagemaker_constructs import *

job = TrainingJob("m", TrainingJobSpec(
    role_arn="arn:aws:iam::123456789012:role/trial",
    algorithm_specification=AlgorithmSpecification(
        training_image="123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1", training_input_mode="File"),
    output_data_config=OutputDataConfig(s3_output_path="s3://trial-data/models"),
    resource_config=ResourceConfig(instance_type="ml.m5.large", instance_count=1, volume_size_in_gb=1)))
TrainingResult("res", job)
aws.s3.Bucket("other")
"""
JOB, RESULT = (
    f"urn:pulumi:trial::trial::pulumi-python:dynamic/sagemaker:{each}"
    for each in ("TrainingJob::m", "TrainingResult::res")
)


def test_a_result_without_its_job_names_the_job(cloud: Trial) -> None:
    """And how to add it. What else is targeted is deployed; with its job, or once that exists, the result is made."""
    cloud.program(PROGRAM)
    for words in (("--target", RESULT), ("--exclude", JOB)):
        refused = cloud.up(*words, expect=None)
        assert refused.code != 0
        assert "its job 'm' does not exist, and this update does not create it (--target, --exclude)" in refused.text
        assert f"add --target '{JOB}'" in refused.text
    assert cloud.jobs() == {}

    cloud.up("--target", "urn:pulumi:trial::trial::aws:s3/bucket:Bucket::other")
    cloud.up("--target", JOB)
    cloud.up("--target", RESULT)
    cloud.up("--expect-no-changes")
    assert list(cloud.jobs().values()) == ["Completed"]
