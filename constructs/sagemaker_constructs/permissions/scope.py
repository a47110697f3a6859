"""Names the partition, Region and account in which jobs run, and builds ARNs there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """Partition, Region and account of the jobs."""

    partition: str
    """`aws`, `aws-cn`, `aws-us-gov`, …"""
    region: str
    account: str

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource of this account and Region."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"
