"""Keeps what one process learns about a resource, from one step of the engine to the next.

Input: what `check` and `diff` find. Output: a `CheckedResource`, the same one for each step.

The engine checks a replacement as if it were a new resource, without its old inputs, and deletes what is replaced by
what the state has recorded. So what was found before has to be kept until then; `declared_as` is an input that every
resource has, and tells the resources apart.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sagemaker_constructs.reconcile.bag import Properties
    from sagemaker_constructs.reconcile.decision_record import MemberChange


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is known of an existing resource until its replacement is checked."""

    replaces: bool = False
    """Whether `diff` found a reason for a new job."""
    name: str | None = None
    """The name that the new one will have, where it could be looked up."""
    renamed: bool = False
    """Whether the inputs of the resource have that name already."""
    reason: str = "the resource's options request another run"
    """What a review says of it."""
    changes: tuple[MemberChange, ...] = ()
    deleted_first: bool = False
    """Whether the present job is deleted before its name is taken again."""


@dataclass(slots=True)
class CheckedResource:
    """What is known of one resource."""

    sent: Mapping[str, Any] = field(default_factory=dict)
    """What `check` was sent last, with the digests of what the program declared."""
    on_delete: str = ""
    """As it is declared now; empty for a resource that is new, or no longer declared."""
    present: str | None = None
    """The job that it has; None for one that is new."""
    foreseen: str = ""
    """What was said of the job of this stack that will be reused: `create` does not repeat it."""
    comparison: Comparison | None = None
    """None for a resource that is new, or was not checked before, as in a refresh."""


class CheckedResources:
    """The resources that one process has checked."""

    def __init__(self) -> None:
        self._resources: dict[str, CheckedResource] = {}

    def of(self, properties: Properties) -> CheckedResource:
        """The resource of a declaration or a state; an empty one where a damaged state does not say which it is."""
        name = properties.bag.get("declared_as")
        return self._resources.setdefault(name, CheckedResource()) if isinstance(name, str) else CheckedResource()
