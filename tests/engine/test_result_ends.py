"""Every way in which a job can end, under the real engine: what the stack gets, and what the user sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from result_runs import PROGRAM, Running, prints, stop

if TYPE_CHECKING:
    from collections.abc import Mapping

    from localaws.trial import Outcome, Trial

pytestmark = pytest.mark.engine

FAILURES = {
    "algorithm": "AlgorithmError: ExecuteUserScriptError: exit code 1",
    "capacity": "CapacityError: Unable to provision requested ML compute capacity.",
    "quota": "ResourceLimitExceeded: The account-level service limit is 0 Instances",
    "permission": "ClientError: Data download failed:Unable to download object s3://b/k (AccessDenied: Access Denied)",
    "data": "ClientError: Data download failed:NoSuchKey (404): The specified key does not exist",
    "image": "ClientError: Cannot pull algorithm container. Either the image does not exist or its permissions are "
    "incorrect.",
    "internal": "InternalServerError: We encountered an internal error. Please try again.",
}
"""A FailureReason of each class."""


def inject(trial: Trial, kind: str, match: str, **parameters: Any) -> None:
    """Make something go wrong with the jobs of a name."""
    rule = {"kind": kind, "operation": "CreateTrainingJob", "match": match, "parameters": parameters}
    trial._ask("POST", "faults", rule)  # pyright: ignore[reportPrivateUsage]


def failing(text: str, name: str) -> str:
    """The diagnostics of a result."""
    return text.partition(f"TrainingResult ({name}):\n")[2].partition("\n\n")[0]


def test_a_completed_job_is_values_for_the_stack(cloud: Trial) -> None:
    """Planned in the preview, there after up, and the second up neither changes nor waits."""
    cloud.program(
        PROGRAM
        + """
result = job(seconds=5).result()
for name in ("model_artifacts", "final_metrics", "ended_by", "training_seconds", "attempts", "console_address"):
    pulumi.export(name, getattr(result, name))
"""
    )
    preview = cloud.preview()
    assert "/output/model.tar.gz" in preview.text
    up = cloud.up()
    assert "dynamic/sagemaker:TrainingResult model  " in up.text, "its row is there while it waits"
    assert "TrainingResult model creating (0s) Completed, " in up.text, "and it is the same row"
    found = cloud.outputs()
    (name,) = cloud.jobs()
    assert found["model_artifacts"] == f"s3://trial-data/models/{name}/output/model.tar.gz"
    assert 0 <= found["final_metrics"]["loss"] <= 1
    assert found["ended_by"] == "completed"
    assert found["training_seconds"] >= 1
    assert [each["training_job_name"] for each in found["attempts"]] == [name]
    assert found["console_address"].endswith(f"#/jobs/{name}")

    cloud.forget_calls()
    again = cloud.up("--expect-no-changes")
    assert "TrainingResult" not in again.text
    assert sum(cloud.calls().values()) <= 3
    cloud.preview("--expect-no-changes")
    cloud.refresh("--expect-no-changes")


def test_a_failed_job_fails_the_update_with_all_that_helps(cloud: Trial) -> None:
    """Each class with AWS's words and what to do, one screen, no traceback; the jobs are recorded, nothing else is."""
    cloud.program(PROGRAM + f"\nfor name in {list(FAILURES)}:\n    job(name, 1).result()\n")
    cloud.start()
    for kind, reason in FAILURES.items():
        inject(cloud, "fail", f"{kind}-*", reason=reason)
    failed = cloud.up("--continue-on-error", expect=None)
    assert failed.code != 0
    for kind, reason in FAILURES.items():
        text = failing(failed.text, kind)
        assert "Traceback" not in text
        assert f"failed ({kind})" in text
        assert f"AWS says: {reason}" in text
        assert "What to do: " in text
        assert "console.aws.amazon.com/sagemaker" in text
        assert len(text.splitlines()) <= 24
    assert "simulated training" in failing(failed.text, "algorithm"), "the last lines of the log"
    types = [each["type"].rpartition(":")[2] for each in cloud.resources()]
    assert types.count("TrainingJob") == len(FAILURES)
    assert types.count("TrainingResult") == 0


def test_after_a_failure_the_next_up_runs_again(cloud: Trial) -> None:
    """By on_failure='retrain': a new run with its own name, and the result is that one's."""
    cloud.program(PROGRAM + "\npulumi.export('run', job(seconds=1).result().training_job_name)\n")
    cloud.start()
    cloud.fault("fail")
    assert cloud.up(expect=None).code != 0
    cloud.up()
    assert sorted(cloud.jobs().values()) == ["Completed", "Failed"]
    assert cloud.jobs()[cloud.outputs()["run"]] == "Completed"


