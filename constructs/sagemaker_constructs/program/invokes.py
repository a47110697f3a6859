"""Look-ups of what a program was given from outside.

Input: an argument and what it names. Output: one sentence instead of the traceback of an invoke that found nothing.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pulumi import RunError

if TYPE_CHECKING:
    from collections.abc import Generator


@contextmanager
def looking_up(error: type[RunError], got: str, expected: str) -> Generator[None]:
    """Raise the error where a look-up fails.

    Args:
        error: what to raise.
        got: the argument and its value, such as `vpc: got 'vpc-1'`.
        expected: what would have been right, and what else can be done.
    """
    try:
        yield
    except RunError:
        raise
    except Exception as failure:  # noqa: BLE001  the SDK raises no class of its own
        raise error(f"{got}, expected {expected}; the look-up says: {_cause(failure)}") from None


def _cause(failure: Exception) -> str:
    """The plugin's words, which stand behind those of the engine and the SDK, on one line."""
    words = str(failure).rpartition("returned an error: ")[2]
    return " ".join(_TOKEN.sub("", words).split())


_TOKEN = re.compile(r"\A(?:invoking )?aws:\S+: ")
