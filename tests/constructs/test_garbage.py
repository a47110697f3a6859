"""How often Python collects garbage in a process of Pulumi, and in every other one."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest
from graphs import graph

from sagemaker_constructs import TrainingJob, TrainingJobSpec
from sagemaker_constructs.garbage import collect_less
from tests.samples import SMALL

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def pythons_own() -> Iterator[None]:
    """The test begins with Python's own setting; the process has that from before again afterwards."""
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield
    gc.set_threshold(*before)


@pytest.mark.parametrize(("before", "after"), [(700, 50_000), (2_000, 50_000), (90_000, 90_000), (0, 0)])
def test_only_what_is_more_often_is_changed(before: int, after: int) -> None:
    """A higher setting and none at all are those of the program."""
    gc.set_threshold(before, 7, 8)
    collect_less()
    assert gc.get_threshold() == (after, 7, 8)


def test_the_unit_test_of_a_program_keeps_its_own() -> None:
    """The process is that of the tests."""
    graph(lambda: TrainingJob("model", TrainingJobSpec.from_members(SMALL), region="eu-west-1"))
    assert gc.get_threshold() == (700, 10, 10)
