"""Whether a network from elsewhere can hold training jobs.

Input: what was looked up. Output: findings: what no job could run in is refused, what may be meant is only said.
Source: SageMaker Developer Guide, "train-vpc".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from sagemaker_constructs.network.address_plan import ADDRESSES_PER_INSTANCE

WAYS: Mapping[str, tuple[str, str]] = {
    "default": ("route.destination-cidr-block", "0.0.0.0/0"),
    "internet gateway": ("route.gateway-id", "igw-*"),
    "endpoint": ("route.gateway-id", "vpce-*"),
}
"""Where a route table can lead, and the filter of DescribeRouteTables that finds it. Of the endpoints only S3's
counts, which the filter does not tell from DynamoDB's."""


@dataclass(frozen=True, slots=True)
class Subnet:
    """A subnet from elsewhere."""

    identifier: str
    vpc: str
    addresses: int
    """Free ones."""
    ways: frozenset[str]
    """Keys of `WAYS`: where its route table leads."""
    zone: str


@dataclass(frozen=True, slots=True)
class Placement:
    """What a job's machines would be placed in."""

    subnets: tuple[Subnet, ...]
    groups: Mapping[str, str]
    """The VPC of each security group."""
    tenancy: Mapping[str, str]
    """The tenancy of each VPC: `default` or `dedicated`."""
    instances: int
    """Machines of the largest job."""
    endpoints: bool = False
    """Whether interface endpoints are made in the subnets."""

    @property
    def addresses(self) -> int:
        """How many addresses those need."""
        return self.instances * ADDRESSES_PER_INSTANCE


def refusals(found: Placement) -> list[str]:
    """What no job could run in, a sentence each."""
    return [sentence for rule in _REFUSED for sentence in rule(found)]


def warnings(found: Placement) -> list[str]:
    """What may be meant, a sentence each."""
    return [sentence for rule in _SAID for sentence in rule(found)]


def wrong_tenancy(tenancies: Mapping[str, str]) -> Iterator[str]:
    """The VPCs, by id, whose tenancy is not the one that training machines have."""
    for vpc, tenancy in tenancies.items():
        if tenancy != "default":
            yield f"{vpc}: its tenancy is {tenancy}, expected default: training machines run on shared hardware only"


def wrong_groups(groups: Mapping[str, str], vpcs: Iterable[str]) -> Iterator[str]:
    """The security groups that belong to none of the VPCs, whose machines are to have them."""
    expected = sorted(vpcs)
    for group, vpc in groups.items():
        if vpc not in expected:
            yield f"security group {group}: it belongs to {vpc}, expected the subnets' {' or '.join(expected)}"


def _several_vpcs(found: Placement) -> Iterator[str]:
    vpcs = sorted({each.vpc for each in found.subnets})
    if len(vpcs) > 1:
        yield f"subnets: got subnets of {' and '.join(vpcs)}, expected those of one VPC"


def _foreign_groups(found: Placement) -> Iterator[str]:
    return wrong_groups(found.groups, {each.vpc for each in found.subnets})


def _zones_of_endpoints(found: Placement) -> Iterator[str]:
    """An interface endpoint takes one subnet a zone (PrivateLink Guide, "create-interface-endpoint")."""
    zones: dict[str, list[str]] = {}
    for each in found.subnets if found.endpoints else ():
        zones.setdefault(each.zone, []).append(each.identifier)
    for zone, subnets in zones.items():
        if len(subnets) > 1:
            yield (
                f"interface_endpoints: got subnets {' and '.join(subnets)} in zone {zone}, where an endpoint takes "
                "one: give one subnet a zone, or make the endpoints elsewhere"
            )


def _dedicated(found: Placement) -> Iterator[str]:
    return wrong_tenancy(found.tenancy)


def _too_small(found: Placement) -> Iterator[str]:
    if all(each.addresses < found.addresses for each in found.subnets):
        free = ", ".join(f"{each.identifier} {each.addresses}" for each in found.subnets)
        yield (
            f"subnets: got free addresses {free}, expected {found.addresses} in one of them: "
            f"{ADDRESSES_PER_INSTANCE} for each of {found.instances} machines"
        )


def _shut_in(found: Placement) -> Iterator[str]:
    for each in found.subnets:
        if not each.ways & {"default", "endpoint"}:
            yield (
                f"{each.identifier}: its route table leads neither to a gateway endpoint of S3 nor out of the VPC, so "
                "that a job there gets no data: add the endpoint to the route table"
            )


def _public(found: Placement) -> Iterator[str]:
    for each in found.subnets:
        if "internet gateway" in each.ways and "endpoint" not in each.ways:
            yield (
                f"{each.identifier}: it is a public subnet, and a training machine has no public address, so that "
                "nothing answers it: take a private subnet, or add a gateway endpoint of S3 to its route table"
            )


def _public_with_endpoint(found: Placement) -> Iterator[str]:
    for each in found.subnets:
        if {"internet gateway", "endpoint"} <= each.ways:
            yield (
                f"{each.identifier}: it is a public subnet, and a training machine has no public address: "
                "it reaches its gateway endpoints and nothing outside the VPC"
            )


def _some_too_small(found: Placement) -> Iterator[str]:
    small = [each for each in found.subnets if each.addresses < found.addresses]
    if len(small) < len(found.subnets):
        for each in small:
            yield (
                f"{each.identifier}: it has {each.addresses} free addresses, and {found.instances} machines need "
                f"{found.addresses}: the job can only be placed in the other subnets"
            )


_Rules = Iterable[Callable[[Placement], Iterator[str]]]
_REFUSED: _Rules = (_several_vpcs, _foreign_groups, _dedicated, _too_small, _shut_in, _public, _zones_of_endpoints)
_SAID: _Rules = (_some_too_small, _public_with_endpoint)
