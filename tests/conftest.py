"""What every test may rely on."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

from sagemaker_constructs.api import request_checks
from sagemaker_constructs.api.spec import TrainingJobSpec
from tests import slow_polls
from tests.local_aws import LocalAws
from tests.localaws.server.server_support import end, start

if TYPE_CHECKING:
    from collections.abc import Iterator


settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")
slow_polls.slow_down()
_LOOP = asyncio.new_event_loop()
"""For Outputs that are made outside of a program: since Python 3.12 there is no event loop that nobody has made. It is
never closed, for that would destroy what waits in it, with a warning in another test."""
asyncio.set_event_loop(_LOOP)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests with the engine come first: they take longest, and no process is to begin one when the others are done."""
    items.sort(key=lambda item: item.get_closest_marker("engine") is None)


@pytest.fixture(autouse=True)
def _event_loop() -> None:
    """The current one, whatever a test before has left."""
    asyncio.set_event_loop(_LOOP)


@pytest.fixture(autouse=True)
def _tracebacks_stay_whole() -> Iterator[None]:
    """`configure` of a provider cuts them in its own process, which a test shares with the others."""
    yield
    if hasattr(sys, "tracebacklimit"):
        del sys.tracebacklimit


@pytest.fixture(scope="session")
def shared_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """One embedded AWS for all tests of a process; its jobs last longer than any test, and it logs nothing."""
    server = start(tmp_path_factory.mktemp("aws"), LOCALAWS_JOB_SECONDS="600")
    yield LocalAws.on(server)
    assert end(server) == ""


@pytest.fixture
def local_aws(shared_aws: LocalAws) -> Iterator[LocalAws]:
    """The embedded AWS, without faults and with its calls counted from nothing."""
    shared_aws.server.control("DELETE", "calls")
    yield shared_aws
    shared_aws.server.control("DELETE", "faults")


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each step over a whole request is done."""
    done: Counter[str] = Counter()

    def counted(step: str, target: Any, name: str) -> None:
        original = getattr(target, name)

        def counting(*arguments: Any, **options: Any) -> Any:
            done[step] += 1
            return original(*arguments, **options)

        monkeypatch.setattr(target, name, counting)

    counted("validation", TrainingJobSpec, "model_validate")
    counted("members", TrainingJobSpec, "to_members")
    counted("rules", request_checks, "check_rules")
    counted("credentials", request_checks, "credentials_in")
    return done
