"""The line that announces a run: its name, its machines, and what it may cost in time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sagemaker_constructs.preflight.announcement import run_of, span_of_starts
from sagemaker_constructs.preflight.findings import Finding, grouped, listed

if TYPE_CHECKING:
    from collections.abc import Mapping

LARGE = {"instance_type": "ml.m5.large", "instance_count": 1}
GROUPS = [{**LARGE, "instance_group_name": "a"}, {"instance_type": "ml.p3.2xlarge", "instance_count": 2.0}]
PREFERRED = {"instance_count": 1, "instance_preferences": [{"instance_type": "ml.g5.xlarge"}, LARGE]}


@pytest.mark.parametrize(
    ("members", "line"),
    [
        ({"resource_config": LARGE}, "1 x ml.m5.large, at most 24 h"),
        ({"resource_config": {"instance_groups": GROUPS}}, "1 x ml.m5.large + 2 x ml.p3.2xlarge, at most 24 h"),
        ({"resource_config": PREFERRED}, "1 x ml.g5.xlarge or 1 x ml.m5.large, at most 24 h"),
        ({"serverless_job_config": {"job_type": "FineTuning"}}, "serverless, at most 24 h"),
        (
            {
                "enable_managed_spot_training": True,
                "resource_config": LARGE,
                "stopping_condition": {"max_runtime_in_seconds": 5400.0, "max_wait_time_in_seconds": 90},
            },
            "1 x ml.m5.large (spot), at most 1 h 30 min, 90 s with the wait for capacity",
        ),
        (
            {"resource_config": {**LARGE, "keep_alive_period_in_seconds": 600}},
            "1 x ml.m5.large, at most 24 h, then kept warm for at most 10 min",
        ),
        ({}, "machines that are not known yet, at most 24 h"),
    ],
)
def test_a_run_is_announced_with_what_it_costs_at_most(members: Mapping[str, Any], line: str) -> None:
    """Where the request says nothing, with the service's default."""
    assert run_of(members, "fraud-fee2") == f"fraud-fee2: {line}"


def test_what_is_not_known_yet_is_not_taken_for_the_default() -> None:
    """Neither the name nor the limits."""
    line = run_of({"resource_config": LARGE}, None, {"stopping_condition"})
    assert line == "a job whose name is not known yet: 1 x ml.m5.large, for a time that is not known yet"


@pytest.mark.parametrize(
    ("jobs", "span"), [(59, None), (60, "1 min"), (300, "5 min"), (1000, "17 min"), (10_000, "2 h 47 min")]
)
def test_many_jobs_are_announced_with_the_time_in_which_they_start(jobs: int, span: str | None) -> None:
    """AWS starts about one a second, whatever we do."""
    said = span_of_starts([jobs])
    assert said == (span and f"{jobs} jobs start over about {span}: an account starts about one a second in a Region")


def test_regions_start_their_jobs_at_the_same_time() -> None:
    """The one with most of them takes longest."""
    assert span_of_starts([]) is None
    assert span_of_starts([40, 40]) is None
    assert str(span_of_starts([100, 180, 20])).startswith("300 jobs start over about 3 min: ")


def test_findings_that_differ_in_their_resources_are_one() -> None:
    """With the resources of all jobs, each once; braces of a sentence's own stay."""
    found = [
        (Finding("may not read {}", ("a", "b")), "first"),
        (Finding("no image"), "first"),
        (Finding("may not read {}", ("b", "c")), "second"),
        (Finding("braces {}"), "second"),
    ]
    groups = {finding.text: jobs for finding, jobs in grouped(found).items()}
    assert groups == {"may not read a, b, c": ["first", "second"], "no image": ["first"], "braces {}": ["second"]}


@pytest.mark.parametrize(("count", "end"), [(6, "4, 5"), (7, "4, 2 more"), (400, "4, 395 more")])
def test_a_long_list_is_cut(count: int, end: str) -> None:
    """But not for one name."""
    assert listed(map(str, range(count))) == f"0, 1, 2, 3, {end}"
