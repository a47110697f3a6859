"""Bucket policies with their conditions: moto leaves these out, so that one against plain HTTP shuts everybody out.

What comes over loopback counts as come by TLS: nobody can listen there.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket

from localaws.server.policies import effects, listed

if TYPE_CHECKING:
    from collections.abc import Mapping

CONTEXT = {"aws:SecureTransport": "true"}


def permission(bucket: FakeBucket, action: str, resource: str) -> PermissionResult:
    """What a bucket's policy says of an action, as far as it speaks of everybody."""
    if bucket.policy is None:
        return PermissionResult.NEUTRAL
    document: Mapping[str, Any] = json.loads(bucket.policy.decode())
    public = [each for each in listed(document["Statement"]) if each.get("Principal") in ("*", {"AWS": "*"})]
    said = effects([{"Statement": public}], action, resource, CONTEXT)
    if "Deny" in said:
        return PermissionResult.DENIED
    return PermissionResult.PERMITTED if "Allow" in said else PermissionResult.NEUTRAL


def install() -> None:
    """Lets moto ask here."""
    FakeBucket.get_permission = permission  # pyright: ignore[reportAttributeAccessIssue]  typed Any in moto
