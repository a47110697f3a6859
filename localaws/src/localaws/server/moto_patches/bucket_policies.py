"""Evaluates a bucket policy with its conditions.

A request over loopback counts as one over TLS (aws:SecureTransport is true): nobody can listen there.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from moto.iam.access_control import PermissionResult

from localaws.server.policies import effects, listed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from moto.s3.models import FakeBucket

CONTEXT = {"aws:SecureTransport": "true"}


def get_permission(bucket: FakeBucket, action: str, resource: str) -> PermissionResult:
    """What a bucket's policy says of an action, in the statements whose principal is everybody."""
    if bucket.policy is None:
        return PermissionResult.NEUTRAL
    document: Mapping[str, Any] = json.loads(bucket.policy.decode())
    public = [each for each in listed(document["Statement"]) if each.get("Principal") in ("*", {"AWS": "*"})]
    said = effects([{"Statement": public}], action, resource, CONTEXT)
    if "Deny" in said:
        return PermissionResult.DENIED
    return PermissionResult.PERMITTED if "Allow" in said else PermissionResult.NEUTRAL
