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

from sagemaker_constructs.api.defaults import DEFAULTS, is_default
from sagemaker_constructs.api.tree import FREE_KEYS
from sagemaker_constructs.reconcile.changes import ITEM_NAMES, UNORDERED
from sagemaker_constructs.reconcile.effects import EFFECTS, needs_new_job

LONGEST_NAME = 63
"""Characters in a training job's name (CreateTrainingJob, TrainingJobName)."""
_FINGERPRINT_LENGTH = 12
_ROOM_FOR_SUFFIX = len("-99")
LONGEST_PREFIX = LONGEST_NAME - _FINGERPRINT_LENGTH - _ROOM_FOR_SUFFIX - 1


def fingerprint_of(
    members: Mapping[str, Any], strict: bool | Iterable[str] = False, secret: Iterable[str] = ()
) -> str | None:
    """Twelve hexadecimal digits of the members that define the model; None while one of them is not known yet.

    The digest is over canonical JSON (sorted keys; named items sorted by name; absent, empty and written-out defaults
    alike), and says nothing else, so it stays what it is when the library changes.

    Args:
        members: the validated members.
        strict: that of `needs_new_job`.
        secret: paths, without list positions, that are left out: a public digest of a secret can be guessed.
    """
    rows = _rows(strict if isinstance(strict, bool) else frozenset(strict), frozenset(secret))
    defining = {
        name: kept
        for name, value in members.items()
        if name != "training_job_name" and name in EFFECTS and (kept := _canonical(rows[name], value)) is not None
    }
    try:
        canonical = json.dumps(defining, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_unknown)
    except _UnknownMember:
        return None
    return hashlib.sha256(canonical.encode()).hexdigest()[:_FINGERPRINT_LENGTH]


def planned_name(prefix: str, fingerprint: str) -> str:
    """`<prefix>-<fingerprint>`, with the prefix made fit for a job's name and cut where it is too long."""
    fit = fit_name(prefix, LONGEST_PREFIX)
    return f"{fit}-{fingerprint}" if fit else fingerprint


def fit_name(name: str, longest: int) -> str:
    """A name of letters, digits and hyphens, cut where it is too long; empty where nothing of it is left."""
    return re.sub(r"[^a-zA-Z0-9]+", "-", name)[:longest].strip("-")


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


class _Row(dict[str, "_Row"]):
    """What the tables say of one path; the rows below it are made when they are first asked for."""

    def __init__(self, plain: str, strict: bool | frozenset[str], secret: frozenset[str]) -> None:
        super().__init__()
        self.plain = plain
        self.strict = strict
        self.secret = secret
        self.defines = bool(plain) and plain not in secret and needs_new_job(plain, strict)
        self.has_default = plain in DEFAULTS
        self.item_name = ITEM_NAMES.get(plain)
        self.unordered = plain in UNORDERED
        self.free_keys = plain in FREE_KEYS and not any(path.startswith(f"{plain}.") for path in secret)

    def __missing__(self, name: str) -> _Row:
        self[name] = _Row(f"{self.plain}.{name}" if self.plain else name, self.strict, self.secret)
        return self[name]


@lru_cache(maxsize=64)
def _rows(strict: bool | frozenset[str], secret: frozenset[str]) -> _Row:
    return _Row("", strict, secret)


def _canonical(row: _Row, value: Any) -> Any:
    """What of `value` defines the model, without defaults; None where nothing is left.

    Lists are sorted whose order means nothing.
    """
    if not row.defines or (row.has_default and is_default(row.plain, value)):
        return None
    kind = type(value)
    if kind is dict:
        kept = value if row.free_keys else {key: _canonical(row[key], item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item is not None} or None
    if kind is list:
        return _sorted(row, [_canonical(row, item) for item in value]) or None
    return value


def _sorted(row: _Row, items: list[Any]) -> list[Any]:
    name = row.item_name
    if name and all(isinstance(item, Mapping) and isinstance(item.get(name), str) for item in items):
        items.sort(key=lambda item: item[name])
    elif row.unordered and all(isinstance(item, str) for item in items):
        items.sort()
    return items


class _UnknownMember(Exception):  # noqa: N818  not an error: the fingerprint comes later
    """A member that defines the model is not known yet."""


def _unknown(_: object) -> None:
    """JSON has no form for a value that is not known yet."""
    raise _UnknownMember
