"""Whether a program runs with the mocks of a unit test, in the process of the test, instead of on the engine."""

from __future__ import annotations

from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.settings import get_monitor


def with_mocks() -> bool:
    """Whether it does."""
    return isinstance(get_monitor(), MockMonitor)
