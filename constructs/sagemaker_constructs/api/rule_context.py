"""What rules between members may use beside the members."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RuleContext:
    """What the rules may use beside the members."""

    region: str | None = None
    """The Region that the job is to run in, where it is known."""
    added_tags: int = 0
    """How many tags the resource adds to those of the spec."""
    supplied_later: frozenset[str] = frozenset()
    """Members that are set later: while they are absent, the rules that read them are postponed."""


NO_CONTEXT = RuleContext()
"""The members alone."""
