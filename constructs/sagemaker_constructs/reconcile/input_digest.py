"""Computes a digest of what a job is started from, to tell whether it is what was approved.

Input: the declared properties. Output: `Inputs`. Tags are left out: they change nothing about a run, and pipelines put
commits and dates there. Secrets are left out because a digest of a secret can be guessed.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from sagemaker_constructs.api.deferred import is_deferred
from sagemaker_constructs.api.mistakes import path_text
from sagemaker_constructs.api.tree import leaves
from sagemaker_constructs.reconcile.decision_record import Inputs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sagemaker_constructs.reconcile.bag import Properties

_LEFT_OUT = frozenset({"tags", "training_job_name"})


def digest_of(declared: Properties, leaving_out: Iterable[str] = ()) -> Inputs:
    """The digest of the members and the Region.

    Args:
        declared: the declared properties.
        leaving_out: paths that were not known when the digest was computed with which this one is to be compared.
    """
    tree = {name: value for name, value in declared.members.items() if name not in _LEFT_OUT}
    tree["region"] = declared.bag.get("region")
    if is_deferred(declared.bag.get("secret_members")):  # what is a secret is not known yet
        return Inputs(digest="", not_known=tuple(sorted(tree)))
    left_out, known, not_known = tuple(leaving_out), dict[str, object](), list[str]()
    for leaf in leaves(tree):
        path = path_text(leaf.path)
        if _is_below(leaf.plain, declared.secret_paths) or _is_below(path, left_out):
            continue
        if is_deferred(leaf.value):
            not_known.append(path)
        else:
            known[path] = leaf.value
    canonical = json.dumps(known, sort_keys=True, separators=(",", ":"))
    return Inputs(digest=hashlib.sha256(canonical.encode()).hexdigest(), not_known=tuple(sorted(not_known)))


def _is_below(path: str, others: Iterable[str]) -> bool:
    return any(path == each or path.startswith((f"{each}.", f"{each}[")) for each in others)
