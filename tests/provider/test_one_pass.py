"""How often a job's request is validated in a provider process: once, whatever the engine asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from steps import marshalled, provider

from tests.samples import program

if TYPE_CHECKING:
    from collections import Counter

    from sagemaker_constructs.testing import FakeTrainingJobs
    from tests.samples import Sentences


def test_a_new_job_is_validated_once(jobs: FakeTrainingJobs, said: Sentences, steps: Counter[str]) -> None:
    """In the process of `up`: its check, and its create, which sends what was validated."""
    one = provider()
    inputs = marshalled(one.check({}, marshalled(program())).inputs)
    one.create(inputs)

    assert len(jobs.started) == 1
    assert (steps["validation"], steps["rules"], steps["credentials"]) == (1, 1, 1)
    assert said == []


def test_a_job_that_is_updated_in_place_is_validated_once(
    jobs: FakeTrainingJobs, said: Sentences, steps: Counter[str]
) -> None:
    """The members of UpdateTrainingJob are those that were validated."""
    first = provider()
    made = first.create(marshalled(first.check({}, marshalled(program())).inputs))
    jobs.becomes(made.id, "InProgress", "Training")
    steps.clear()

    one, changed = provider(), marshalled(program(remote_debug_config={"enable_remote_debug": True}))
    inputs = marshalled(one.check(marshalled(made.outs or {}), changed).inputs)
    one.diff(made.id, marshalled(made.outs), inputs)
    one.update(made.id, marshalled(made.outs), inputs)

    assert len(jobs.named("update")) == 1
    assert (steps["validation"], steps["rules"], steps["credentials"]) == (1, 1, 1)
    assert said == []
