"""What is said of the awaited jobs when the update is interrupted."""

from __future__ import annotations

import signal
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pulumi
import pytest

from sagemaker_constructs.program.interruption import tell_on_interrupt, text

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What is warned of; the handler is Python's own before and after the test."""
    sentences: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", sentences.append)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield sentences
    signal.signal(signal.SIGINT, before)


def test_the_jobs_that_keep_running_are_named_and_the_program_ends(said: list[str]) -> None:
    """Once, however often it is asked for."""
    for _ in range(2):
        tell_on_interrupt(lambda: {"model-1"})
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    assert said == ["model-1 keeps running: `up` waits on, `destroy` stops it where this stack started it"]


def test_nothing_is_said_where_no_job_runs(said: list[str]) -> None:
    """The program ends as ever."""
    tell_on_interrupt(set)
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    assert said == []


def test_many_jobs_are_counted() -> None:
    """A few are named."""
    assert text(["a", "b", "c", "d", "e"]).startswith("a, b, c and 2 more keep running: ")


def test_what_handles_the_signal_anyway_does_so(said: list[str]) -> None:
    """Such as asyncio, under which Pulumi runs programs, and which cancels its task."""
    handled: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: handled.append(number))
    tell_on_interrupt(lambda: {"model-1"})
    signal.raise_signal(signal.SIGINT)
    assert handled == [signal.SIGINT]
    assert len(said) == 1


@pytest.mark.usefixtures("said")
def test_nothing_is_handled_in_a_thread_or_where_the_signal_is_ignored() -> None:
    """Neither may be changed."""
    with ThreadPoolExecutor() as threads:
        threads.submit(tell_on_interrupt, lambda: {"model-1"}).result()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    tell_on_interrupt(lambda: {"model-1"})
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
