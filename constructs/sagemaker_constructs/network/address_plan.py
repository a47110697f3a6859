"""The addresses of a training network.

Input: an IPv4 range, the number of zones, the number of machines. Output: blocks, one a zone, in the zones' order.
The range is cut into sixteenths: the first fifteen are private subnets, the last one is cut again for public ones.
"""

from __future__ import annotations

from ipaddress import IPv4Network

from pulumi import RunError

MOST_ZONES = 15
"""Private subnets that a range is cut into; no Region has more zones, and a job takes 16 subnets at most."""
ADDRESSES_PER_INSTANCE = 2
"""Addresses that a training machine needs (SageMaker Developer Guide, "train-vpc")."""
_PARTS = 16
_RESERVED = 5
"""Addresses in a subnet that AWS keeps (VPC User Guide, "subnet-sizing")."""
_LARGEST, _SMALLEST = 16, 28
"""The prefixes that a VPC and a subnet may have (same page)."""
_CLOSED = tuple(map(IPv4Network, ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3")))
"""Ranges that no host has: this network, loopback, link-local, multicast and above (RFC 6890)."""


class NetworkRefusedError(RunError):
    """A network in which no training job could run. A program that asks for it ends with this text, no traceback."""


def subnet_blocks(block: str, zones: int, *, instances: int = 1) -> tuple[str, ...]:
    """One block for each zone: always the same sixteenth of the range, so that a further zone moves no subnet.

    Args:
        block: IPv4 range in CIDR notation, such as `10.0.0.0/16`.
        zones: how many blocks, 1 to 15.
        instances: machines that must find two addresses each in any one block.

    Raises:
        NetworkRefusedError: the range is none, or too small for so many machines, or zones is not 1 to 15.
    """
    _check_zones(zones)
    parts = _parts(_network(block), block)
    room = (parts[0].num_addresses - _RESERVED) // ADDRESSES_PER_INSTANCE
    if instances > room:
        raise NetworkRefusedError(
            f"cidr_block: got {block}, whose subnets have room for {room} machines, expected {instances}"
        )
    return tuple(str(part) for part in parts[:zones])


def public_blocks(block: str, zones: int) -> tuple[str, ...]:
    """One block for each public subnet, out of the last sixteenth of the range.

    Raises:
        NetworkRefusedError: the range is none, or too small, or zones is not 1 to 15.
    """
    _check_zones(zones)
    return tuple(str(part) for part in _parts(_parts(_network(block), block)[-1], block)[:zones])


def place_of(zone: str) -> int | None:
    """The sixteenth of the range that a zone has by its letter, whichever zones are beside it; None where it has none.

    As zones that are counted have it, where the Region's letters have no gap.
    """
    place = ord(zone[-1:] or " ") - ord("a")
    return place if 0 <= place < MOST_ZONES else None


def _check_zones(zones: int) -> None:
    if not 1 <= zones <= MOST_ZONES:
        raise NetworkRefusedError(f"zones: got {zones}, expected 1 to {MOST_ZONES}")


def _network(block: str) -> IPv4Network:
    try:
        network = IPv4Network(block)
    except ValueError as error:
        raise NetworkRefusedError(
            f"cidr_block: got {block!r}, expected an IPv4 range such as 10.0.0.0/16: {error}"
        ) from None
    if str(network) != block:
        raise NetworkRefusedError(f"cidr_block: got {block!r}, expected it as AWS writes it: {network}")
    for closed in _CLOSED:
        if network.overlaps(closed):
            raise NetworkRefusedError(f"cidr_block: got {block}, expected a range outside {closed}: no VPC can have it")
    if network.prefixlen < _LARGEST:
        raise NetworkRefusedError(f"cidr_block: got {block}, expected /{_LARGEST} at most, the largest range of a VPC")
    return network


def _parts(network: IPv4Network, block: str) -> list[IPv4Network]:
    length = network.prefixlen + _PARTS.bit_length() - 1
    if length > _SMALLEST:
        raise NetworkRefusedError(
            f"cidr_block: got {block}, expected a larger range: its parts are smaller than a subnet's /{_SMALLEST}"
        )
    return list(network.subnets(new_prefix=length))
