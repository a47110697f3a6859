"""Other machines where AWS has none of the first choice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from result_runs import PROGRAM, Running

from tests.slow_polls import FACTOR

if TYPE_CHECKING:
    from localaws.trial import Trial

pytestmark = pytest.mark.engine

FALLBACKS = (
    PROGRAM
    + """
others = [spec(LENGTH, "ml.m5.xlarge"), spec(LENGTH, "ml.m5.2xlarge")]
result = job(seconds=LENGTH).result(fallbacks=others)
pulumi.export("attempts", result.attempts)
pulumi.export("model", result.model_artifacts)
"""
)

LENGTH = str(4 * FACTOR)
"""Seconds of a job that trains: longer than one takes to find no machines."""


def no_capacity(trial: Trial, *names: str, times: int | None = None) -> None:
    """Let the jobs of these names find no machines."""
    for name in names:
        match = f"{name}-{'?' * 12}"  # the fingerprint
        rule: dict[str, Any] = {"kind": "capacity", "operation": "CreateTrainingJob", "match": match, "times": times}
        rule["parameters"] = {"after": 2 * FACTOR}  # for a poll to see the job running
        trial._ask("POST", "faults", rule)  # pyright: ignore[reportPrivateUsage]


def attempts(trial: Trial) -> list[tuple[str, str]]:
    """Machine type and status of each run of the result."""
    return [(each["instance_type"], each["training_job_status"]) for each in trial.outputs()["attempts"]]


def test_other_machines_are_tried_in_order(cloud: Trial) -> None:
    """Each a run with its own name, all in the outputs; the second up changes nothing and starts nothing."""
    cloud.program(FALLBACKS.replace("LENGTH", LENGTH))
    cloud.start()
    no_capacity(cloud, "model", "model-fallback-1")
    preview = cloud.preview()
    assert "TrainingFallback model-fallback-1 create" in preview.text
    up = cloud.up()
    assert "found no capacity: starting the fallback" in up.text
    assert "TrainingResult model  " in up.text.partition("TrainingFallback")[0], "its row tells of every run"
    assert attempts(cloud) == [("ml.m5.large", "Failed"), ("ml.m5.xlarge", "Failed"), ("ml.m5.2xlarge", "Completed")]
    assert "model-fallback-2-" in cloud.outputs()["model"]
    jobs = cloud.jobs()
    cloud.preview("--expect-no-changes")
    cloud.up("--expect-no-changes")
    assert cloud.jobs() == jobs
    cloud.destroy()
    assert cloud.resources() == []


def test_nothing_stands_by_where_it_is_not_needed(cloud: Trial) -> None:
    """The first choice trains; a fallback is a resource without a job."""
    cloud.program(FALLBACKS.replace("LENGTH", LENGTH))
    cloud.up()
    assert attempts(cloud) == [("ml.m5.large", "Completed")]
    assert list(cloud.jobs().values()) == ["Completed"]
    cloud.up("--expect-no-changes")


def test_an_interrupted_fallback_is_recorded_and_stopped_with_the_stack(cloud: Trial) -> None:
    """It is in the state from the moment that it exists; the next up waits on, and destroy stops it."""
    cloud.program(FALLBACKS.replace("LENGTH", "600"))
    cloud.start()
    no_capacity(cloud, "model")
    with Running(cloud) as up:
        up.await_text("found no capacity: starting the fallback")
        up.await_job("InProgress", "model-fallback-1-")
    running = [name for name, status in cloud.jobs().items() if status == "InProgress"]
    assert len(running) == 1
    assert running[0].startswith("model-fallback-1-")
    with Running(cloud) as again:
        again.await_text("TrainingResult model  ")
    assert [name for name, status in cloud.jobs().items() if status == "InProgress"] == running
    cloud.destroy()
    cloud.await_job(running[0], "Stopped")


def test_where_all_machines_are_gone_the_next_up_begins_again(cloud: Trial) -> None:
    """The failure is the last attempt's; then the first choice is tried first again."""
    cloud.program(FALLBACKS.replace("LENGTH", LENGTH))
    cloud.start()
    no_capacity(cloud, "model", "model-fallback-1", "model-fallback-2", times=1)
    failed = cloud.up(expect=None)
    assert failed.code != 0
    assert "training job model-fallback-2-" in failed.text
    assert "failed (capacity)" in failed.text
    cloud.up()
    assert attempts(cloud) == [("ml.m5.large", "Completed")]
    cloud.up("--expect-no-changes")
