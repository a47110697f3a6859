"""What grows with the number of jobs: calls, the time until they are started, and polls of results.

Input: numbers of jobs. Output: rows beside these numbers, so that a ratio is what one job costs, simulated in one
process, without an engine. docs/scale.md says what follows from them.
"""

from __future__ import annotations

from collections import Counter
from time import process_time
from typing import TYPE_CHECKING, Any

from bench.programs import BUCKET, IMAGE, ROLE_ARN
from bench.table import Row
from sagemaker_constructs.aws.pace import CREATES_A_SECOND, Pace
from sagemaker_constructs.reconcile.lifecycle import JobLifecycle
from sagemaker_constructs.results.poller import Poller
from sagemaker_constructs.testing import FakeTrainingJobs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

TITLE = "What grows with the number of jobs (ratio: for each job)"
_OWNER = "organization/trial/trial"


def measure(counts: Iterable[int] = (100, 1_000, 10_000)) -> Iterator[Row]:
    """A first `up`, an unchanged preview in another process, and the results of jobs that have ended."""
    for count in counts:
        jobs = FakeTrainingJobs()
        lifecycle = _lifecycle(jobs)
        recorded = [_created(lifecycle, number) for number in range(count)]
        yield _row(f"calls of a first up of {count:,}: {_named(jobs)}", len(jobs.calls), count)
        lifecycle, began = _lifecycle(jobs), process_time()
        for number, (inputs, outputs) in enumerate(recorded):
            lifecycle.diff(outputs["training_job_name"], outputs, lifecycle.check(inputs, _declared(number)).inputs)
        seconds = process_time() - began
        yield _row(f"calls of an unchanged preview of {count:,}: {_named(jobs)}", len(jobs.calls), count)
        yield _row(
            f"milliseconds of the provider for the same, without Pulumi, of {count:,}", 1e3 * seconds, count, "ms"
        )
        yield _row(f"seconds until AWS, at one a second, has started {count:,}", _seconds_to_start(count), count, "s")
        yield _row(f"polls until all of {count:,} results that have ended are seen", _polls(jobs), count, "polls")


def _row(what: str, figure: float, count: int, unit: str = "calls") -> Row:
    return Row(what, figure, unit, count, "jobs")


def _lifecycle(jobs: FakeTrainingJobs) -> JobLifecycle:
    """That of another process."""
    jobs.calls.clear()
    return JobLifecycle(lambda _region, _settings: jobs, _silent)


def _named(jobs: FakeTrainingJobs) -> str:
    calls = Counter(method for method, *_ in jobs.calls)
    return ", ".join(f"{times:,} {method}" for method, times in calls.items())


def _declared(number: int) -> dict[str, Any]:
    return {
        "role_arn": ROLE_ARN,
        "algorithm_specification": {"training_image": IMAGE, "training_input_mode": "File"},
        "output_data_config": {"s3_output_path": f"s3://{BUCKET}/models"},
        "resource_config": {"instance_type": "ml.m5.large", "instance_count": 1, "volume_size_in_gb": 1},
        "name_prefix": f"job{number}",
        "declared_as": f"pulumi-python:dynamic/sagemaker:TrainingJob::job{number}",
        "region": "eu-west-1",
        "owner": _OWNER,
        "state_identity": "0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f@file:///state",
    }


def _created(lifecycle: JobLifecycle, number: int) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The recorded inputs and outputs of a new job."""
    inputs = lifecycle.check({}, _declared(number)).inputs
    return inputs, lifecycle.create(inputs).outputs


def _seconds_to_start(count: int) -> float:
    """How long the paced calls take that start the jobs, by a clock that moves only while they wait."""
    now, taken = 0.0, float("-inf")

    def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds

    pace = Pace(CREATES_A_SECOND, clock=lambda: now, sleep=sleep)
    for _ in range(count):
        turn = pace.wait()
        while now < taken + 1 / CREATES_A_SECOND:
            pace.throttled(turn)
            turn = pace.wait()
        taken = now
        pace.passed()
    return now


def _polls(jobs: FakeTrainingJobs) -> int:
    """How many polls see every job, as a wait for hundreds of results makes them."""
    for name in jobs.started:
        jobs.becomes(name, "Completed", after=0)
    poller, left = Poller(jobs, _OWNER), set(jobs.started)
    while left:
        left -= {name for name, job in poller.poll(left).items() if job is not None and job.ended}
    return poller.polls


def _silent(message: str, *, warning: bool = False, ephemeral: bool = False) -> None:
    del message, warning, ephemeral
