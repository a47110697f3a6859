"""Jobs that exist already: of another stack, of nobody, of an earlier life of this stack."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from localaws.trial import Trial

pytestmark = pytest.mark.engine

JOB = Path(__file__).with_name("job_program.py").read_text()


def test_two_stacks_with_the_same_configuration_share_one_job(cloud: Trial) -> None:
    """The second adopts, and destroying either leaves the job to the other."""
    cloud.program(JOB)
    cloud.config("members", '{"environment": {"LOCALAWS_SECONDS": "600"}}')
    cloud.up()
    (name,) = cloud.jobs()
    cloud.run("stack", "init", "other")
    cloud.run("config", "set", "members", '{"environment": {"LOCALAWS_SECONDS": "600"}}', "--stack", "other")
    for destroyed_first in ("other", "trial"):
        other = cloud.run("up", "--stack", "other", "--yes", "--skip-preview")
        assert "it is adopted" in other.text
        cloud.up()
        assert cloud.jobs() == {name: "InProgress"}
        cloud.run("destroy", "--stack", destroyed_first, "--yes", "--skip-preview")
        assert cloud.jobs() == {name: "InProgress"}
    cloud.run("destroy", "--stack", "other", "--yes", "--skip-preview")
    assert cloud.jobs() == {name: "InProgress"}, "the adopter never stops it"


def test_a_name_given_by_hand_that_is_taken_is_refused_with_the_differences(cloud: Trial) -> None:
    """Each difference stands with the declared value beside the existing one; nothing is started."""
    cloud.program(JOB)
    cloud.config("members", '{"training_job_name": "mine"}')
    cloud.up()
    machine = '{"instance_type": "ml.m5.xlarge", "instance_count": 1, "volume_size_in_gb": 1}'
    words = ("up", "--stack", "other", "--yes", "--skip-preview")
    cloud.run("stack", "init", "other")
    cloud.run("config", "set", "members", f'{{"training_job_name": "mine", "resource_config": {machine}}}')
    assert "training_job_name 'mine' is taken" in cloud.run("preview", "--stack", "other").text
    refused = cloud.run(*words, expect=None)
    assert refused.code != 0
    assert "training_job_name 'mine' is taken by a job that cannot be reused" in refused.text
    assert "resource_config.instance_type: declared 'ml.m5.xlarge', existing 'ml.m5.large'" in refused.text
    assert list(cloud.jobs()) == ["mine"]


def test_a_job_can_be_read_without_being_declared(cloud: Trial) -> None:
    """`TrainingJob.get` gives its outputs, and a destroy leaves it."""
    cloud.program(JOB)
    cloud.up()
    (name,) = cloud.jobs()
    cloud.await_job(name, "Completed")
    cloud.program(f"""
        import pulumi
        from sagemaker_constructs import TrainingJob

        job = TrainingJob.get("read", "{name}")
        pulumi.export("status", job.training_job_status)
        pulumi.export("artifacts", job.model_artifacts)
        pulumi.export("machine", job.resource_config["instance_type"])
        pulumi.export("vpc", job.vpc_config.apply(lambda found: found or "none"))
    """)
    cloud.run("up", "--stack", "reader", "--yes", "--skip-preview")
    text = cloud.run("stack", "output", "--stack", "reader").text
    assert "Completed" in text
    assert f"s3://trial-data/models/{name}/output/model.tar.gz" in text
    assert re.search(r"machine +ml\.m5\.large", text)
    assert re.search(r"vpc +none", text)
    cloud.run("destroy", "--stack", "reader", "--yes", "--skip-preview")
    assert cloud.jobs() == {name: "Completed"}


def test_new_data_behind_the_same_address_trains_again_only_where_asked(cloud: Trial) -> None:
    """With retrain_on_new_data a changed object means the next name; without, nothing."""
    s3 = cloud.aws("s3")
    s3.put_object(Bucket="trial-data", Key="train/a.csv", Body=b"1")
    where = '{"s3_data_source": {"s3_data_type": "S3Prefix", "s3_uri": "s3://trial-data/train/"}}'
    cloud.config("members", f'{{"input_data_config": [{{"channel_name": "train", "data_source": {where}}}]}}')
    cloud.program(JOB)
    cloud.up()
    s3.put_object(Bucket="trial-data", Key="train/b.csv", Body=b"2")
    cloud.up("--expect-no-changes")

    cloud.config("options", '{"retrain_on_new_data": true}')
    cloud.up()
    cloud.up("--expect-no-changes")
    before = len(cloud.jobs())
    s3.put_object(Bucket="trial-data", Key="train/c.csv", Body=b"3")
    changed = cloud.up()
    assert "the job is replaced because the objects under its input prefixes changed" in changed.text
    assert len(cloud.jobs()) == before + 1
