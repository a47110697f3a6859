"""A job's plan, without a server and without a clock."""

from __future__ import annotations

import pytest

from localaws.server.training.plan_changes import ended_run, failed, restarted, stopped, uploading
from localaws.server.training.timeline import Course, Failure, Plan, began, ended, planned

HOUR = 3600.0


def course(**known: object) -> Course:
    """A job of twenty seconds, so that a phase's share is a whole number of them."""
    return Course(**({"seconds": 20.0, "max_runtime": HOUR} | known))  # pyright: ignore[reportArgumentType]


def statuses(plan: Plan, now: float = HOUR) -> list[str]:
    """The statuses that a plan has passed by a time."""
    return [phase.status for phase in plan.entered(now)]


COMPLETE = ["Starting", "Downloading", "DownloadingTrainingImage", "Training", "Uploading", "Completed"]


def test_an_undisturbed_job_passes_every_stage_and_completes_in_its_time() -> None:
    """The stages follow each other, and the end is at the job's seconds."""
    plan = planned(100.0, course())

    assert statuses(plan) == COMPLETE
    assert plan.phases[-1].start == pytest.approx(120.0)


def test_the_status_depends_on_the_clock_only() -> None:
    """The same plan shows less at an earlier time, and the same at the same time."""
    plan = planned(0.0, course())

    assert [statuses(plan, now)[-1] for now in (0.0, 3.0, 6.0, 18.0, 20.0)] == [
        "Starting",
        "Downloading",
        "Training",
        "Uploading",
        "Completed",
    ]


def test_a_job_has_a_status_for_who_looked_at_the_clock_before_it_was_created() -> None:
    """Its first one."""
    assert statuses(planned(100.0, course()), 99.0) == ["Starting"]


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"queued": True}, ["Starting", "Pending", "Downloading"]),
        ({"capacity_wait": 5.0}, ["Starting", "LaunchingMLInstances", "Downloading"]),
        ({"interrupted": True}, ["Training", "Interrupted", "Restarting", "Training", "Uploading"]),
    ],
)
def test_what_is_known_adds_stages(known: dict[str, object], expected: list[str]) -> None:
    """Queues, missing capacity and interruptions appear between the usual stages."""
    assert ",".join(expected) in ",".join(statuses(planned(0.0, course(**known))))


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"max_runtime": 5.0}, ["Training", "Stopping", "MaxRuntimeExceeded"]),
        ({"max_wait": 10.0}, ["Training", "Stopping", "MaxWaitTimeExceeded"]),
        ({"max_wait": 4.0, "capacity_wait": 60.0}, ["Starting", "LaunchingMLInstances", "MaxWaitTimeExceeded"]),
        ({"failure": Failure("broken")}, ["Training", "Failed"]),
        ({"failure": Failure("broken", after=4.0)}, ["Starting", "Downloading", "Failed"]),
        ({"failure": Failure("broken", during="Starting")}, ["Starting", "Failed"]),
        ({"failure": Failure("broken", during="Uploading")}, ["Training", "Uploading", "Failed"]),
        ({"failure": Failure("broken", after=0.0)}, ["Starting", "Failed"]),
        ({"failure": Failure("broken", after=99.0)}, ["Uploading", "Completed"]),
    ],
)
def test_the_first_limit_or_failure_ends_the_job(known: dict[str, object], expected: list[str]) -> None:
    """A job that is running is stopped at a limit; one that waits ends at once; a failure after the end is none."""
    assert statuses(planned(0.0, course(grace=1.0, **known)))[-len(expected) :] == expected


def test_only_a_failure_has_a_reason() -> None:
    """A job that completes before its failure has no reason."""
    assert planned(0.0, course(failure=Failure("broken"))).failure_reason == "broken"
    assert planned(0.0, course(failure=Failure("broken", after=99.0))).failure_reason is None


