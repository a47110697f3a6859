"""Decides what to do when the declared job and the existing one are both known.

Input: declared members and an `ExistingJob`. Output: a decision, which `starting` or `lifecycle` carries out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sagemaker_constructs.api.defaults import without_defaults
from sagemaker_constructs.aws.answers import ENDED, MISSING, UNSUCCESSFUL, ExistingJob
from sagemaker_constructs.reconcile.changes import Change, changes_between
from sagemaker_constructs.reconcile.effects import Effect, needs_new_job

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from sagemaker_constructs.reconcile.options import JobOptions

NOT_INPUTS = frozenset({"contents", "training_job_status"})
"""Properties that can make a new job necessary though no input differs."""
SETTLED = "Settled"
"""Our own status of a job that ended without success and needs no new run (`SETTLED_TAG`)."""


@dataclass(frozen=True, slots=True)
class Adopt:
    """The job exists and can be reused: record it, start nothing."""


@dataclass(frozen=True, slots=True)
class TryNextName:
    """The name is taken by a job that cannot be reused: try the next one."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refuse:
    """A name given by hand belongs to a job that differs."""

    reason: str
    differences: tuple[Change, ...]
    """Empty where the configuration is the same."""


_COMPLETED = frozenset({"resource_config", "serverless_job_config", "model_package_config"})
"""Members that the service may complete beyond the known defaults, of those that define the model. What is computed,
from which data, and where the model is written are not among them."""


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
            service has filled in since is then no difference. Nothing else is believed of a tag.
        other_contents: what lay behind the declaration's addresses when the job ran and does not any more.
    """
    differences = tuple(
        c
        for c in differences_from(existing, declared)
        if needs_new_job(c.plain, strict)
        and (c.new is not None or (c.effect is Effect.DEFINES and not (same_fingerprint and c.member in _COMPLETED)))
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
    return () if recorded == declared else changes_between(without_defaults(recorded), without_defaults(declared))


def fate(name: str, status: str, options: JobOptions, *, adopted: bool) -> str | None:
    """What becomes of a job whose resource gets another one; None for one that is gone.

    Args:
        name: the job.
        status: its TrainingJobStatus, or `Missing`, or `Settled`.
        options: the declared options.
        adopted: whether another stack owns it.
    """
    if status == MISSING:
        return None
    if adopted:
        return f"job {name} is of another owner and is left as it is"
    running = status not in {*ENDED, SETTLED}
    if options.on_delete == "retain":
        return f"job {name} is kept as it is because on_delete='retain'"
    if options.on_delete == "delete":
        return f"job {name} is deleted because on_delete='delete', unless something else uses it"
    if running:
        return f"job {name} is stopped if it still runs, unless something else uses it"
    return f"job {name}{f' ({status})' if status != SETTLED else ''} is kept"


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
    options: JobOptions,
    failure_reason: str | None = None,
    other_contents: Iterable[str] = (),
    other_region: bool = False,
    adopted: bool = False,
    transition: Callable[[Change], str] = lambda _: "",
) -> Verdict:
    """Whether the changes, or how the present run ended, call for a new job.

    Args:
        changes: declared members beside the recorded ones.
        status: TrainingJobStatus of the present run, or `Missing`, or `Settled`.
        options: the declared options.
        failure_reason: why the run failed, in AWS's words.
        other_contents: what lies behind the declared addresses and was another when the job ran.
        other_region: whether the job is to run in another Region.
        adopted: whether another stack owns the present job, so that nothing is changed on it.
        transition: what a change turns into what, behind a space; empty where that is not shown.
    """
    reasons = [
        *_of_changes(changes, options.strict, transition, adopted=adopted),
        *([("region", "the job is replaced because its Region changed")] if other_region else []),
        *(("contents", f"the job is replaced because {_CONTENTS[kind]}") for kind in other_contents),
    ]
    is_replaced = any(member for member, _ in reasons)
    findings = [*reasons, *_of_ending(status, options, failure_reason, is_replaced=is_replaced)]
    replaces = {member: None for member, _ in findings if member}
    sentences = list(dict.fromkeys(sentence for _, sentence in findings))
    if status == "InProgress":
        others = {change.member for change in changes} - set(replaces)
        sentences += [sentence for member, sentence in _KEPT_WHILE_RUNNING.items() if member in others]
    return Verdict(tuple(replaces), tuple(sentences))


_CONTENTS = {
    "data": "the objects under its input prefixes changed",
    "image": "the image behind its tag changed",
}
_KEPT_WHILE_RUNNING = {
    "role_arn": "the running job keeps its present role, and fails if that role is deleted or narrowed",
    "vpc_config": "the running job stays in its present network: deleting parts of it breaks the job or waits for it",
}
"""What a running job still needs when another one is declared, which this same update may take away."""

_Finding = tuple[str | None, str]
"""The property that makes a new job necessary, if it does, and the sentence that says so."""


def _of_changes(
    changes: Iterable[Change], strict: bool | str | Iterable[str], transition: Callable[[Change], str], *, adopted: bool
) -> Iterator[_Finding]:
    for change in changes:
        if needs_new_job(change.plain, strict):
            why = "defines the model" if change.effect is Effect.DEFINES else "is declared strict"
            yield change.member, f"the job is replaced because {change.path} changed{transition(change)}, which {why}"
        elif change.effect is Effect.OPERATES:
            yield None, f"{change.path} does not affect the trained model; it applies to the next run"
        elif adopted:
            yield None, f"{change.member} is only recorded: the job is of another owner and keeps its own"


def _of_ending(
    status: str, options: JobOptions, failure_reason: str | None, *, is_replaced: bool
) -> Iterator[_Finding]:
    """How the run ended, and what follows from that unless something else replaces the job."""
    if status in UNSUCCESSFUL:
        ending = f"the present run is {status}{f' ({failure_reason})' if failure_reason else ''}"
        if options.on_failure == "retrain":
            yield "training_job_status", f"{ending}; a new run will start"
        else:
            yield None, ending if is_replaced else f"{ending}; it is kept because on_failure='keep'"
    if status == MISSING:
        if options.on_missing == "retrain":
            text = "the job was deleted elsewhere; a new run will start because on_missing='retrain'"
            yield "training_job_status", text
        else:
            kept = "; the resource is kept. on_missing='retrain' trains again"
            yield None, f"the job was deleted elsewhere{'' if is_replaced else kept}"
