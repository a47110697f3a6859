"""The addresses of a training network.

Input: an IPv4 range, the number of zones, the number of machines. Output: one block a zone, in the order of the zones.
"""

from __future__ import annotations

from ipaddress import IPv4Network

MOST_ZONES = 16
"""Subnets that a job can name (CreateTrainingJob, VpcConfig)."""
_RESERVED = 5
"""Addresses in a subnet that AWS keeps (VPC User Guide, "Subnet sizing")."""
_PER_INSTANCE = 2
"""Addresses that a training machine needs (SageMaker Developer Guide, "Give training jobs access to resources in your
VPC")."""
_SMALLEST_SUBNET = 28
"""The longest prefix that a subnet may have."""


def subnet_blocks(block: str, zones: int, *, instances: int = 1) -> tuple[str, ...]:
    """One block for each zone: always the same sixteenth of the range, so that a further zone moves no subnet.

    Args:
        block: IPv4 range in CIDR notation, such as `10.0.0.0/16`.
        zones: how many blocks, 1 to 16.
        instances: machines that must find two addresses each in any one block.

    Raises:
        ValueError: the range is none, or too small for so many machines, or zones is not 1 to 16.
    """
    if not 1 <= zones <= MOST_ZONES:
        raise ValueError(f"zones: got {zones}, expected 1 to {MOST_ZONES}")
    network = IPv4Network(block)
    length = network.prefixlen + (MOST_ZONES - 1).bit_length()
    if length > _SMALLEST_SUBNET:
        raise ValueError(f"cidr_block: got {block}, expected at most /{_SMALLEST_SUBNET - 4}, for 16 subnets of 16")
    room = (2 ** (32 - length) - _RESERVED) // _PER_INSTANCE
    if instances > room:
        raise ValueError(f"cidr_block: got {block}, which has room for {room} machines a subnet, expected {instances}")
    blocks = network.subnets(new_prefix=length)
    return tuple(str(next(blocks)) for _ in range(zones))
