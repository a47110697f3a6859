"""Keeps what a review consists of in one folder: a few files for each environment.

Input: a folder. Output: environments read from it, and approvals written into it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from pydantic import ValidationError

from sagemaker_constructs.guardrails.document import GuardrailsError
from sagemaker_constructs.guardrails.file import read_guardrails
from sagemaker_constructs.guardrails.rules import COST_PER_STACK
from sagemaker_constructs.reconcile.approval import Approval
from sagemaker_constructs.reconcile.decision_record import DecisionRecord
from sagemaker_constructs.review.environment import Budget, Environment
from sagemaker_constructs.review.events import read_events

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sagemaker_constructs.review.events import Preview

_EVENTS = ".events.jsonl"
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")


class ReviewError(Exception):
    """The review cannot be made."""


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one environment.

    Raises:
        ReviewError: the name is not that of a stack.
    """

    folder: Path
    name: str
    """Of the stack, without organization and project."""

    def __post_init__(self) -> None:
        """A name with a slash would be a file in another folder."""
        if not _NAME.fullmatch(self.name):
            raise ReviewError(
                f"got {self.name!r}, expected the name of a stack without organization and project: letters, digits, "
                "hyphens, underscores and periods"
            )

    @property
    def events(self) -> Path:
        """The engine's events."""
        return self.folder / f"{self.name}{_EVENTS}"

    @property
    def decisions(self) -> Path:
        """The decision file."""
        return self.folder / f"{self.name}.decisions.jsonl"

    @property
    def log(self) -> Path:
        """What the preview has said on stderr, without credentials."""
        return self.folder / f"{self.name}.log"

    @property
    def plan(self) -> Path:
        """The engine's plan, where one is saved."""
        return self.folder / f"{self.name}.plan.json"

    @property
    def approval(self) -> Path:
        """The approval."""
        return self.folder / f"{self.name}.approval.json"

    def read(self, budget: Decimal | None) -> Environment:
        """The environment.

        Args:
            budget: US dollars that what starts may cost at most, besides what the guardrails say of the stack.

        Raises:
            ReviewError: a line of the decision file is of another version, or the guardrails cannot be read.
        """
        try:
            events = self.events.read_text(encoding="utf-8").splitlines()
        except OSError:
            events = []  # as of a preview that ended before it could say anything
        lines = self.decisions.read_text(encoding="utf-8").splitlines() if self.decisions.exists() else []
        try:
            records = [DecisionRecord.model_validate_json(line) for line in lines]
        except ValidationError as error:
            raise ReviewError(
                f"{self.decisions}: a line is no decision of version 1 ({error.error_count()} mistakes): use the same "
                "version of sagemaker-constructs for the preview and for the review"
            ) from None
        log = self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""
        preview = replace(read_events(events), log=log)
        limits = [*_limits(preview, self.name), *([] if budget is None else [Budget(budget)])]
        return Environment.of(self.name, preview, records, min(limits, key=lambda each: each.usd, default=None))

    def approve(self, environment: Environment) -> None:
        """Write the approval of what the environment decides."""
        self.approval.write_text(Approval.of(environment.jobs).model_dump_json(indent=2) + "\n", encoding="utf-8")


def previewed(folder: Path) -> list[str]:
    """The names of the environments that were previewed into a folder."""
    return sorted(file.name.removesuffix(_EVENTS) for file in folder.glob(f"*{_EVENTS}"))


def read_all(folder: Path, names: list[str], budgets: Mapping[str, Decimal]) -> list[Environment]:
    """The environments, each once, in the given order.

    Raises:
        ReviewError: nothing was previewed, a budget is of another environment, or a file cannot be read.
    """
    names = list(dict.fromkeys(names)) or previewed(folder)
    if not names:
        raise ReviewError(f"{folder} has no previews: run `sagemaker-review preview` first")
    if unknown := budgets.keys() - set(names):
        raise ReviewError(
            f"--budget: {', '.join(sorted(unknown))} is not reviewed; the environments are {', '.join(names)}"
        )
    return [Files(folder, name).read(budgets.get(name)) for name in names]


def _limits(preview: Preview, stack: str) -> list[Budget]:
    """What all jobs that one update starts may cost, by the project's guardrails; those of each job are in `check`."""
    if not preview.guardrails or preview.failed:  # nothing starts; a file that cannot be read is among its findings
        return []
    try:
        guardrails = read_guardrails(preview.guardrails)
    except GuardrailsError as error:
        raise ReviewError(str(error)) from None
    limit = guardrails.limits(stack).get(COST_PER_STACK)
    rule = f"guardrail {COST_PER_STACK} of {stack}; {guardrails.owners} may change it"
    return [] if limit is None else [Budget(Decimal(str(limit)), rule)]
