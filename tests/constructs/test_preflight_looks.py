"""Look-ups for many jobs at once: when their time starts, and what a service that does not answer costs."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import pytest

from sagemaker_constructs.preflight import looks

if TYPE_CHECKING:
    from collections.abc import Callable


def test_the_time_of_a_look_does_not_start_before_the_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that wait for their turn are not timed: of 71 look-ups the last ones had no time left."""
    timed: set[object] = set()
    most: list[int] = []

    async def wait_for(look: Any, seconds: float) -> Any:
        timed.add(look)
        most.append(len(timed))
        found = await original(look, seconds)
        timed.remove(look)
        return found

    original = asyncio.wait_for
    monkeypatch.setattr(looks.asyncio, "wait_for", wait_for)

    async def look() -> list[int]:
        two_at_once = looks.Looks(at_once=2)
        return await asyncio.gather(*(two_at_once.look("jobs", lambda n=n: n) for n in range(71)))

    assert asyncio.run(look()) == list(range(71))
    assert len(most) == 71
    assert max(most) == 2


def test_a_service_that_does_not_answer_is_waited_for_once() -> None:
    """Of what is looked up by another kind of look, the answers still come."""
    asked: list[str] = []
    end = threading.Event()

    def hang() -> None:
        asked.append("quotas")
        end.wait()

    async def outcome(one: looks.Looks, kind: str, find: Callable[[], Any]) -> Any:
        try:
            return await one.look(kind, find)
        except TimeoutError:
            return "no answer"

    async def look() -> list[Any]:
        one = looks.Looks(patience=0.01, at_once=1)
        quotas = (outcome(one, "quotas", hang) for _ in range(3))
        return await asyncio.gather(*quotas, outcome(one, "image", lambda: True))

    try:
        assert asyncio.run(look()) == ["no answer", "no answer", "no answer", True]
        assert asked == ["quotas"]
    finally:
        end.set()


def test_what_a_look_raises_is_raised_where_it_is_awaited() -> None:
    """As a refusal of AWS is."""

    def refuse() -> None:
        raise PermissionError("no")

    async def look() -> None:
        await looks.Looks().look("jobs", refuse)

    with pytest.raises(PermissionError, match="no"):
        asyncio.run(look())
