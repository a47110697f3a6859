"""Provides the options and tags that the resources of a network share.

Input: the network's component and its options. Output: the options of its children and of its invokes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi import ComponentResource, InvokeOptions, InvokeOutputOptions, ResourceOptions

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Parent:
    """The component whose children the resources are."""

    name: str
    component: ComponentResource
    tags: Mapping[str, str]
    depends_on: Any = None
    """`depends_on` of the network's resource options. Children wait for it anyway, lookups only if told to."""

    @property
    def child(self) -> ResourceOptions:
        """Options of a child."""
        return ResourceOptions(parent=self.component)

    @property
    def invoke(self) -> InvokeOptions:
        """Options of an invoke that returns at once."""
        return InvokeOptions(parent=self.component)

    @property
    def output_invoke(self) -> InvokeOutputOptions:
        """Options of an invoke that returns an Output."""
        return InvokeOutputOptions(parent=self.component)

    @property
    def dependent_invoke(self) -> InvokeOutputOptions:
        """Options of an invoke that waits for `depends_on`."""
        return InvokeOutputOptions(parent=self.component, depends_on=self.depends_on)

    def tags_of(self, name: str) -> dict[str, str]:
        """The tags of a child, with its name, of which a tag holds 256 characters."""
        return {**self.tags, "Name": name[:256]}
