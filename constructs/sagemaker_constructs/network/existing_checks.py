"""Checks whether training jobs can run in an existing network.

Input: an `ExistingNetwork`, as it was looked up. Output: errors, where no job can run in it, and warnings, where it may
not work as intended. Source: SageMaker Developer Guide, "train-vpc".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from sagemaker_constructs.network.address_plan import ADDRESSES_PER_INSTANCE

ROUTES: Mapping[str, tuple[str, str]] = {
    "default": ("route.destination-cidr-block", "0.0.0.0/0"),
    "internet gateway": ("route.gateway-id", "igw-*"),
    "endpoint": ("route.gateway-id", "vpce-*"),
}
"""Routes of a route table that matter, and the filter of DescribeRouteTables that finds each. Only an endpoint of S3
counts, which the filter cannot tell from one of DynamoDB."""


@dataclass(frozen=True, slots=True)
class Subnet:
    """An existing subnet."""

    identifier: str
    vpc: str
    addresses: int
    """Free IP addresses."""
    routes: frozenset[str]
    """Keys of `ROUTES` that its route table contains."""
    zone: str


@dataclass(frozen=True, slots=True)
class ExistingNetwork:
    """Existing subnets, with what is known of their VPC and of the security groups."""

    subnets: tuple[Subnet, ...]
    groups: Mapping[str, str]
    """The VPC of each security group."""
    tenancy: Mapping[str, str]
    """The tenancy of each VPC: `default` or `dedicated`."""
    instances: int
    """Instances of the largest job."""
    endpoints: bool = False
    """Whether interface endpoints will be created in the subnets."""

    @property
    def required_addresses(self) -> int:
        """The IP addresses that the largest job requires."""
        return self.instances * ADDRESSES_PER_INSTANCE


def errors(found: ExistingNetwork) -> list[str]:
    """Why no job can run in the network, a sentence each."""
    return [sentence for rule in _ERRORS for sentence in rule(found)]


def warnings(found: ExistingNetwork) -> list[str]:
    """What may be unintended, a sentence each."""
    return [sentence for rule in _WARNINGS for sentence in rule(found)]


def tenancy_errors(tenancies: Mapping[str, str]) -> Iterator[str]:
    """The errors in the tenancies of VPCs, by VPC id."""
    for vpc, tenancy in tenancies.items():
        if tenancy != "default":
            yield f"{vpc}: tenancy is {tenancy}, must be default: training instances run on shared hardware only"


def group_errors(groups: Mapping[str, str], vpcs: Iterable[str]) -> Iterator[str]:
    """The errors in the VPCs of security groups, by group id.

    Args:
        groups: the VPC of each group.
        vpcs: the VPCs in which the instances run.
    """
    expected = sorted(vpcs)
    for group, vpc in groups.items():
        if vpc not in expected:
            yield f"security group {group}: belongs to {vpc}, must belong to {' or '.join(expected)} like the subnets"


def _several_vpcs(found: ExistingNetwork) -> Iterator[str]:
    vpcs = sorted({each.vpc for each in found.subnets})
    if len(vpcs) > 1:
        yield f"subnets: got subnets of {' and '.join(vpcs)}, expected subnets of one VPC"


def _groups(found: ExistingNetwork) -> Iterator[str]:
    return group_errors(found.groups, {each.vpc for each in found.subnets})


def _tenancy(found: ExistingNetwork) -> Iterator[str]:
    return tenancy_errors(found.tenancy)


def _zones_of_endpoints(found: ExistingNetwork) -> Iterator[str]:
    """An interface endpoint accepts one subnet per zone (PrivateLink Guide, "create-interface-endpoint")."""
    zones: dict[str, list[str]] = {}
    for each in found.subnets if found.endpoints else ():
        zones.setdefault(each.zone, []).append(each.identifier)
    for zone, subnets in zones.items():
        if len(subnets) > 1:
            yield (
                f"interface_endpoints requires subnets in different zones, one for each zone: {' and '.join(subnets)} "
                f"are both in {zone}; pass one of them, or create the endpoints elsewhere"
            )


def _all_too_small(found: ExistingNetwork) -> Iterator[str]:
    if all(each.addresses < found.required_addresses for each in found.subnets):
        free = ", ".join(f"{each.addresses} in {each.identifier}" for each in found.subnets)
        yield (
            f"subnets: got free IP addresses {free}, expected {found.required_addresses} in one subnet: "
            f"{ADDRESSES_PER_INSTANCE} for each of {found.instances} instances"
        )


def _no_route_to_s3(found: ExistingNetwork) -> Iterator[str]:
    for each in found.subnets:
        if not each.routes & {"default", "endpoint"}:
            yield (
                f"{each.identifier}: its route table has neither an S3 gateway endpoint nor a default route, so that a "
                "job cannot read its data: add an S3 gateway endpoint to the route table"
            )


def _public(found: ExistingNetwork) -> Iterator[str]:
    for each in found.subnets:
        if "internet gateway" in each.routes and "endpoint" not in each.routes:
            yield (
                f"{each.identifier}: is a public subnet, and training instances have no public IP address, so that "
                "they cannot reach S3: use a private subnet, or add an S3 gateway endpoint to its route table"
            )


def _public_with_endpoint(found: ExistingNetwork) -> Iterator[str]:
    for each in found.subnets:
        if {"internet gateway", "endpoint"} <= each.routes:
            yield (
                f"{each.identifier}: is a public subnet, and training instances have no public IP address: "
                "they can reach gateway endpoints, and nothing else outside the VPC"
            )


def _some_too_small(found: ExistingNetwork) -> Iterator[str]:
    small = [each for each in found.subnets if each.addresses < found.required_addresses]
    if len(small) < len(found.subnets):
        for each in small:
            yield (
                f"{each.identifier}: has {each.addresses} free IP addresses, and {found.instances} instances require "
                f"{found.required_addresses}: the job can only run in the other subnets"
            )


_Rules = Iterable[Callable[[ExistingNetwork], Iterator[str]]]
_ERRORS: _Rules = (_several_vpcs, _groups, _tenancy, _all_too_small, _no_route_to_s3, _public, _zones_of_endpoints)
_WARNINGS: _Rules = (_some_too_small, _public_with_endpoint)
