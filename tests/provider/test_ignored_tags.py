"""Tags that an organisation's automation puts on a job, and that `aws:ignoreTags` says to leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.provider.steps import Resource
from tests.samples import program

if TYPE_CHECKING:
    from sagemaker_constructs.testing import FakeTrainingJobs

IGNORE = {"keys": ["CreatedBy"], "key_prefixes": ["org:"]}
THEIRS = {"CreatedBy": "auto", "org:cost": "9"}


def declared(**others: Any) -> dict[str, Any]:
    """A job with a tag of its own."""
    return program(tags=[{"key": "a", "value": "1"}], **others)


@pytest.fixture
def tagged(jobs: FakeTrainingJobs) -> Resource:
    """A job that somebody has tagged."""
    made = Resource()
    made.up(declared(ignore_tags=IGNORE))
    jobs.tagged[made.id].update(THEIRS)
    return made


def test_ignored_tags_are_no_drift_and_stay(tagged: Resource, jobs: FakeTrainingJobs) -> None:
    """Neither a refresh nor the next `up` touches them."""
    assert tagged.refresh() == "unchanged"
    assert tagged.up(declared(ignore_tags=IGNORE)) == "unchanged"
    assert THEIRS.items() <= jobs.tagged[tagged.id].items()


def test_every_other_tag_is_still_put_back(tagged: Resource, jobs: FakeTrainingJobs) -> None:
    """Keys and prefixes are exact."""
    jobs.tagged[tagged.id].update({"organization": "x", "createdby": "y"})
    assert tagged.refresh() == "changed"
    assert tagged.up(declared(ignore_tags=IGNORE)) == "updated"
    left = jobs.tagged[tagged.id]
    assert THEIRS.items() <= left.items()
    assert {"organization", "createdby"}.isdisjoint(left)


def test_a_tag_that_was_recorded_before_it_was_ignored_is_not_removed(jobs: FakeTrainingJobs) -> None:
    """A refresh had taken it for drift."""
    made = Resource()
    made.up(declared())
    jobs.tagged[made.id].update(THEIRS)
    assert made.refresh() == "changed"
    assert made.up(declared(ignore_tags=IGNORE)) == "updated"
    assert THEIRS.items() <= jobs.tagged[made.id].items()


def test_a_declared_tag_that_is_ignored_is_set_once_and_then_left(jobs: FakeTrainingJobs) -> None:
    """As pulumi-aws does when it creates."""
    made = Resource()
    made.up(program(tags=[{"key": "org:team", "value": "vision"}], ignore_tags=IGNORE))
    assert jobs.tagged[made.id]["org:team"] == "vision"
    jobs.tagged[made.id]["org:team"] = "other"
    assert made.refresh() == "unchanged"
    assert jobs.tagged[made.id]["org:team"] == "other"
