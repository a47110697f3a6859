"""The measurements run, and count what they say."""

from __future__ import annotations

import pytest

from bench import calls

pytestmark = pytest.mark.engine


def test_the_calls_for_one_job_are_counted_beside_those_of_a_plain_provider() -> None:
    """It is looked for and started once; one Search and the account answer a whole preview, one Search a refresh."""
    assert {row.what: (row.figure, row.baseline) for row in calls.measure([1])} == {
        "up of 1: 1 CreateTrainingJob, 1 DescribeTrainingJob": (2, 1),
        "preview of 1: 1 Search, 1 GetCallerIdentity": (2, 1),
        "refresh of 1: 1 Search": (1, 2),
    }
