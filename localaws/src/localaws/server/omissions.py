"""Removes members from moto's answers that AWS leaves out where nothing was set.

To the official plugin an empty structure is one that the program does not declare, and so a change.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

OMITTED: Mapping[str, tuple[str, ...]] = {
    "SageMaker.DescribeModel": ("Containers", "VpcConfig"),
    "SageMaker.DescribeEndpointConfig": ("DataCaptureConfig",),
    "SageMaker.DescribeEndpoint": ("DataCaptureConfig",),
}
"""The members by operation."""


def without_empty(name: str, body: bytes) -> bytes:
    """The JSON of an operation of the table, without those of its members that are empty."""
    answer: dict[str, Any] = json.loads(body)
    return json.dumps({key: value for key, value in answer.items() if value or key not in OMITTED[name]}).encode()
