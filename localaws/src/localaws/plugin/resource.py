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
    """A resource type: its inputs, what a change of each does, and the calls that carry it out.

    Attributes:
        type_name: The type's token, such as `aws:s3/bucket:Bucket`.
        create: Creates it from its inputs; returns its id.
        read: From its id and recorded properties, what AWS says of it now: outputs, and those inputs that AWS tells
            (None for one that is not set). None if it is gone.
        delete: Deletes it, from its id and recorded properties.
        replaces: Inputs whose change makes another resource.
        updates: Inputs that change in place, each with the function that applies the new value.
        afterwards: Those of `updates` that `create` does not send, so that they are applied right after it.
        alternatives: Inputs of which exactly one is given; another one in its place makes another resource.
        settings: Inputs that steer the provider and never reach AWS.
        outputs: Outputs that a preview cannot know, and optional inputs for which AWS chooses a value.
        defaults: Values of inputs that the program does not give.
        name: How it is named, if it has a name.
        retag: Applies changed tags: the properties, tags to set, keys to remove. None: it has no tags.
        patterns: Regular expressions that inputs must match, as AWS or the official provider demands.
        documents: Inputs that are JSON policies, compared by what they mean.
        sets: Inputs that are lists whose order means nothing.
        shared: Inputs that other resources fill as well (a role's policies, a table's routes) and outputs that follow
            from others: a refresh tells them only where this resource declares them.
        renewed: Outputs that any update may change.
        regional: Whether it lives in a region.
        delete_first: Whether a replacement deletes the old one first, as two cannot exist side by side.
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
        """Every input whose change makes another resource."""
        name = self.name.keys if self.name else ()
        region = ("region",) if self.regional else ()
        return frozenset((*self.replaces, *name, *region))

    @cached_property
    def inputs(self) -> frozenset[str]:
        """Every input that the plugin carries out."""
        tags = ("tags",) if self.retag else ()
        return frozenset((*self.replacing, *self.updates, *self.settings, *tags))


def nothing(_aws: Aws, _id: str, _properties: Properties) -> None:
    """A deletion that has nothing to do at AWS."""
