"""Derives a job's name from the members that define its model: the same configuration is the same job.

Input: the members of a job. Output: a fingerprint of those that define the model, and the names made of it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from sagemaker_constructs.api.tree import FREE_KEYS
from sagemaker_constructs.reconcile.changes import ITEM_NAMES, UNORDERED
from sagemaker_constructs.reconcile.defaults import is_default
from sagemaker_constructs.reconcile.effects import EFFECTS, needs_new_job

LONGEST_NAME = 63
"""Characters in a training job's name (CreateTrainingJob, TrainingJobName)."""
_FINGERPRINT_LENGTH = 12
_ROOM_FOR_SUFFIX = len("-99")
LONGEST_PREFIX = LONGEST_NAME - _FINGERPRINT_LENGTH - _ROOM_FOR_SUFFIX - 1


def fingerprint_of(members: Mapping[str, Any], strict: bool | Iterable[str] = False) -> str | None:
    """Twelve hexadecimal digits of the members that define the model; None while one of them is not known yet.

    The digest is over canonical JSON (sorted keys; named items sorted by name; absent, empty and written-out defaults
    alike), and says nothing else, so it stays what it is when the library changes. `strict` is that of `needs_new_job`.
    """
    members_that_define = strict if isinstance(strict, bool) else frozenset(strict)
    defining = {
        name: kept
        for name, value in members.items()
        if name != "training_job_name"
        and name in EFFECTS
        and (kept := _canonical(name, value, members_that_define)) is not None
    }
    try:
        canonical = json.dumps(defining, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_unknown)
    except _UnknownMember:
        return None
    return hashlib.sha256(canonical.encode()).hexdigest()[:_FINGERPRINT_LENGTH]


def planned_name(prefix: str, fingerprint: str) -> str:
    """`<prefix>-<fingerprint>`, with the prefix made fit for a job's name and cut where it is too long."""
    fit = re.sub(r"[^a-zA-Z0-9]+", "-", prefix)[:LONGEST_PREFIX].strip("-")
    return f"{fit}-{fingerprint}" if fit else fingerprint


def candidate_names(planned: str, fingerprint: str) -> Iterator[str]:
    """The planned name, then the suffixes after its own, up to `-99`: the first is `-2`.

    For runs of the same configuration after one that cannot be used.
    """
    first, _, number = planned.rpartition("-")
    if not (first.endswith(fingerprint) and number.isdigit()):
        first, number = planned, "1"
    yield planned
    for following in range(int(number) + 1, 100):
        yield f"{first}-{following}"


def _canonical(plain: str, value: Any, strict: bool | frozenset[str]) -> Any:
    """What of `value` defines the model, without defaults; None where nothing is left.

    Lists are sorted whose order means nothing.
    """
    if not _defines(plain, strict) or is_default(plain, value):
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        below = plain not in FREE_KEYS  # no table has rows for a user's keys
        kept = {key: _canonical(f"{plain}.{key}", item, strict) for key, item in value.items()} if below else value
        return {key: item for key, item in kept.items() if item is not None} or None
    if isinstance(value, list):
        return _sorted(plain, [_canonical(plain, item, strict) for item in value]) or None
    return value


@lru_cache(maxsize=4096)
def _defines(plain: str, strict: bool | frozenset[str]) -> bool:
    return needs_new_job(plain, strict)


def _sorted(plain: str, items: list[Any]) -> list[Any]:
    name = ITEM_NAMES.get(plain)
    if name and all(isinstance(item, Mapping) and isinstance(item.get(name), str) for item in items):
        items.sort(key=lambda item: item[name])
    elif plain in UNORDERED and all(isinstance(item, str) for item in items):
        items.sort()
    return items


class _UnknownMember(Exception):  # noqa: N818  not an error: the fingerprint comes later
    """A member that defines the model is not known yet."""


def _unknown(_: object) -> None:
    """JSON has no form for a value that is not known yet."""
    raise _UnknownMember
