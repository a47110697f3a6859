"""The measurements run, and count what they say."""

from __future__ import annotations

import pytest

from bench import calls

pytestmark = pytest.mark.engine


def test_the_calls_for_one_job_are_counted_beside_those_of_a_plain_provider() -> None:
    """It is looked for and started once; one Search answers for a whole command, with the account in a preview."""
    assert {row.what: (row.figure, row.baseline) for row in calls.measure([1])} == {
        "up of 1: 1 CreateTrainingJob, 1 DescribeTrainingJob, 1 Search": (3, 1),
        "preview of 1: 1 Search, 1 GetCallerIdentity": (2, 1),
        "refresh of 1: 1 Search": (1, 2),
    }
