"""The name of a job from what defines it: the same configuration is the same job.

Input: the members of a job. Output: a fingerprint of those that define the model, and the names made of it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sagemaker_constructs.api.deferred import is_deferred
from sagemaker_constructs.reconcile.changes import ITEM_NAMES, UNORDERED
from sagemaker_constructs.reconcile.defaults import without_defaults
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
    defining = {
        member: kept
        for member, value in without_defaults(members).items()
        if member in EFFECTS
        and member != "training_job_name"
        and (kept := _defining(member, value, strict)) is not None
    }
    if _has_deferred(defining):
        return None
    canonical = json.dumps(defining, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
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


def _defining(path: str, value: Any, strict: bool | Iterable[str]) -> Any:
    """`value` without what does not define the model; None where nothing is left."""
    if not needs_new_job(path, strict):
        return None
    if isinstance(value, Mapping):
        parts = {key: _defining(f"{path}.{key}", item, strict) for key, item in value.items()}
        return {key: part for key, part in parts.items() if part is not None} or None
    if isinstance(value, list):
        items = [_defining(path, item, strict) for item in value]
        name = ITEM_NAMES.get(path)
        if name and all(isinstance(item, Mapping) and isinstance(item.get(name), str) for item in items):
            items.sort(key=lambda item: item[name])
        elif path in UNORDERED and all(isinstance(item, str) for item in items):
            items.sort()
        return items or None
    return value


def _has_deferred(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_has_deferred, value.values()))
    if isinstance(value, list):
        return any(map(_has_deferred, value))
    return is_deferred(value)
