"""The tags of a job: ours, by which it is found and told whose it is, and those that people declare.

Input: a declaration, or the tags that are on a job. Output: the tags to put there, or what they say. Every key of ours
begins alike, so that none of them is taken for drift.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from pulumi import contains_unknowns

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sagemaker_constructs.reconcile.properties import Properties
    from sagemaker_constructs.reconcile.settings import AwsSettings

_OURS = "sagemaker-constructs:"
OWNER_TAG = f"{_OURS}owner"
"""The stack that started it, `organization/project/stack`."""
FINGERPRINT_TAG = f"{_OURS}fingerprint"
"""The fingerprint of the members that define the model."""
CLAIM_TAG = f"{_OURS}claim"
"""Which resource has the job. One that has lost it to its own replacement leaves the job alone when it goes."""
CONTENT_TAGS = {"data": f"{_OURS}data", "image": f"{_OURS}image"}
"""Digests of what lay behind the job's addresses when it was started, where that counts."""
SETTLED_TAG = f"{_OURS}settled"
"""On a job that ended without success: why no new run is due all the same, `accepted` or `continued`."""
_SHARED_TAG = f"{_OURS}shared-with-"


def all_tags(declared: Properties, settings: AwsSettings) -> dict[str, str]:
    """The tags that say what the declaration says: the stack's defaults, the declared ones over them, and ours."""
    ours = {OWNER_TAG: declared.owner, FINGERPRINT_TAG: declared.bag.get("fingerprint") or ""}
    return {**settings.default_tags.tags, **declared.tags, **{key: value for key, value in ours.items() if value}}


def share_tag(owner: str) -> dict[str, str]:
    """On a job that `owner` adopted: its own stack then leaves it, too. One tag for each such stack."""
    return {f"{_SHARED_TAG}{hashlib.sha256(owner.encode()).hexdigest()[:8]}": owner}


def sharers(tags: Mapping[str, str]) -> list[str]:
    """The stacks that adopted a job with these tags."""
    return sorted(value for key, value in tags.items() if key.startswith(_SHARED_TAG))


def added_tags(declared: Properties, settings: AwsSettings) -> int:
    """How many tags the job has beside the declared ones, so that the limit of 50 counts them too."""
    added = {*settings.default_tags.tags, OWNER_TAG, FINGERPRINT_TAG, CLAIM_TAG, SETTLED_TAG, *CONTENT_TAGS.values()}
    return len(added - set({} if contains_unknowns(declared.bag.get("tags")) else declared.tags))


def live_tags(tags: Mapping[str, str], declared: Properties, settings: AwsSettings) -> list[dict[str, str]]:
    """The tags on the job, as they would be declared: without the stack's defaults, ours and AWS's own."""
    defaults = settings.default_tags.tags
    return [
        {"key": key, "value": value}
        for key, value in sorted(tags.items())
        if not key.startswith((_OURS, "aws:")) and (key in declared.tags or defaults.get(key) != value)
    ]
