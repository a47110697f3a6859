"""Finds the name that was probably meant.

Input: a name, and those that there are. Output: the one that is most like it.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_SIMILAR = 0.7


def closest(name: str, names: Iterable[str]) -> str | None:
    """The one of the names that is most like a name, whatever its case and underscores; None where none is like it."""
    by_letters = {letters(each): each for each in names}
    found = get_close_matches(letters(name), by_letters, n=1, cutoff=_SIMILAR)
    return by_letters[found[0]] if found else None


def letters(name: str) -> str:
    """The letters and digits of a name, in lower case."""
    return name.replace("_", "").replace("-", "").lower()
