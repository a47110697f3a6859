"""Appends decisions to the file that a review reads, and reads the approval that it wrote.

Input: two environment variables, which the engine hands on to the provider's process. Output: one JSON line for each
decision. Several processes may append to one file: each line is one write, at the end.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from sagemaker_constructs.aws.errors import ReconcileError
from sagemaker_constructs.reconcile.approval import Approval
from sagemaker_constructs.reconcile.deciding import Review

if TYPE_CHECKING:
    from sagemaker_constructs.reconcile.decision_record import DecisionRecord

DECISIONS = "SAGEMAKER_CONSTRUCTS_DECISIONS"
"""Environment variable: the absolute path of the file to which decisions are appended."""
APPROVAL = "SAGEMAKER_CONSTRUCTS_APPROVAL"
"""Environment variable: the absolute path of the approval; where it is not set, every job may start. An empty one names
no file, and approves nothing."""


def review() -> Review:
    """The review that the environment asks for."""
    return Review(append=_append if os.environ.get(DECISIONS) else None, approval=_approval)


def _append(record: DecisionRecord) -> None:
    line = record.model_dump_json() + "\n"
    descriptor = os.open(os.environ[DECISIONS], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, line.encode())
    finally:
        os.close(descriptor)


def _approval() -> Approval | None:
    path = os.environ.get(APPROVAL)
    return None if path is None else _read(path)


@lru_cache(maxsize=4)
def _read(path: str) -> Approval:
    """What was approved.

    Raises:
        ReconcileError: the file cannot be read, or is none; then nothing is approved.
    """
    if not path:
        raise ReconcileError(
            f"{APPROVAL} is set and empty, so nothing is approved: give it the path of an approval, or unset it"
        )
    try:
        return Approval.model_validate_json(Path(path).read_bytes())
    except (OSError, ValidationError) as error:
        kind = type(error).__name__
        raise ReconcileError(
            f"{APPROVAL}: {path} is not an approval that can be read ({kind}), so nothing is approved: write it with "
            "`sagemaker-review approve`"
        ) from None
