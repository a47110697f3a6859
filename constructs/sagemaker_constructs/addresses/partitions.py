"""Describes each AWS partition: its Regions, and the domains of its services and of its console.

Input: the name of a partition or of a Region. Output: its `Partition`. A new partition is one row of `PARTITIONS`;
`tests/addresses/test_partitions.py` compares the rows with botocore's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

REGION_FORM = r"[a-z]{2,4}(?:-[a-z]+){1,3}-\d{1,2}"
"""The form of any Region's name, for Regions are added every year."""


@dataclass(frozen=True, slots=True)
class Partition:
    """A group of Regions with ARNs and domains of its own."""

    name: str
    """As in an ARN."""
    regions: re.Pattern[str]
    """The pattern of its Regions' names."""
    dns_suffix: str
    """Domain of the services' endpoints."""
    dual_stack: str
    """Domain of what is reached over IPv4 and IPv6, without its first label."""
    console: str
    """Domain of the console and of its sign-in, without their first labels."""

    @property
    def dual_stack_dns_suffix(self) -> str:
        """Domain of the services' dual-stack endpoints."""
        return f"api.{self.dual_stack}"

    @property
    def resource_dns_suffix(self) -> str:
        """Domain of the dual-stack endpoints that belong to a resource, such as a registry."""
        return f"on.{self.dual_stack}"

    def console_host(self, region: str) -> str:
        """Host of the console in a Region."""
        return f"{region}.console.{self.console}"

    def contains(self, region: str) -> bool:
        """Whether a Region is in this partition."""
        return self.regions.fullmatch(region) is not None


PARTITIONS: tuple[Partition, ...] = (
    Partition(
        "aws",
        re.compile(r"(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+", re.ASCII),
        dns_suffix="amazonaws.com",
        dual_stack="aws",
        console="aws.amazon.com",
    ),
    Partition(
        "aws-cn",
        re.compile(r"cn-\w+-\d+", re.ASCII),
        dns_suffix="amazonaws.com.cn",
        dual_stack="amazonwebservices.com.cn",
        console="amazonaws.cn",
    ),
    Partition(
        "aws-us-gov",
        re.compile(r"us-gov-\w+-\d+", re.ASCII),
        dns_suffix="amazonaws.com",
        dual_stack="aws",
        console="amazonaws-us-gov.com",
    ),
    Partition(
        "aws-eusc",
        re.compile(r"eusc-(de)-\w+-\d+", re.ASCII),
        dns_suffix="amazonaws.eu",
        dual_stack="amazonwebservices.eu",
        console="amazonaws-eusc.eu",
    ),
    Partition(
        "aws-iso",
        re.compile(r"us-iso-\w+-\d+", re.ASCII),
        dns_suffix="c2s.ic.gov",
        dual_stack="aws.ic.gov",
        console="c2shome.ic.gov",
    ),
    Partition(
        "aws-iso-b",
        re.compile(r"us-isob-\w+-\d+", re.ASCII),
        dns_suffix="sc2s.sgov.gov",
        dual_stack="aws.scloud",
        console="sc2shome.sgov.gov",
    ),
    Partition(
        "aws-iso-e",
        re.compile(r"eu-isoe-\w+-\d+", re.ASCII),
        dns_suffix="cloud.adc-e.uk",
        dual_stack="cloud-aws.adc-e.uk",
        console="csphome.adc-e.uk",
    ),
    Partition(
        "aws-iso-f",
        re.compile(r"us-isof-\w+-\d+", re.ASCII),
        dns_suffix="csp.hci.ic.gov",
        dual_stack="aws.hci.ic.gov",
        console="csphome.hci.ic.gov",
    ),
)

_NAMED = {partition.name: partition for partition in PARTITIONS}
_REGION = re.compile(REGION_FORM, re.ASCII)


def partition_named(name: str) -> Partition | None:
    """The partition of an ARN, by its name."""
    return _NAMED.get(name)


def partition_of(region: str) -> Partition | None:
    """The partition that a Region is in; None for a Region whose name fits no row."""
    return next((partition for partition in PARTITIONS if partition.contains(region)), None)


def partition_at(region: str | None, dns_suffix: str) -> Partition | None:
    """The partition of a host name, of which the Region and the domain are given.

    The Region decides, for two partitions have the same domain. A Region that fits no row may be a new one, and is
    taken to be in the first partition with that domain.

    Returns:
        None where the Region's partition has another domain, or no partition has this one.
    """
    of_region = partition_of(region) if region else None
    return next((each for each in ((of_region,) if of_region else PARTITIONS) if dns_suffix in _suffixes(each)), None)


def is_region_name(text: str) -> bool:
    """Whether a text has the form of a Region's name, be there such a Region or not."""
    return _REGION.fullmatch(text) is not None


def _suffixes(partition: Partition) -> tuple[str, ...]:
    return partition.dns_suffix, partition.resource_dns_suffix, partition.dual_stack_dns_suffix
