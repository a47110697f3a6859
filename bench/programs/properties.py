"""Dynamic resources that do nothing, with the properties of a job: what it costs Pulumi to carry them."""

from __future__ import annotations

from typing import Any, ClassVar

from pulumi import dynamic

from bench.programs import BUCKET, IMAGE, ROLE_ARN
from bench.programs.nothing import NothingProvider

_INPUTS: dict[str, Any] = {
    "role_arn": ROLE_ARN,
    "algorithm_specification": {"training_image": IMAGE, "training_input_mode": "File"},
    "output_data_config": {"s3_output_path": f"s3://{BUCKET}/models"},
    "resource_config": {"instance_type": "ml.m5.large", "instance_count": 1, "volume_size_in_gb": 1},
    "name_prefix": "job",
    "on_delete": "stop",
    "on_failure": "retrain",
    "on_missing": "keep",
    "owner": "organization/trial/trial",
    "region": "eu-west-1",
    "retrain_on_new_data": False,
    "pin_image": False,
    "strict": False,
    "declared_as": "pulumi-python:dynamic/sagemaker:TrainingJob::job",
    "state_identity": "0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f@file:///state",
}
_OUTPUTS: dict[str, Any] = {
    "adopted": False,
    "arn": "arn:aws:sagemaker:eu-west-1:123456789012:training-job/job-0a1b2c3d4e5f",
    "claim": "0a1b2c3d:0a1b2c3d-0a1b2c3d4e5f",
    "contents": {},
    "creation_time": "",
    "failure_reason": "",
    "fingerprint": "0a1b2c3d4e5f",
    "model_artifacts": f"s3://{BUCKET}/models/job-0a1b2c3d4e5f/output/model.tar.gz",
    "secondary_status": "Starting",
    "training_job_name": "job-0a1b2c3d4e5f",
    "training_job_status": "InProgress",
}


class SamePropertiesProvider(NothingProvider):
    """Creates nothing, and has the outputs of a job."""

    def create(self, props: dict[str, Any]) -> dynamic.CreateResult:
        """Nothing."""
        return dynamic.CreateResult("nothing", {**props, **_OUTPUTS})


class SameProperties(dynamic.Resource, module="bench", name="SameProperties"):
    """A resource that is nothing."""

    provider: ClassVar[type[SamePropertiesProvider]] = SamePropertiesProvider

    def __init__(self, name: str) -> None:
        super().__init__(self.provider(), name, {**_INPUTS, **dict.fromkeys(_OUTPUTS)})


def deploy(count: int) -> None:
    """So many nothings."""
    for number in range(count):
        SameProperties(f"nothing{number}")
