"""Defines a row of the table of resource types."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

from .aws import Aws
from .names import AutoName
from .tags import Tags
from .values import Properties

Create: TypeAlias = Callable[[Aws, Properties], str]
Read: TypeAlias = Callable[[Aws, str, Properties], Properties | None]
Update: TypeAlias = Callable[[Aws, str, Properties], None]
Delete: TypeAlias = Callable[[Aws, str, Properties], None]
Retag: TypeAlias = Callable[[Aws, Properties, Tags, list[str]], None]


@dataclass(frozen=True, kw_only=True)
class Resource:
    """A resource type: its inputs, the effect of changing each, and the functions that call AWS.

    Attributes:
        type_name: The type's token, such as `aws:s3/bucket:Bucket`.
        create: Creates it from its inputs; returns its id.
        read: Reads its outputs, and the inputs that AWS returns (None for one that is not set), from its id and
            recorded properties. None if it does not exist.
        delete: Deletes it, from its id and recorded properties.
        replaces: Inputs whose change replaces the resource.
        updates: Inputs that change in place, each with the function that applies the new value.
        afterwards: Those of `updates` that `create` does not send: they are applied right after it.
        alternatives: Inputs of which exactly one is given; a different one in its place replaces the resource.
        settings: Inputs for the provider that are not sent to AWS.
        outputs: Outputs that a preview cannot know, and optional inputs for which AWS chooses a value.
        defaults: Values of inputs that the program does not declare.
        name: How it is named, if it has a name.
        retag: Applies changed tags: the properties, tags to set, keys to remove. None: it has no tags.
        patterns: Regular expressions that inputs must match, as AWS or the official provider demands.
        documents: Inputs that are JSON policies, compared by content and not by text.
        sets: Inputs that are lists whose order does not matter.
        shared: Inputs that other resources set as well (a role's policies, a table's routes) and outputs that depend on
            others: a refresh reads them only if this resource declares them.
        renewed: Outputs that any update may change.
        regional: Whether it lives in a region.
        delete_first: Whether a replacement deletes the old one first, as two cannot exist at the same time.
    """

    type_name: str
    create: Create
    read: Read
    delete: Delete
    replaces: tuple[str, ...] = ()
    updates: Mapping[str, Update] = field(default_factory=dict[str, Update])
    afterwards: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    defaults: Mapping[str, Any] = field(default_factory=dict[str, Any])
    name: AutoName | None = None
    retag: Retag | None = None
    patterns: Mapping[str, str] = field(default_factory=dict[str, str])
    documents: frozenset[str] = frozenset()
    sets: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()
    renewed: frozenset[str] = frozenset()
    regional: bool = True
    delete_first: bool = False

    @cached_property
    def replacing(self) -> frozenset[str]:
        """Every input whose change replaces the resource."""
        name = self.name.keys if self.name else ()
        region = ("region",) if self.regional else ()
        return frozenset((*self.replaces, *name, *region))

    @cached_property
    def inputs(self) -> frozenset[str]:
        """Every input that the plugin supports."""
        tags = ("tags",) if self.retag else ()
        return frozenset((*self.replacing, *self.updates, *self.settings, *tags))