def test_a_stop_cuts_the_plan_and_gives_grace() -> None:
    """What had begun stays; Stopping begins now and Stopped after the grace."""
    plan = stopped(planned(0.0, course()), 7.0, 2.0)

    assert statuses(plan) == ["Starting", "Downloading", "DownloadingTrainingImage", "Training", "Stopping", "Stopped"]
    assert (statuses(plan, 8.9)[-1], statuses(plan, 9.0)[-1]) == ("Stopping", "Stopped")


def test_a_job_that_breaks_fails_where_it_is() -> None:
    """What had begun stays, and the reason is kept."""
    plan = failed(planned(0.0, course()), 4.0, "broken")

    assert statuses(plan) == ["Starting", "Downloading", "Failed"]
    assert plan.failure_reason == "broken"


def test_a_job_whose_instances_never_ran_has_no_beginning() -> None:
    """Training time begins with the download, not with the wait for capacity."""
    capacity = planned(0.0, course(failure=Failure("CapacityError", during="Starting")))

    assert began(capacity.phases) is None
    assert began(planned(0.0, course()).phases) == pytest.approx(3.0)
    assert ended(planned(0.0, course()).entered(19.0)) is None


def test_a_warm_start_is_shorter() -> None:
    """Instances from a pool need no launch."""
    assert planned(0.0, course(warm=True)).phases[1].start < planned(0.0, course()).phases[1].start


def test_a_long_job_trains_longer_and_its_instances_are_there_as_soon() -> None:
    """What a test, or a person, waits for is the training."""
    long = planned(0.0, course(seconds=600.0, usual_seconds=20.0))

    assert [phase.start for phase in long.phases] == pytest.approx([0.0, 3.0, 5.0, 6.0, 598.0, 600.0])


def running(**known: object) -> Plan:
    """The plan of a job whose container runs."""
    return planned(0.0, course(simulated="", grace=9.0, **known))


def test_a_container_that_runs_has_no_planned_end_but_its_limit() -> None:
    """The limit begins to stop it; that it has stopped is known when it has."""
    plan = running(max_runtime=100.0)

    assert statuses(plan, 90.0)[-1] == "Training"
    assert statuses(plan)[-2:] == ["Training", "Stopping"]
    assert plan.run is not None
    assert (plan.run.end, plan.run.grace) == ("MaxRuntimeExceeded", 9.0)


def test_a_container_that_has_ended_is_uploaded_and_then_completed_or_failed() -> None:
    """What was planned for later is dropped."""
    left = uploading(running(max_runtime=100.0), 50.0)

    assert statuses(left, 50.0)[-2:] == ["Training", "Uploading"]
    assert statuses(ended_run(left, 51.0, None))[-1] == "Completed"
    assert statuses(ended_run(left, 51.0, "broken"))[-1] == "Failed"
    assert ended_run(left, 51.0, "broken").failure_reason == "broken"


def test_a_stop_is_a_stop_however_the_container_ends() -> None:
    """SIGTERM makes exit codes; an end lasts as long as was asked for; the limit's own end is kept."""
    told = stopped(running(), 30.0, 5.0)
    limited = running(max_runtime=10.0)

    assert statuses(told, 40.0)[-1] == "Stopping"
    assert ended_run(told, 31.0, "exit code 143").phases[-1].status == "Stopped"
    assert ended_run(told, 31.0, None).phases[-1].start == 35.0
    assert ended_run(limited, 20.0, None).phases[-1].status == "MaxRuntimeExceeded"


def test_an_end_is_not_changed_by_a_container_that_ends_later() -> None:
    """A job that has failed meanwhile stays as it is."""
    plan = failed(running(), 8.0, "broken")

    assert ended_run(plan, 9.0, None) is plan


def test_an_interrupted_container_starts_again_under_the_same_limit() -> None:
    """At the time that was asked for, or half-way."""
    plan = running(interrupted=True, interruption=40.0, max_runtime=100.0)
    again = restarted(plan, 42.0)

    assert statuses(plan, 41.0)[-2:] == ["Training", "Interrupted"]
    assert running(interrupted=True).entered(12.0)[-1].status == "Interrupted"
    assert statuses(again)[-5:] == ["Training", "Interrupted", "Restarting", "Training", "Stopping"]
    assert again.phases[-1] == plan.phases[-1]
