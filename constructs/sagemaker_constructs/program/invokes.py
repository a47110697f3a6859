"""Reports failed lookups of existing resources as errors of the arguments that name them.

Input: an argument and its value. Output: one sentence instead of the traceback of a failed invoke.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pulumi import RunError

if TYPE_CHECKING:
    from collections.abc import Generator


@contextmanager
def lookup_errors(error: type[RunError], got: str, expected: str) -> Generator[None]:
    """Raise an error of the given class where a lookup within the block fails.

    Args:
        error: the class.
        got: the argument and its value, such as `vpc: got 'vpc-1'`.
        expected: what is expected of the argument, and what else can be done.
    """
    try:
        yield
    except RunError:
        raise
    except Exception as failure:  # noqa: BLE001  the SDK raises no class of its own
        raise error(f"{got}, expected {expected}; the lookup failed: {_cause(failure)}") from None


def _cause(failure: Exception) -> str:
    """The plugin's message on one line, without those of the engine and the SDK before it."""
    words = str(failure).rpartition("returned an error: ")[2]
    return " ".join(_TOKEN.sub("", words).split())


_TOKEN = re.compile(r"\A(?:invoking )?aws:\S+: ")
