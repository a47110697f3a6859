"""A stack of the sample that was deployed at 8ba15e4, when its bucket had no TrainingBucket around it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import yaml

from localaws.trial import QUICK, Trial
from tests.stacks.test_environments import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.engine

NOW = "from stacks import deploy\n\ndeploy()\n"
EARLIER = """
import pulumi
import pulumi_aws as aws
from pulumi import ResourceOptions
from sagemaker_constructs import TrainingJob, TrainingNetwork, TrainingRole
from stacks.sample import CHANNELS, DATA, penguins
from stacks.settings import settings


class Bucket:  # what the spec asks of a TrainingBucket
    def uri(self, path):
        return pulumi.Output.concat("s3://", bucket.bucket, "/", path)


values = settings()
bucket = aws.s3.Bucket("penguins", force_destroy=values.disposable)
aws.s3.BucketPublicAccessBlock(
    "penguins",
    bucket=bucket.id,
    block_public_acls=True,
    block_public_policy=True,
    ignore_public_acls=True,
    restrict_public_buckets=True,
)
tables = [
    aws.s3.BucketObjectv2(
        channel,
        bucket=bucket.id,
        key=f"data/{channel}/penguins.csv",
        content=(DATA / f"{channel}.csv").read_text(),
        content_type="text/csv",
    )
    for channel in CHANNELS
]
network = TrainingNetwork("penguins", zones=values.zones, instances=values.instance_count)
spec = penguins(values, Bucket())
role = TrainingRole("penguins", spec, network=network)
job = TrainingJob("penguins", spec, role=role, network=network, opts=ResourceOptions(depends_on=tables))
job.result()
"""


@pytest.fixture
def trial(tmp_path: Path) -> Iterator[Trial]:
    """A project with the values of the environment dev."""
    made = Trial(tmp_path, QUICK)
    project = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())
    values = {f"trial:{key}": each["default"] for key, each in project["config"].items()}
    (tmp_path / "Pulumi.trial.yaml").write_text(yaml.safe_dump({"config": values | {"trial:disposable": True}}))
    yield made
    made.end()


def names(trial: Trial) -> list[str]:
    """The names of the buckets that exist."""
    return [bucket["Name"] for bucket in trial.aws("s3").list_buckets()["Buckets"]]


def test_an_earlier_stack_keeps_its_bucket_and_its_job(trial: Trial) -> None:
    """The bucket and its settings are taken into the TrainingBucket: nothing is replaced, deleted or trained."""
    trial.program(EARLIER)
    trial.up()
    (job,) = trial.jobs()
    buckets = names(trial)

    trial.program(NOW)
    planned = json.loads(trial.preview("--json").text)["changeSummary"]
    assert set(planned) == {"create", "same"}
    trial.up()

    assert list(trial.jobs()) == [job]
    assert names(trial) == buckets
