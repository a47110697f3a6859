"""Says what changes on a job that stays, member by member, with old and new values that anybody may see.

Input: the recorded and the declared properties, and the job. Output: a `Decision`, and `MemberChange`s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sagemaker_constructs.api.mistakes import HIDDEN
from sagemaker_constructs.api.tree import FREE_KEYS
from sagemaker_constructs.aws.answers import MISSING
from sagemaker_constructs.reconcile.bag import Properties, changes_of
from sagemaker_constructs.reconcile.decision_record import Decision, MemberChange
from sagemaker_constructs.reconcile.effects import Effect
from sagemaker_constructs.reconcile.options import JobOptions
from sagemaker_constructs.reconcile.shown_changes import sides
from sagemaker_constructs.reconcile.updating import live_plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sagemaker_constructs.reconcile.changes import Change
    from sagemaker_constructs.reconcile.observing import Observed


def what_changes(recorded: Properties, declared: Properties, seen: Observed) -> Decision:
    """What an update does with a job that is not replaced."""
    changes = changes_of(recorded, declared)
    now = live_plan(changes, seen.job).members if seen.job else frozenset[str]()
    live = any(each.effect is Effect.LIVE and (each.member == "tags" or each.member in now) for each in changes)
    other_defaults = recorded.default_tags != declared.default_tags
    if (live or other_defaults) and not recorded.adopted and seen.status != MISSING:
        return Decision.UPDATE
    if changes or other_defaults or any(_options_changed(recorded, declared)):
        return Decision.RECORD
    return Decision.UNCHANGED


def _options_changed(recorded: Properties, declared: Properties) -> Iterator[MemberChange]:
    for name in JobOptions.model_fields:
        old, new = (getattr(each.options, name) for each in (recorded, declared))
        if old != new:
            yield MemberChange(path=name, effect="option", old=repr(old), new=repr(new))


def shown_changes(recorded: Properties, declared: Properties) -> tuple[MemberChange, ...]:
    """The members and the options that differ."""
    members = [_shown(change, recorded, declared) for change in changes_of(recorded, declared)]
    return (*members, *_options_changed(recorded, declared))


def _shown(change: Change, recorded: Properties, declared: Properties) -> MemberChange:
    hidden = _has_free_keys(change.old) or _has_free_keys(change.new)
    old, new = (HIDDEN, HIDDEN) if hidden else sides(change, declared, recorded)
    return MemberChange(
        path=change.path,
        effect=change.effect,
        old=None if change.old is None else old,
        new=None if change.new is None else new,
    )


def _has_free_keys(value: Any) -> bool:
    """Whether a structure has members into which people put credentials."""
    if isinstance(value, dict):
        return any(key in FREE_KEYS or _has_free_keys(item) for key, item in value.items())
    return isinstance(value, list) and any(map(_has_free_keys, value))
