"""The measurements run, and count what they say."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from bench import calls, scale, starting
from bench.processes import ENGINE, PROVIDER, usage_of

if TYPE_CHECKING:
    from pathlib import Path

_BUSY = "import time\nwhile time.process_time() < 1: pass"


def test_the_time_of_each_process_counts_for_its_part(tmp_path: Path) -> None:
    """By its command line; the first process is the engine."""
    (tmp_path / "dynamic_provider.py").write_text(_BUSY)
    command = f"import subprocess, sys; subprocess.run([sys.executable, 'dynamic_provider.py'])\n{_BUSY}"
    used = usage_of([sys.executable, "-c", command], tmp_path, os.environ, server=os.getpid())
    assert set(used.processor) == {ENGINE, PROVIDER}
    assert all(seconds >= 0.6 for seconds in used.processor.values()), used
    assert used.total == sum(used.processor.values())


def test_a_command_that_fails_tells_what_it_printed(tmp_path: Path) -> None:
    """Its figures would mean nothing."""
    with pytest.raises(subprocess.CalledProcessError) as error:
        usage_of([sys.executable, "-c", "exit('broken')"], tmp_path, os.environ, server=os.getpid())
    assert error.value.output == "broken\n"


def test_the_calls_for_hundreds_of_jobs_are_counted() -> None:
    """One for each new job, and a few for all."""
    figures = {row.what: row.figure for row in scale.measure([250]) if row.unit not in ("ms", "s")}
    assert figures == {
        "calls of a first up of 250: 1 search, 250 create": 251,
        "calls of an unchanged preview of 250: 3 search": 3,
        "polls until all of 250 results that have ended are seen": 3,
    }


@pytest.mark.engine
def test_jobs_that_start_one_a_second_are_counted_and_timed() -> None:
    """The first of them is there already; of the others at least one is throttled, which the user does not see."""
    figures = {row.what: row.figure for row in starting.measure(4)}
    assert figures["up of 4: by the clock"] > 2
    assert figures["up of 4: calls that start, those that were throttled too"] > 3
    assert figures["up of 4: throttling that the user sees"] == 0


@pytest.mark.engine
def test_the_calls_for_one_job_are_counted_beside_those_of_a_plain_provider() -> None:
    """It is started without a look before, and one Search answers for a whole command; a first preview looks ahead."""
    assert {row.what: (row.figure, row.baseline) for row in calls.measure([1])} == {
        "first preview of 1: 1 DescribeTrainingJob, 1 Search, 1 BatchGetImage, 1 GetRole, 1 SimulatePrincipalPolicy, "
        "1 HEAD, 1 ListServiceQuotas, 1 GetCallerIdentity": (8, 0),
        "up of 1: 1 CreateTrainingJob, 1 Search": (2, 1),
        "preview of 1: 1 Search": (1, 1),
        "refresh of 1: 1 Search": (1, 2),
    }
