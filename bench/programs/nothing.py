"""Dynamic resources that do nothing: what Pulumi itself costs."""

from __future__ import annotations

from typing import Any

from pulumi import dynamic


class NothingProvider(dynamic.ResourceProvider):
    """Creates nothing, and has no differences."""

    serialize_as_secret_always = False

    def create(self, props: dict[str, Any]) -> dynamic.CreateResult:
        """Nothing."""
        return dynamic.CreateResult("nothing", props)


class Nothing(dynamic.Resource, module="bench", name="Nothing"):
    """A resource that is nothing."""

    def __init__(self, name: str) -> None:
        super().__init__(NothingProvider(), name, {})


def deploy(count: int) -> None:
    """So many nothings."""
    for number in range(count):
        Nothing(f"nothing{number}")
