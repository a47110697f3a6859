"""Finds the ports that a job's file systems require.

Input: the members of jobs, in which values may be deferred. Output: rows of `PORTS`, for the security group.
SageMaker mounts file systems from the job's own network interfaces.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sagemaker_constructs.api.tree import values_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Ports:
    """TCP ports between an instance and a file system."""

    kind: str
    """A `file_system_type`."""
    name: str
    """Suffix of the names of the security group rules."""
    first: int
    last: int
    both_ways: bool
    """Whether the file system also connects to its clients."""
    source: str
    """Page of AWS's documentation."""


_LUSTRE = "FSx for Lustre User Guide: limit-access-security-groups"
PORTS: tuple[Ports, ...] = (
    Ports("EFS", "nfs", 2049, 2049, both_ways=False, source="EFS User Guide: network-access"),
    Ports("FSxLustre", "lustre", 988, 988, both_ways=True, source=_LUSTRE),
    Ports("FSxLustre", "lustre-clients", 1018, 1023, both_ways=True, source=_LUSTRE),
)
_KIND = "input_data_config.data_source.file_system_data_source.file_system_type"


def ports_of(jobs: Iterable[Mapping[str, Any]]) -> list[Ports]:
    """The ports of the jobs' file systems; all of them where the type of a file system is not known yet."""
    kinds = [kind for job in jobs for kind in values_at(job, _KIND)]
    return [ports for ports in PORTS if any(kind == ports.kind or not isinstance(kind, str) for kind in kinds)]
