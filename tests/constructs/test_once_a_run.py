"""What is kept for a run of a program: made once in it, and anew in every other one."""

from __future__ import annotations

import asyncio

import pytest

from sagemaker_constructs.program.once_a_run import once_a_run

MADE: list[object] = []


@once_a_run
def thing() -> object:
    """Something else with every call."""
    MADE.append(object())
    return MADE[-1]


@once_a_run
def broken() -> object:
    """It cannot be made."""
    MADE.append(None)
    raise LookupError


async def twice() -> list[object]:
    """What two resources of one program get."""
    return [thing(), thing()]


def test_it_is_made_once_in_a_run() -> None:
    """And for the next run anew: several, of the Automation API, share a process."""
    (first, second), (third, _) = asyncio.run(twice()), asyncio.run(twice())
    assert first is second
    assert first is not third


def test_outside_of_a_run_nothing_is_kept() -> None:
    """Unit tests with mocks make resources there."""
    assert thing() is not thing()


def test_an_error_is_not_kept() -> None:
    """The setting may be there later."""

    async def both() -> int:
        for _ in range(2):
            with pytest.raises(LookupError):
                broken()
        return len(MADE)

    before = len(MADE)
    assert asyncio.run(both()) == before + 2
