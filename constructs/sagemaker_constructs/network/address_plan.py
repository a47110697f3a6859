"""Plans the IPv4 blocks of a network's subnets.

Input: an IPv4 range and the number of instances. Output: an `AddressPlan`, with the blocks of every Availability Zone
that the network may ever have. The range is cut into sixteenths: one slot for each of fifteen private subnets, and the
last sixteenth, cut again in the same way, for public ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network

from pulumi import RunError

MOST_ZONES = 15
"""Availability Zones that a network can have; no Region has more, and a job accepts 16 subnets at most."""
ADDRESSES_PER_INSTANCE = 2
"""Free addresses that a training instance requires (SageMaker Developer Guide, "train-vpc")."""
_PARTS = 16
_RESERVED = 5
"""Addresses of each subnet that AWS reserves (VPC User Guide, "subnet-sizing")."""
_LARGEST, _SMALLEST = 16, 28
"""Prefix lengths of the largest VPC and of the smallest subnet (same page)."""
_UNUSABLE = tuple(map(IPv4Network, ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3")))
"""Ranges without hosts: this network, loopback, link-local, multicast and above (RFC 6890)."""


class NetworkRefusedError(RunError):
    """A network's arguments are wrong, or an existing network cannot run training jobs."""


@dataclass(frozen=True, slots=True)
class AddressPlan:
    """The blocks of a network's subnets, by slot. A slot is an Availability Zone's sixteenth of the range."""

    private: tuple[str, ...]
    public: tuple[str, ...]
    """Empty where no public subnets are planned."""


def plan_addresses(cidr_block: str, *, instances: int = 1, public: bool = False) -> AddressPlan:
    """The blocks of the private subnets, and of public ones on request.

    Slots do not depend on the number of zones, so that adding a zone changes no existing subnet.

    Args:
        cidr_block: IPv4 range in CIDR notation, such as `10.0.0.0/16`.
        instances: instances that must fit into any one private subnet.
        public: whether to plan public subnets, which requires a larger range.

    Raises:
        NetworkRefusedError: `cidr_block` is no IPv4 range that a VPC can have, or too small.
    """
    parts = _sixteenths(_range(cidr_block), cidr_block)
    capacity = (parts[0].num_addresses - _RESERVED) // ADDRESSES_PER_INSTANCE
    if instances > capacity:
        raise NetworkRefusedError(
            f"cidr_block: got {cidr_block}, whose subnets have addresses for {capacity} instances, expected addresses "
            f"for {instances}"
        )
    return AddressPlan(
        private=tuple(map(str, parts[:MOST_ZONES])),
        public=tuple(map(str, _sixteenths(parts[-1], cidr_block)[:MOST_ZONES])) if public else (),
    )


def slot_of(zone: str) -> int | None:
    """The slot of a named Availability Zone: the position of its last letter in the alphabet; None without a slot.

    In a Region whose zones are lettered without a gap, counted zones have the same slots.
    """
    slot = ord(zone[-1:] or " ") - ord("a")
    return slot if 0 <= slot < MOST_ZONES else None


def _range(cidr_block: str) -> IPv4Network:
    try:
        network = IPv4Network(cidr_block)
    except ValueError as error:
        raise NetworkRefusedError(
            f"cidr_block: got {cidr_block!r}, expected an IPv4 range such as 10.0.0.0/16: {error}"
        ) from None
    if str(network) != cidr_block:
        raise NetworkRefusedError(f"cidr_block: got {cidr_block!r}, expected it in AWS's notation: {network}")
    for unusable in _UNUSABLE:
        if network.overlaps(unusable):
            raise NetworkRefusedError(
                f"cidr_block: got {cidr_block}, expected a range outside {unusable}, which no VPC can have"
            )
    if network.prefixlen < _LARGEST:
        raise NetworkRefusedError(
            f"cidr_block: got {cidr_block}, expected /{_LARGEST} or a smaller range: /{_LARGEST} is a VPC's largest"
        )
    return network


def _sixteenths(network: IPv4Network, cidr_block: str) -> list[IPv4Network]:
    length = network.prefixlen + _PARTS.bit_length() - 1
    if length > _SMALLEST:
        raise NetworkRefusedError(
            f"cidr_block: got {cidr_block}, expected a larger range: its subnets would be smaller than /{_SMALLEST}, "
            "which is AWS's smallest"
        )
    return list(network.subnets(new_prefix=length))
