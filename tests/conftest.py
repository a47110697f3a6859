"""What every test may rely on."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.local_aws import LocalAws
from tests.localaws.server.server_support import end, start

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _tracebacks_stay_whole() -> Iterator[None]:
    """`configure` of a provider cuts them in its own process, which a test shares with the others."""
    yield
    if hasattr(sys, "tracebacklimit"):
        del sys.tracebacklimit


@pytest.fixture(scope="session")
def shared_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """One embedded AWS for all tests of a process; it must not have logged anything at the end."""
    server = start(tmp_path_factory.mktemp("aws"))
    yield LocalAws.on(server)
    assert end(server) == ""


@pytest.fixture
def local_aws(shared_aws: LocalAws) -> Iterator[LocalAws]:
    """The embedded AWS, without faults and with its calls counted from nothing."""
    shared_aws.server.control("DELETE", "calls")
    yield shared_aws
    shared_aws.server.control("DELETE", "faults")
