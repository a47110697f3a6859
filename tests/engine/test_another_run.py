"""Another run of the same configuration: when, under which name, and what its dependents see of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from localaws.trial import Trial

pytestmark = pytest.mark.engine

JOB = Path(__file__).with_name("job_program.py").read_text()
RESULT = """
job = TrainingJob("again", TrainingJobSpec(**members), on_missing="retrain")
result = job.result()
pulumi.export("start", result.start_time)
"""
TRIGGERED = """
count = config.require_int("count")
tags = [{"key": "count", "value": str(count)}]
TrainingJob("again", TrainingJobSpec(**members, tags=tags), opts=pulumi.ResourceOptions(TRIGGER))
"""
SECONDS = '{"environment": {"LOCALAWS_SECONDS": "600"}}'


def failed(cloud: Trial) -> str:
    """The name of a job that has failed."""
    cloud.fault("fail")
    cloud.up()
    (name,) = cloud.jobs()
    cloud.await_job(name, "Failed")
    return name


def test_a_preview_shows_the_name_of_the_next_run_and_its_plan_holds(cloud: Trial) -> None:
    """Those who depend on the model see where it will be, and nothing else differs; `up --plan` carries it out."""
    cloud.program(JOB)
    first = failed(cloud)
    shown = cloud.preview("--diff", "--save-plan", "plan.json", env={"PULUMI_EXPERIMENTAL": "true"})
    assert f"starts {first}-2: 1 x ml.m5.large, at most 24 h" in shown.text
    assert f"job {first} (Failed) is kept" in shown.text
    differing = re.findall(r"^ +[-~+] (\w+) *:", shown.text, re.MULTILINE)
    assert differing == ["arn", "model_artifacts", "training_job_name"]
    assert "fingerprint" not in shown.text
    done = cloud.run("up", "--yes", "--plan", "plan.json", env={"PULUMI_EXPERIMENTAL": "true"})
    assert "violates plan" not in done.text
    assert cloud.jobs() == {first: "Failed", f"{first}-2": cloud.jobs()[f"{first}-2"]}
    cloud.await_job(f"{first}-2", "Completed")
    cloud.up("--expect-no-changes")


@pytest.mark.parametrize("trigger", ["replacement_trigger=str(count)", "replace_on_changes=['tags']"])
def test_a_program_can_have_another_run_of_the_same_configuration(cloud: Trial, trigger: str) -> None:
    """With what Pulumi has for it; the next `up` has nothing to do."""
    cloud.config("count", "1")
    cloud.program(
        JOB.replace("for number in range", f"{TRIGGERED.replace('TRIGGER', trigger)}\nfor number in () and range")
    )
    cloud.up()
    (first,) = cloud.jobs()
    cloud.await_job(first, "Completed")
    cloud.config("count", "2")
    cloud.up()
    assert list(cloud.jobs()) == [first, f"{first}-2"]
    cloud.up("--expect-no-changes")


def test_replace_on_the_command_line_takes_the_job_up_again(cloud: Trial) -> None:
    """The engine tells a provider nothing of it, and the job that the new resource finds is its own."""
    cloud.program(JOB)
    cloud.config("members", SECONDS)
    cloud.up()
    (first,) = cloud.jobs()
    (urn,) = [each["urn"] for each in cloud.resources() if each["urn"].endswith("::model")]
    assert "it is reused, no job starts" in cloud.up("--replace", urn).text
    assert cloud.jobs() == {first: "InProgress"}


def test_a_job_trained_again_under_its_own_name_has_another_result(cloud: Trial) -> None:
    """After somebody deleted it, and on_missing='retrain'."""
    cloud.program(JOB.replace("for number in range", f"{RESULT}\nfor number in () and range"))
    cloud.up()
    (name,) = cloud.jobs()
    before = cloud.outputs()["start"]
    cloud.aws("sagemaker").delete_training_job(TrainingJobName=name)
    cloud.up()
    assert cloud.jobs() == {name: "Completed"}
    assert cloud.outputs()["start"] > before
    cloud.up("--expect-no-changes")
    cloud.aws("sagemaker").delete_training_job(TrainingJobName=name)
    cloud.fault("fail")
    refused = cloud.up(expect=None)
    assert refused.code != 0
    assert f"training job {name} failed" in refused.text


def test_other_default_tags_reach_the_jobs_that_exist(cloud: Trial) -> None:
    """In the same `up`, as they do with the rest of the stack; and nothing flaps."""
    cloud.program(JOB)
    cloud.config("members", SECONDS)
    cloud.config("aws:defaultTags", '{"tags": {"team": "research"}}')
    cloud.up()
    cloud.config("aws:defaultTags", '{"tags": {"team": "vision"}}')
    assert "default_tags" in cloud.preview("--diff").text
    cloud.up()
    (name,) = cloud.jobs()
    sagemaker = cloud.aws("sagemaker")
    arn = sagemaker.describe_training_job(TrainingJobName=name)["TrainingJobArn"]
    assert {"Key": "team", "Value": "vision"} in sagemaker.list_tags(ResourceArn=arn)["Tags"]
    cloud.refresh("--expect-no-changes")
    cloud.up("--expect-no-changes")


def test_one_of_two_resources_that_declare_a_job_can_go(cloud: Trial) -> None:
    """The job runs on for the other, and is stopped with that."""
    cloud.program(JOB)
    cloud.config("members", SECONDS)
    cloud.config("options", '{"name_prefix": "shared"}')
    cloud.config("jobs", "2")
    cloud.up()
    (name,) = cloud.jobs()
    cloud.config("jobs", "1")
    assert "is also used by another resource of this stack" in cloud.up().text
    assert cloud.jobs() == {name: "InProgress"}
    cloud.destroy()
    cloud.await_job(name, "Stopped")


def test_a_refresh_shows_a_failed_run_once(cloud: Trial) -> None:
    """It does nothing about it; the next `up` does, and says so."""
    cloud.program(JOB)
    failed(cloud)
    cloud.refresh()
    again = cloud.refresh("--expect-no-changes")
    assert "a new run" not in again.text
    assert "the present run is Failed" in cloud.preview().text


def test_what_a_job_does_not_have_is_known_in_a_preview(cloud: Trial) -> None:
    """Those who depend on it are unchanged."""
    cloud.program(f"""{JOB.replace("for number in range", "for number in () and range")}
job = TrainingJob("again", TrainingJobSpec(**members))
pulumi.export("missing", pulumi.Output.all(job.vpc_config, job.failure_reason, job.claim))
""")
    cloud.up()
    (name,) = cloud.jobs()
    cloud.await_job(name, "Completed")
    assert "unknown" not in cloud.preview("--diff").text
    cloud.program(f"""
        import pulumi
        from sagemaker_constructs import TrainingJob

        job = TrainingJob.get("read", "{name}")
        pulumi.export("missing", pulumi.Output.all(job.vpc_config, job.environment, job.tags, job.failure_reason))
    """)
    cloud.run("up", "--stack", "reader", "--yes", "--skip-preview")
    assert "unknown" not in cloud.run("preview", "--stack", "reader", "--diff").text
