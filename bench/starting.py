"""How long an `up` takes to start many jobs where AWS starts one a second.

Not among the measurements that `python -m bench` makes by itself: a thousand jobs take 17 minutes. Output: rows beside
the seconds in which AWS starts as many.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bench.deploying import used
from bench.processes import PROVIDER
from bench.programs import declared
from bench.project import project, set_program
from bench.table import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

_JOBS = 1_000
_WITHOUT_CHECKPOINTS = {"PULUMI_SKIP_CHECKPOINTS": "true"}
_THROTTLED = re.compile("throttl|rate exceeded", re.IGNORECASE)
TITLE = "Many jobs on an AWS that starts one a second, without checkpoints"


def measure(count: int = _JOBS) -> Iterator[Row]:
    """The `up` of so many new jobs in a stack that has one, then a preview with nothing to do.

    Raises:
        AssertionError: a job was lost or started twice.
    """
    with project(declared, 1) as trial:
        trial.up()
        trial.fault("rate", times=1_000_000, per_second=1)
        set_program(trial, declared, count)
        trial.forget_calls()
        up = used(trial, "up", "--yes", "--skip-preview", environment=_WITHOUT_CHECKPOINTS)
        started = len(trial.jobs())
        if started != count:
            raise AssertionError(f"{started} jobs exist, not {count}")
        yield Row(f"up of {count:,}: by the clock", up.seconds, "s", count - 1, "one start a second")
        tries = trial.calls()["SageMaker.CreateTrainingJob"]
        yield Row(f"up of {count:,}: calls that start, those that were throttled too", tries, "calls", count, "jobs")
        yield Row(f"up of {count:,}: processor", up.total, "s", up.seconds, "the clock")
        yield Row(f"up of {count:,}: most memory of the provider", up.memory[PROVIDER], "MB", count, "jobs")
        said = len(_THROTTLED.findall(up.printed))
        yield Row(f"up of {count:,}: throttling that the user sees", said, "lines", count, "jobs")
        preview = used(trial, "preview", "--expect-no-changes")
        yield Row(f"unchanged preview of {count:,}: processor", preview.total, "s", count, "jobs")
        yield Row(
            f"unchanged preview of {count:,}: most memory of the provider",
            preview.memory[PROVIDER],
            "MB",
            count,
            "jobs",
        )
