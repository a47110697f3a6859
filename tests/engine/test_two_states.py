"""Two states of the same organization, project and stack name in one account, under the real engine."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from localaws.trial import Trial

pytestmark = pytest.mark.engine

LONG = """
import pulumi
from sagemaker_constructs import TrainingJob, TrainingJobSpec

job = TrainingJob("model", role="arn:aws:iam::123456789012:role/trial", spec=TrainingJobSpec.from_members({
    "algorithm_specification": {
        "training_image": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1", "training_input_mode": "File"},
    "environment": {"LOCALAWS_SECONDS": "600"},
    "output_data_config": {"s3_output_path": "s3://trial-data/models"},
    "resource_config": {"instance_type": "ml.m5.large", "instance_count": 1, "volume_size_in_gb": 1},
}))
pulumi.export("adopted", job.adopted)
"""


@pytest.fixture
def other(cloud: Trial, tmp_path_factory: pytest.TempPathFactory) -> Trial:
    """The project of `cloud` in another folder, with a backend of its own on the same AWS."""
    cloud.program(LONG)
    root = tmp_path_factory.mktemp("other")
    other = cloud.copied(root)
    (root / ".localaws").mkdir()
    shutil.copy(cloud.root / ".localaws" / "server.json", root / ".localaws")
    return other


def test_the_job_of_one_is_adopted_by_the_other_and_stopped_by_its_own(cloud: Trial, other: Trial) -> None:
    """The other destroys its stack, and the job runs on; the first starts nothing again."""
    cloud.up()
    (name,) = cloud.jobs()
    assert "it is adopted" in other.up().text
    assert other.outputs() == {"adopted": True}
    other.destroy()
    assert cloud.jobs() == {name: "InProgress"}

    assert "3 unchanged" in cloud.up().text
    cloud.destroy()
    cloud.await_job(name, "Stopped")
    assert list(cloud.jobs()) == [name]


def test_a_copy_of_a_state_is_refused_until_it_is_said_to_have_been_moved(cloud: Trial, other: Trial) -> None:
    """Preview, up and destroy of the copy change nothing; once taken over, the job is the copy's alone."""
    cloud.up()
    (name,) = cloud.jobs()
    other.run("stack", "init", "trial")
    (other.root / "state.json").write_text(cloud.state())
    other.run("stack", "import", "--stack", "trial", "--file", "state.json")
    for refused in (other.preview(expect=None), other.up(expect=None), other.destroy(expect=None)):
        assert refused.code
        assert "so it is a copy or was moved" in refused.text
        assert cloud.jobs() == {name: "InProgress"}

    state = refused.text.partition("takeOver ")[2].partition("`")[0]
    other.config("sagemaker-constructs:takeOver", state)
    assert "2 updated" in other.up().text
    assert "belongs to another state" in cloud.destroy().text
    assert cloud.jobs() == {name: "InProgress"}
    other.destroy()
    other.await_job(name, "Stopped")


def test_a_job_whose_start_no_state_has_recorded_is_stopped_by_destroy(cloud: Trial) -> None:
    """Its resource is removed from the state, as a killed update leaves it."""
    cloud.program(LONG)
    cloud.up()
    (name,) = cloud.jobs()
    (urn,) = (each["urn"] for each in cloud.resources() if each["urn"].endswith("TrainingJob::model"))
    cloud.run("state", "delete", urn, "--stack", "trial", "--yes")
    assert f"job {name} was started by this stack, but no resource had recorded it" in cloud.destroy().text
    cloud.await_job(name, "Stopped")
