"""What to do, once what is wanted and what exists are both known.

Input: declared members and an `ExistingJob`. Output: a decision, which `providers.py` carries out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sagemaker_constructs.aws.answers import MISSING, UNSUCCESSFUL, ExistingJob
from sagemaker_constructs.reconcile.changes import Change, changes_between
from sagemaker_constructs.reconcile.defaults import without_defaults
from sagemaker_constructs.reconcile.effects import Effect, needs_new_job

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

OnFailure = Literal["retrain", "keep"]
OnMissing = Literal["keep", "retrain"]
NOT_INPUTS = frozenset({"contents", "training_job_status"})
"""Properties that can make a new job necessary though no input differs."""
OnDelete = Literal["stop", "delete", "retain"]


@dataclass(frozen=True, slots=True)
class Adopt:
    """The job is there already: record it, start nothing."""


@dataclass(frozen=True, slots=True)
class TryNextName:
    """The name is used up by a job that cannot serve; look at the next one."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refuse:
    """A name given by hand belongs to a job that differs."""

    reason: str
    differences: tuple[Change, ...]
    """Empty where the configuration is the same."""


def on_existing(
    existing: ExistingJob,
    declared: Mapping[str, Any],
    *,
    by_hand: bool,
    strict: bool | Iterable[str] = False,
    same_fingerprint: bool = False,
    other_contents: Iterable[str] = (),
) -> Adopt | TryNextName | Refuse:
    """What `create` does about a job that has the name it wants.

    Args:
        existing: that job.
        declared: the declared members.
        by_hand: whether the user chose the name.
        strict: True, or the top-level members for which an `operates` member tells jobs apart too. What the service
            filled in there is no difference.
        same_fingerprint: whether the job's own tag says that it was started from this configuration; what the
            service made of it since is then no difference.
        other_contents: what lay behind the declaration's addresses when the job ran and does not any more.
    """
    differences = (
        ()
        if same_fingerprint
        else tuple(
            c
            for c in differences_from(existing, declared)
            if needs_new_job(c.plain, strict) and (c.effect is Effect.DEFINES or c.new is not None)
        )
    )
    reasons = [
        *([f"another {differences[0].path}"] if differences else []),
        *([f"it is {existing.status}"] if existing.status in {*UNSUCCESSFUL, "Stopping", "Deleting"} else []),
        *(f"other {kind}" for kind in other_contents),
    ]
    if not reasons:
        return Adopt()
    reason = ", ".join(reasons)
    return Refuse(reason, differences) if by_hand else TryNextName(reason)


def differences_from(existing: ExistingJob, declared: Mapping[str, Any]) -> tuple[Change, ...]:
    """The declared members beside those of the existing job, `old` being what exists.

    What the service filled in is no difference, and neither are the name and what it never repeats.
    """
    repeated = set(existing.members) | set(declared) - {"tags", "session_chaining_config", "training_job_name"}
    return changes_between(
        without_defaults({name: existing.members.get(name) for name in repeated}),
        without_defaults({name: value for name, value in declared.items() if name in repeated}),
    )


def declared_changes(recorded: Mapping[str, Any], declared: Mapping[str, Any]) -> tuple[Change, ...]:
    """The declared members beside the recorded ones; to write a default out is no change."""
    return changes_between(without_defaults(recorded), without_defaults(declared))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `diff` found."""

    replaces: tuple[str, ...]
    """The properties that make a new job necessary; empty where none is."""
    sentences: tuple[str, ...]
    """What a reviewer should know, a sentence each."""


def verdict(
    changes: Sequence[Change],
    *,
    status: str,
    strict: bool | Iterable[str],
    on_failure: OnFailure,
    on_missing: OnMissing,
    failure_reason: str | None = None,
    other_contents: Iterable[str] = (),
    other_region: bool = False,
    adopted: bool = False,
) -> Verdict:
    """Whether the changes, or how the present run ended, call for a new job.

    Args:
        changes: declared members beside the recorded ones.
        status: TrainingJobStatus of the present run, or `Missing`.
        strict: True, or the top-level members for which an `operates` change means a new job too.
        on_failure: `retrain` (a new run) or `keep`, for a run that failed or was stopped.
        on_missing: `keep` or `retrain`, for a job that was deleted elsewhere.
        failure_reason: why the run failed, in AWS's words.
        other_contents: what lies behind the declaration's addresses and was another when the job ran.
        other_region: whether the job is to run in another Region.
        adopted: whether another stack owns the present job, so that nothing is changed on it.
    """
    findings = [
        *_of_changes(changes, strict, adopted=adopted),
        *([("region", "region: a job cannot move: a new job")] if other_region else []),
        *(("contents", f"the {kind} behind the declared addresses changed: a new job") for kind in other_contents),
        *_of_ending(status, on_failure, on_missing, failure_reason),
    ]
    replaces = {member: None for member, _ in findings if member}
    sentences = list(dict.fromkeys(sentence for _, sentence in findings))
    if status == "InProgress":
        others = {change.member for change in changes} - set(replaces)
        sentences += [sentence for member, sentence in _KEPT_WHILE_RUNNING.items() if member in others]
    return Verdict(tuple(replaces), tuple(sentences))


_KEPT_WHILE_RUNNING = {
    "role_arn": "the job that runs keeps the role that it has, and fails where that is deleted or narrowed",
    "vpc_config": "the job that runs stays in its network: what is deleted of that breaks it, and waits for its end",
}
"""What a running job still needs when another one is declared, which this same update may take away."""

_Finding = tuple[str | None, str]
"""The property that makes a new job necessary, if it does, and the sentence that says so."""


def _of_changes(changes: Iterable[Change], strict: bool | Iterable[str], *, adopted: bool) -> Iterator[_Finding]:
    for change in changes:
        if needs_new_job(change.plain, strict):
            defines = change.effect is Effect.DEFINES
            yield change.member, f"{change.path} {'defines the model' if defines else 'is strict here'}: a new job"
        elif change.effect is Effect.OPERATES:
            yield None, f"{change.path} says nothing about a model that is trained: recorded, for the next run"
        elif adopted:
            yield None, f"{change.member} stays on the job as it is, for another stack started it: only recorded"


def _of_ending(
    status: str, on_failure: OnFailure, on_missing: OnMissing, failure_reason: str | None
) -> Iterator[_Finding]:
    if status in UNSUCCESSFUL:
        ending = f"the present run is {status}{f' ({failure_reason})' if failure_reason else ''}"
        if on_failure == "retrain":
            yield "training_job_status", f"{ending}: a new run"
        else:
            yield None, f"{ending}: kept, as on_failure='keep' says"
    if status == MISSING:
        if on_missing == "retrain":
            yield "training_job_status", "the job was deleted elsewhere: a new run, as on_missing='retrain' says"
        else:
            yield None, "the job was deleted elsewhere: kept; on_missing='retrain' would train again"
