"""A wait that is cut short: the job is recorded, runs on, and the next up waits on."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

import psutil
import pytest
from result_runs import PROGRAM, Running, stop

if TYPE_CHECKING:
    from localaws.trial import Trial

pytestmark = pytest.mark.engine

WAITING = "TrainingResult model  "
LONG = PROGRAM + "\npulumi.export('ended_by', job(seconds=600).result(on_stopped='accept').ended_by)\n"
"""A job that lasts until the test stops it, which is accepted."""


def recorded(trial: Trial) -> dict[str, int]:
    """The resources of the library in the state, by their type."""
    types = [each["type"].rpartition(":")[2] for each in trial.resources()]
    return {type_: types.count(type_) for type_ in ("TrainingJob", "TrainingResult")}


INTERRUPTIONS = {
    "Ctrl-C once": [signal.SIGINT],
    "Ctrl-C twice": [signal.SIGINT, signal.SIGINT],
    "killed": [signal.SIGKILL],
}


@pytest.mark.parametrize("signals", INTERRUPTIONS.values(), ids=INTERRUPTIONS)
def test_an_interrupted_wait_loses_nothing(cloud: Trial, signals: list[signal.Signals]) -> None:
    """It ends at once; the job is in the state and runs, nothing is half-made, and the next up waits for that job."""
    cloud.program(LONG)
    with Running(cloud) as up:
        name = up.await_job("InProgress")
        up.await_text(WAITING)
        processes = psutil.Process(up.process.pid).children(recursive=True)
        for each in signals:
            up.signal(each)
        outcome = up.outcome()
        assert outcome.code != 0
        assert f"{name} keeps running: `up` waits on" in outcome.text or signals != [signal.SIGINT]
        _, alive = psutil.wait_procs(processes, timeout=120)
        assert alive == [], "nothing outlives the engine"
    assert cloud.jobs() == {name: "InProgress"}
    assert "pending_operations" not in cloud.state() or '"creating"' not in cloud.state()
    assert recorded(cloud) == {"TrainingJob": 1, "TrainingResult": 0}

    with Running(cloud) as again:
        again.await_text(WAITING)
        stop(cloud, name)
        assert "created" in again.outcome().text
    assert cloud.jobs() == {name: "Stopped"}
    assert cloud.outputs() == {"ended_by": "stopped"}


def test_a_timeout_fails_the_wait_and_not_the_job(cloud: Trial) -> None:
    """The job runs on and is recorded; with stop_on_timeout it is stopped."""
    cloud.program(LONG.replace("on_stopped='accept'", "timeout=1.5"))
    timed_out = cloud.up(expect=None)
    assert timed_out.code != 0
    assert "after the timeout of 1.5 seconds. It keeps running and stays in the state; the next `up`" in timed_out.text
    (name,) = cloud.jobs()
    assert cloud.jobs() == {name: "InProgress"}
    assert recorded(cloud) == {"TrainingJob": 1, "TrainingResult": 0}

    cloud.program(LONG.replace("on_stopped='accept'", "timeout=1.5, stop_on_timeout=True"))
    assert "It was stopped because of stop_on_timeout." in cloud.up(expect=None).text
    cloud.await_job(name, "Stopped")


def test_a_session_that_expires_is_waited_for(cloud: Trial) -> None:
    """The row says so while it lasts; then the wait goes on, and the result is there."""
    cloud.program(LONG)
    with Running(cloud) as up:
        name = up.await_job("InProgress")
        up.await_text(WAITING)
        cloud.fault("expired", "DescribeTrainingJob", times=2)
        up.await_text("status unavailable (ExpiredTokenException: ")
        stop(cloud, name)
        assert up.outcome().code == 0, up.text()
    assert cloud.outputs() == {"ended_by": "stopped"}


def test_without_credentials_an_unchanged_stack_is_still_unchanged(cloud: Trial) -> None:
    """A result that is recorded needs nobody to look."""
    cloud.program(PROGRAM + "\npulumi.export('ended_by', job(seconds=1).result().ended_by)\n")
    cloud.up()
    for operation in ("DescribeTrainingJob", "Search"):
        cloud.fault("denied", operation, times=99)
    again = cloud.up("--expect-no-changes")
    assert "jobs cannot be read" in again.text


def test_one_failure_does_not_wait_for_the_others(cloud: Trial) -> None:
    """The update ends with it; the other jobs run on, recorded, and the next up waits for them."""
    cloud.program(PROGRAM + "\njob('short', 1).result()\njob('long', 600).result(on_stopped='accept')\n")
    cloud.start()
    cloud._ask(  # pyright: ignore[reportPrivateUsage]
        "POST", "faults", {"kind": "fail", "operation": "CreateTrainingJob", "match": "short-*", "times": 1}
    )
    failed = cloud.up(expect=None)
    assert failed.code != 0
    assert sorted(cloud.jobs().values()) == ["Failed", "InProgress"]
    assert recorded(cloud) == {"TrainingJob": 2, "TrainingResult": 0}
    (long,) = (name for name in cloud.jobs() if name.startswith("long-"))
    with Running(cloud) as again:
        again.await_text("TrainingResult long  ")
        stop(cloud, long)
        assert again.outcome().code == 0, again.text()
    assert sorted(cloud.jobs().values()) == ["Completed", "Failed", "Stopped"]
    assert recorded(cloud) == {"TrainingJob": 2, "TrainingResult": 2}


def test_a_dozen_results_share_the_looks(cloud: Trial) -> None:
    """More results than the SDK has threads or the engine workers: all over a job's length, two calls a look."""
    cloud.program(PROGRAM + "\nfor number in range(12):\n    job(f'model-{number}', 4).result()\n")
    cloud.preview()
    cloud.forget_calls()
    began = time.monotonic()
    cloud.up("--parallel", "4")
    seconds = time.monotonic() - began
    calls = cloud.calls()
    concluded = 12
    looks = calls["SageMaker.DescribeTrainingJob"] + calls["SageMaker.Search"] - concluded
    assert looks <= 2 * seconds + 2
    assert recorded(cloud) == {"TrainingJob": 12, "TrainingResult": 12}
