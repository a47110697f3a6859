"""Computes the status of a warm pool: the instances that a job keeps for the next one. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

MATCHED = (
    "RoleArn",
    "VpcConfig",
    "EnableInterContainerTrafficEncryption",
    "EnableNetworkIsolation",
)
MATCHED_RESOURCES = ("InstanceType", "InstanceCount", "InstanceGroups", "VolumeSizeInGB", "VolumeKmsKeyId")
"""The members that two jobs must have in common for the second to use the first one's instances (AWS, "warm pools")."""


@dataclass(frozen=True)
class WarmPool:
    """A pool, created when its job ended.

    Attributes:
        since: When the job ended, in seconds since the epoch.
        until: When the pool ends on its own.
        reused_by: The job that took the instances over.
        reused_at: When it did.
    """

    since: float
    until: float
    reused_by: str | None = None
    reused_at: float = 0.0

    def status(self, now: float) -> str:
        """Available, Reused or Terminated."""
        if self.reused_by is not None:
            return "Reused"
        return "Available" if now < self.until else "Terminated"

    def describe(self, now: float) -> dict[str, Any]:
        """The WarmPoolStatus of a description."""
        end = self.reused_at if self.reused_by is not None else min(now, self.until)
        described: dict[str, Any] = {
            "Status": self.status(now),
            "ResourceRetainedBillableTimeInSeconds": max(0, round(end - self.since)),
        }
        if self.reused_by is not None:
            described["ReusedByJob"] = self.reused_by
        return described


def signature(request: Mapping[str, Any]) -> tuple[Any, ...]:
    """What has to be equal for one job to run on another's instances."""
    resources = request.get("ResourceConfig", {})
    return (*(request.get(name) for name in MATCHED), *(resources.get(name) for name in MATCHED_RESOURCES))
