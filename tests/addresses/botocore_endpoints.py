"""What the installed botocore knows of partitions and of the hosts in them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from botocore.endpoint_provider import EndpointProvider
from botocore.loaders import Loader

_LOADER = Loader()


@lru_cache(maxsize=1)
def partitions() -> dict[str, Any]:
    """The row of each partition, by its name."""
    return {row["id"]: row for row in _LOADER.load_data("partitions")["partitions"]}


def older_suffixes() -> dict[str, str]:
    """The domain of each partition in the older table, which has the endpoints of each service."""
    return {row["partition"]: row["dnsSuffix"] for row in _LOADER.load_data("endpoints")["partitions"]}


def regions() -> list[tuple[str, str]]:
    """Every Region that botocore lists, with its partition, without those such as `aws-global`, which are none."""
    return [
        (name, region)
        for name, row in partitions().items()
        for region in row["regions"]
        if not region.endswith("-global")
    ]


@lru_cache(maxsize=8)
def _provider(service: str) -> EndpointProvider:
    rules = _LOADER.load_service_model(service, "endpoint-rule-set-1")
    return EndpointProvider(rules, _LOADER.load_data("partitions"))


def endpoint(service: str, **parameters: str | bool) -> str:
    """The URL that botocore sends a request to."""
    return _provider(service).resolve_endpoint(**parameters).url
