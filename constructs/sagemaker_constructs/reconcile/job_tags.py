"""Composes and reads the tags of a job: the library's own, by which it is found and owned, and the declared ones.

Input: a declaration, or the tags that are on a job. Output: the tags to put there, or what they say.
"""

from __future__ import annotations

import hashlib
import time
import uuid
from typing import TYPE_CHECKING, Any

from sagemaker_constructs.api.deferred import has_deferred
from sagemaker_constructs.api.tag_keys import (
    CLAIM_TAG,
    CONTENT_TAGS,
    CROWD_TAG,
    FINGERPRINT_TAG,
    OUR_TAGS,
    OWNER_TAG,
    RETAIN_TAG,
    SETTLED_TAG,
    SHARED_TAG,
    STATE_TAG,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sagemaker_constructs.reconcile.bag import Properties

NAMED_AT_MOST = 20
"""How many resources and stacks are named by tags on one job."""
TAGS_AT_MOST = 48
"""How many tags a job has when another stack adopts it; one that says so is still to come, and AWS takes fifty."""


def all_tags(declared: Properties) -> dict[str, str]:
    """The tags that say what the declaration says: the stack's defaults, the declared ones over them, and ours."""
    retained = declared.state and declared.options.on_delete == "retain"
    ours = {
        OWNER_TAG: declared.options.owner,
        STATE_TAG: declared.state,
        RETAIN_TAG: "retain" if retained else "",
        FINGERPRINT_TAG: declared.bag.get("fingerprint") or "",
    }
    return {**declared.default_tags, **declared.tags, **{key: value for key, value in ours.items() if value}}


def new_claim(declared_as: str) -> str:
    """What a resource's claim on a job says: which resource it is, and since which `create`, with its time."""
    return f"{_short(declared_as)}:{int(time.time()):x}-{uuid.uuid4().hex[:12]}"


def claimed_seconds_ago(claim: str) -> float | None:
    """How long ago a claim was made; None for one of an earlier version, which has no time."""
    since, dash, _ = claim.partition(":")[2].partition("-")
    try:
        return abs(time.time() - int(since, 16)) if dash else None
    except ValueError:
        return None


def claim_on(tags: Mapping[str, str], declared_as: str | None) -> str | None:
    """The claim that a resource has on a job with these tags; without `declared_as`, the only one that there is."""
    found = [each for each in claims(tags) if declared_as is None or each.startswith(f"{_short(declared_as)}:")]
    return found[0] if len(found) == 1 else None


def claim_tag(claim: str) -> dict[str, str]:
    """On a job that a resource has. One tag for each resource; where a replacement takes the job, it overwrites it."""
    resource, _, since = claim.partition(":")
    return {f"{CLAIM_TAG}{resource}": since}


def claims(tags: Mapping[str, str]) -> list[str]:
    """The claims of the resources, all of one stack, that have a job with these tags."""
    return [f"{key.removeprefix(CLAIM_TAG)}:{since}" for key, since in tags.items() if key.startswith(CLAIM_TAG)]


def share_tag(tags: Mapping[str, str], owner: str, state: str) -> dict[str, str]:
    """On a job with these tags that a stack adopted: its own stack then leaves it, too. One tag for each such stack.

    Where there are many, one tag stands for all others: a resource of AWS has at most fifty.
    """
    own = {f"{SHARED_TAG}{_short(state or owner)}": owner}
    named = own.keys() <= tags.keys() or not is_crowded(tags)
    return own if named else {CROWD_TAG: "more stacks and resources than are named"}


def own_share_tags(owner: str, state: str) -> set[str]:
    """Keys of the tags that a stack may have put on a job that it adopted, in this version or an earlier one."""
    return {f"{SHARED_TAG}{_short(name)}" for name in (owner, state) if name}


def is_crowded(tags: Mapping[str, str]) -> bool:
    """Whether so many stacks and resources have a job with these tags that no more are named."""
    named = sum(key.startswith((CLAIM_TAG, SHARED_TAG)) for key in tags)
    return named >= NAMED_AT_MOST or len(tags) >= TAGS_AT_MOST


def belongs_to(tags: Mapping[str, str], owner: str, state: str) -> bool:
    """Whether a stack, by its name and the identity of its state, owns a job with these tags.

    An earlier version put the name alone on a job.
    """
    holder = tags.get(STATE_TAG)
    return holder == state if holder else tags.get(OWNER_TAG) == owner


def is_of_another_state(tags: Mapping[str, str], *states: str) -> bool:
    """Whether a job with these tags belongs to another state than these; one without the tag belongs to none yet."""
    holder = tags.get(STATE_TAG)
    return bool(holder) and holder not in states


def may_be_taken(tags: Mapping[str, str], owner: str, state: str, *, running: bool) -> bool:
    """Whether a stack may have a job with these tags as its own, which none of its resources has recorded.

    It may where the job was started by this state, by an update that was killed; or by a stack of the same name, where
    no resource has the job any more. Every self-managed backend may have a stack of this name.
    """
    holder = tags.get(STATE_TAG)
    if holder and holder == state:
        return True
    unheld = not claims(tags) or (not holder and not running)  # until 8ba15e4, claims remained on ended jobs
    return tags.get(OWNER_TAG) == owner and unheld


def sharers(tags: Mapping[str, str]) -> list[str]:
    """The stacks that adopted a job with these tags."""
    return sorted(value for key, value in tags.items() if key.startswith(SHARED_TAG))


def added_tags(declared: Properties) -> int:
    """How many tags the job has beside the declared ones, so that the limit of 50 counts them too."""
    added = {*declared.default_tags, *all_our_tags(), CLAIM_TAG}
    return len(added - set({} if has_deferred(declared.bag.get("tags")) else declared.tags))


def all_our_tags() -> set[str]:
    """The keys that a job may have of the library, but for the claims and the sharers."""
    return {OWNER_TAG, STATE_TAG, RETAIN_TAG, FINGERPRINT_TAG, SETTLED_TAG, *CONTENT_TAGS.values()}


def is_ignored(key: str, declared: Properties) -> bool:
    """Whether a tag is left as it is, whoever put it there (`aws:ignoreTags`)."""
    ignored = declared.options.ignore_tags or {}
    return key in ignored.get("keys", ()) or key.startswith(tuple(ignored.get("key_prefixes", ())))


def live_tags(tags: Mapping[str, str], declared: Properties) -> dict[str, Any]:
    """The tags on the job, as they would be declared: `tags`, `default_tags`, and neither ours nor AWS's own.

    Those that are ignored are as they are declared. `tags` has the form that it has in the declaration.
    """
    ignored = {key: value for key, value in all_tags(declared).items() if is_ignored(key, declared)}
    tags = {**{key: value for key, value in tags.items() if not is_ignored(key, declared)}, **ignored}
    order = list(declared.tags)
    places = {key: order.index(key) if key in order else len(order) for key in tags}
    theirs = {
        key: tags[key]
        for key in sorted(tags, key=lambda key: (places[key], key))
        if not key.startswith((OUR_TAGS, "aws:"))
    }
    defaults = {
        key: value
        for key, value in theirs.items()
        if key not in declared.tags and declared.default_tags.get(key) == value
    }
    own = {key: value for key, value in theirs.items() if key not in defaults}
    listed = [{"key": key, "value": value} for key, value in own.items()]
    overridden = {key: value for key, value in declared.default_tags.items() if key in declared.tags}
    as_list = isinstance(declared.bag.get("tags"), list)
    found = {"tags": listed if as_list else own, "default_tags": {**overridden, **defaults}}
    return {name: value for name, value in found.items() if value or declared.bag.get(name)}


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
