"""The address plan: no overlaps, addresses for the instances, and no block depends on the number of zones."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sagemaker_constructs.network import MOST_ZONES
from sagemaker_constructs.network.address_plan import NetworkRefusedError, plan_addresses, slot_of


def blocks(shortest: int, longest: int) -> st.SearchStrategy[str]:
    """Ranges that a VPC may have, with a prefix of a length between the two."""

    def block(address: IPv4Address, length: int) -> str:
        return str(IPv4Network((address, length), strict=False))

    return st.builds(
        block,
        st.integers(int(IPv4Address("1.0.0.0")), int(IPv4Address("126.255.255.255"))).map(IPv4Address),
        st.integers(shortest, longest),
    )


@given(blocks(16, 20))
def test_blocks_are_parts_of_the_range_and_never_overlap(block: str) -> None:
    """Fifteen private and fifteen public ones."""
    plan = plan_addresses(block, public=True)
    planned = [IPv4Network(each) for each in (*plan.private, *plan.public)]

    assert len(planned) == 2 * MOST_ZONES
    assert all(each.subnet_of(IPv4Network(block)) for each in planned)
    assert not any(one.overlaps(other) for number, one in enumerate(planned) for other in planned[:number])


@given(blocks(16, 20))
def test_public_subnets_change_no_private_one(block: str) -> None:
    """A NAT gateway can be added to an existing network."""
    assert plan_addresses(block).private == plan_addresses(block, public=True).private
    assert plan_addresses(block).public == ()


@given(blocks(16, 24), st.integers(1, 4000))
def test_every_subnet_has_two_addresses_for_each_instance(block: str, instances: int) -> None:
    """Beside the five addresses that AWS reserves; otherwise the range is refused."""
    try:
        plan = plan_addresses(block, instances=instances)
    except NetworkRefusedError as error:
        assert f"expected addresses for {instances}" in str(error)  # noqa: PT017  either outcome is right
    else:
        assert all(IPv4Network(each).num_addresses - 5 >= 2 * instances for each in plan.private)


@given(blocks(16, 24))
def test_subnets_are_of_a_size_that_aws_accepts(block: str) -> None:
    """Between /16 and /28."""
    assert all(16 <= IPv4Network(each).prefixlen <= 28 for each in plan_addresses(block).private)


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ("10.0.0.0/25", "cidr_block: got 10.0.0.0/25, expected a larger range: its subnets would be smaller than /28"),
        ("10.0.0.0/8", "cidr_block: got 10.0.0.0/8, expected /16 or a smaller range"),
        ("10.0.0.1/16", "cidr_block: got '10.0.0.1/16', expected an IPv4 range such as 10.0.0.0/16"),
        (
            "10.0.0.0/255.255.0.0",
            "cidr_block: got '10.0.0.0/255.255.0.0', expected it in AWS's notation: 10.0.0.0/16",
        ),
        ("127.0.0.0/16", "cidr_block: got 127.0.0.0/16, expected a range outside 127.0.0.0/8"),
        ("240.0.0.0/16", "cidr_block: got 240.0.0.0/16, expected a range outside 224.0.0.0/3"),
        ("anything", "cidr_block: got 'anything', expected an IPv4 range such as 10.0.0.0/16"),
    ],
)
def test_a_range_that_cannot_be_planned_is_refused(block: str, message: str) -> None:
    """With the value and what is expected."""
    with pytest.raises(NetworkRefusedError, match=re.escape(message)):
        plan_addresses(block)


def test_public_subnets_require_a_larger_range() -> None:
    """The last sixteenth of a /24 is too small to be cut again."""
    with pytest.raises(NetworkRefusedError, match="expected a larger range"):
        plan_addresses("10.0.0.0/24", public=True)


@pytest.mark.parametrize(
    ("zone", "slot"), [("eu-west-1a", 0), ("us-east-1-bos-1a", 0), ("eu-west-1o", 14), ("eu-west-1p", None), ("", None)]
)
def test_the_last_letter_of_a_zone_is_its_slot(zone: str, slot: int | None) -> None:
    """Fifteen letters have one."""
    assert slot_of(zone) == slot
