"""Keeps the description of a security group rule whose other side is a group or a prefix list."""

from __future__ import annotations

from inspect import signature
from typing import Any

from moto.ec2.models import security_groups
from typing_extensions import override


class DescribedRule(security_groups.SecurityGroupRule):
    """A rule with a description, whatever its other side is."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        given = signature(super().__init__).bind(*arguments, **named).arguments
        self._prefix_list: dict[str, str] = given.get("prefix_list_id") or {}

    @property
    @override
    def description(self) -> str | None:
        """What was sent with the address range, the group or the prefix list."""
        others = (self.ip_range, self.source_group, self._prefix_list)
        return next((side["Description"] for side in others if side.get("Description")), None)