STOPS: Mapping[str, tuple[str, str, str]] = {
    "on_stopped": ("job('model', 600)", "was stopped by StopTrainingJob", "stopped"),
    "on_max_runtime_exceeded": (
        "job('model', 4, stopping_condition={'max_runtime_in_seconds': 1})",
        "reached its runtime limit",
        "max_runtime_exceeded",
    ),
    "on_max_wait_time_exceeded": (
        (
            "job('model', 600, enable_managed_spot_training=True, "
            "stopping_condition={'max_runtime_in_seconds': 2, 'max_wait_time_in_seconds': 2})"
        ),
        "reached its wait limit",
        "max_wait_time_exceeded",
    ),
}
"""By the option that accepts it: a job that is stopped so, what is said, and what the result says."""


@pytest.mark.parametrize("option", STOPS)
def test_a_stop_is_told_apart_and_fails_unless_it_is_accepted(cloud: Trial, option: str) -> None:
    """The failure names the option. With it the result stays, and no new run is due for the job."""
    declared, sentence, ending = STOPS[option]
    cloud.start()
    if option == "on_max_wait_time_exceeded":
        inject(cloud, "wait", "model-*", seconds=60)

    def up_and_stop() -> Outcome:
        with Running(cloud) as up:
            if option == "on_stopped":
                cloud.aws("sagemaker").stop_training_job(TrainingJobName=up.await_job("InProgress"))
            return up.outcome()

    cloud.program(PROGRAM + f"\n{declared}.result()\n")
    refused = up_and_stop()
    assert refused.code != 0
    assert sentence in failing(refused.text, "model")
    assert f"{option}='accept'" in failing(refused.text, "model")

    cloud.program(PROGRAM + f"\npulumi.export('ended_by', {declared}.result({option}='accept').ended_by)\n")
    accepted = up_and_stop()
    assert f"accepted because of {option}='accept'" in accepted.text
    assert cloud.outputs() == {"ended_by": ending}
    jobs = cloud.jobs()
    cloud.up("--expect-no-changes")
    assert cloud.jobs() == jobs, "no new run is due for a run that was accepted"


def test_a_job_that_was_deleted_is_said(cloud: Trial) -> None:
    """Stopped and deleted while it was waited for, as nobody could look: there is no result, and no endless wait."""
    cloud.program(PROGRAM + "\njob(seconds=600).result()\n")
    with Running(cloud) as up:
        name = up.await_job("InProgress")
        up.await_text("TrainingResult model  ")
        cloud.fault("expired", "DescribeTrainingJob", times=2)
        up.await_text("status unavailable")
        stop(cloud, name)
        cloud.aws("sagemaker").delete_training_job(TrainingJobName=name)
        ended = up.outcome()
    assert ended.code != 0
    assert "does not exist: it was deleted" in failing(ended.text, "model")


def test_a_result_of_a_job_that_the_stack_does_not_own(cloud: Trial) -> None:
    """By name; nothing of that job changes, and destroying the stack leaves it alone."""
    cloud.program(PROGRAM + "\npulumi.export('name', job(seconds=1).training_job_name)\n")
    cloud.up()
    name = cloud.outputs()["name"]
    cloud.program(
        "import pulumi\nfrom sagemaker_constructs import TrainingResult\n"
        f"pulumi.export('model', TrainingResult('theirs', {name!r}).model_artifacts)\n"
    )
    cloud.run("up", "--stack", "other", "--yes", "--skip-preview")
    outputs = cloud.run("stack", "output", "model", "--stack", "other").text
    assert f"s3://trial-data/models/{name}/output/model.tar.gz" in outputs
    cloud.run("destroy", "--stack", "other", "--yes", "--skip-preview")
    assert cloud.jobs() == {name: "Completed"}


def test_secrets_never_reach_the_user(cloud: Trial) -> None:
    """Neither from the log, nor from the reason, nor from the state: in up, in the next preview, in what is stored."""
    cloud.program(
        PROGRAM
        + """
token = pulumi.Output.secret("swordfish-of-the-house")
job(environment={"TOKEN": token, "LOCALAWS_SECONDS": 10}).result(logs="all")
"""
    )
    cloud.start()
    cloud.fault("fail", reason="AlgorithmError: swordfish-of-the-house refused, password=hunter22")
    with Running(cloud) as up:
        name = up.await_job("InProgress")
        prints(cloud, name, "login with swordfish-of-the-house", "key AKIAIOSFODNN7EXAMPLE")
        failed = up.outcome()
    text = failed.text + cloud.preview().text
    assert "login with [masked]" in text
    assert "AlgorithmError: [masked] refused, password=[masked]" in text
    for secret in ("swordfish", "hunter22", "AKIAIOSFODNN7EXAMPLE"):
        assert secret not in text
        assert secret not in cloud.state()
