"""A run that stands by for another one: started only where that found no machines.

Input: the property bag of a fallback. Output: the bag of its own run, as a `TrainingJob` has it, and back. A
fallback's `training_job_name` is the run that counts, its own or the one before; the name of its own run is
`own_job_name`, for the other is not known before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

STANDS_BY = "NotNeeded"
"""Our own status of a fallback that was not needed; the API has no word for a job that was never started."""
_NAMES = {"training_job_name": "own_job_name"}
_UNKNOWN_BEFORE = ("arn", "model_artifacts")
"""Planned for the own run, but of the run before where that is the one that counts."""


def as_declared(planned: Mapping[str, Any], after: Any) -> dict[str, Any]:
    """The checked inputs of a fallback, from those that its own run would have."""
    bag = {_NAMES.get(name, name): value for name, value in planned.items() if name not in _UNKNOWN_BEFORE}
    return {**bag, "after": after}


def own_run(bag: Mapping[str, Any]) -> dict[str, Any]:
    """The bag of the fallback's own run: of one to start, or of one that was started."""
    started = {"training_job_name": bag.get("training_job_name")} if is_started(bag) else {}
    given = {} if bag.get("own_job_name") is None else {"training_job_name": bag["own_job_name"]}
    own = {name: value for name, value in bag.items() if name not in ("after", "own_job_name", "training_job_name")}
    return {**own, **given, **started}


def is_started(bag: Mapping[str, Any]) -> bool:
    """Whether the fallback has a run of its own, by its recorded outputs."""
    return bag.get("training_job_status") not in (None, STANDS_BY)


def stands_by(declared: Mapping[str, Any]) -> dict[str, Any]:
    """The outputs of a fallback that was not needed."""
    return {**declared, "training_job_name": declared["after"], "training_job_status": STANDS_BY}


def started(declared: Mapping[str, Any], outs: Mapping[str, Any]) -> dict[str, Any]:
    """The outputs of a fallback that has a run of its own, from those of the run."""
    return {**outs, "after": declared["after"], "own_job_name": declared["own_job_name"]}
