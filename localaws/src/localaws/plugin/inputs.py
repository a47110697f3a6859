"""Completes the declared inputs of a resource, and says why inputs are refused (the engine's `Check`)."""

import re
from typing import Any

from .aws import Configuration
from .resource import Resource
from .values import UNKNOWN, Properties

DEFAULTS = "__defaults"
"""The key under which Pulumi's bridge records which inputs are defaults."""


def refusals(row: Resource, inputs: Properties) -> dict[str, str]:
    """The inputs that the plugin does not support or AWS does not accept, each with the reason."""
    unsupported = {
        key: f"the emulated aws plugin does not support `{key}` of {row.type_name}; the official plugin does"
        for key in inputs.keys() - row.inputs
        if not key.startswith("__")
    }
    malformed = {
        key: f"{inputs[key]!r} does not match {pattern}"
        for key, pattern in row.patterns.items()
        if inputs.get(key, UNKNOWN) != UNKNOWN and not re.fullmatch(pattern, str(inputs[key]), re.ASCII)
    }
    return {**unsupported, **malformed}


def filled(
    row: Resource, configuration: Configuration, declared: Properties, *, logical_name: str, seed: bytes
) -> Properties:
    """Values for inputs that the program does not declare: defaults, the region, a name."""
    values: Properties = {**row.defaults}
    if row.regional:
        values["region"] = configuration.region or UNKNOWN
    if row.name and row.name.key not in declared:
        values[row.name.key] = row.name.name(logical_name, seed, declared.get(f"{row.name.key}Prefix"))
    return {key: value for key, value in values.items() if key not in declared}


def completed(
    row: Resource, configuration: Configuration, olds: Properties, declared: Properties, values: Properties
) -> Properties:
    """The declared inputs with the filled-in values and the provider's default tags.

    A name that was filled in before is kept, so that it stays what it is until the resource is replaced.
    """
    name = row.name.key if row.name else None
    if name in values and name in olds.get(DEFAULTS, ()):
        values = {**values, name: olds[name]}
    tags = _tags(configuration, declared.get("tags")) if row.retag else None
    return {**values, **declared, **({"tags": tags} if tags else {}), DEFAULTS: sorted(values)}


def keeps_its_name(row: Resource, olds: Properties, news: Properties) -> bool:
    """Whether old and new have the same explicit name, so that they cannot exist at the same time."""
    name = row.name.key if row.name else None
    return name in news and name not in news.get(DEFAULTS, ()) and olds.get(name) == news[name]


def _tags(configuration: Configuration, declared: Any) -> Any:
    return declared if declared == UNKNOWN else {**configuration.default_tags, **(declared or {})}
