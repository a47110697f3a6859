"""Shows changes of a declaration, or differences from a job, to a person, without what may be a secret.

Input: changes, and the bags of both sides. Output: texts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sagemaker_constructs.api.mistakes import HIDDEN
from sagemaker_constructs.reconcile.bag import is_within

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sagemaker_constructs.reconcile.bag import Properties
    from sagemaker_constructs.reconcile.changes import Change

_LONGEST = 60
"""Characters of a value within a sentence."""


def lines_of_differences(
    differences: Iterable[Change], declared: Properties, existing: Properties, foreign: Iterable[str] = ()
) -> list[str]:
    """A line for each difference, declared beside existing. `foreign`: paths of what a transform has put in."""
    lines: list[str] = []
    for each in differences:
        old, new = sides(each, declared, existing, foreign)
        lines.append(f"  - {each.path}: declared {new}, existing {old}")
    return lines


def transition(change: Change, declared: Properties, recorded: Properties, foreign: Iterable[str] = ()) -> str:
    """Both values behind a space, ` (4 → 8)`; empty where neither is shown."""
    old, new = sides(change, declared, recorded, foreign)
    return "" if old == new == HIDDEN else f" ({_cut(old)} → {_cut(new)})"


def sides(change: Change, declared: Properties, existing: Properties, foreign: Iterable[str] = ()) -> tuple[str, str]:
    """The old and the new value; where either side has a secret, or has one within, neither is shown."""
    hidden = (*declared.secret_paths, *existing.secret_paths, *foreign)
    secret = is_within(change.plain, hidden) or any(is_within(path, (change.plain,)) for path in hidden)

    def shown(value: object) -> str:
        if value is not None and secret:
            return HIDDEN
        texts = {declared.shown(change.plain, value), existing.shown(change.plain, value)}
        return texts.pop() if len(texts) == 1 else HIDDEN

    return shown(change.old), shown(change.new)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
