"""The address plan: no overlaps, room for the machines, and nothing moves when zones are added."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sagemaker_constructs.network.address_plan import MOST_ZONES, NetworkRefusedError, public_blocks, subnet_blocks

zones = st.integers(1, MOST_ZONES)


def blocks(shortest: int, longest: int) -> st.SearchStrategy[str]:
    """Ranges that a VPC may have, with a prefix of a length between the two."""

    def block(address: IPv4Address, length: int) -> str:
        return str(IPv4Network((address, length), strict=False))

    return st.builds(
        block,
        st.integers(int(IPv4Address("1.0.0.0")), int(IPv4Address("126.255.255.255"))).map(IPv4Address),
        st.integers(shortest, longest),
    )


@given(blocks(16, 20), zones)
def test_blocks_lie_in_the_range_and_never_overlap(block: str, count: int) -> None:
    """Private and public blocks are parts of the range, each with addresses of its own."""
    made = [IPv4Network(each) for each in (*subnet_blocks(block, count), *public_blocks(block, count))]

    assert len(made) == 2 * count
    assert all(each.subnet_of(IPv4Network(block)) for each in made)
    assert not any(one.overlaps(other) for number, one in enumerate(made) for other in made[:number])


@given(blocks(16, 24), zones, zones)
def test_further_zones_move_no_subnet(block: str, fewer: int, more: int) -> None:
    """The plan of fewer zones is the beginning of the plan of more."""
    fewer, more = sorted((fewer, more))

    assert subnet_blocks(block, more)[:fewer] == subnet_blocks(block, fewer)


@given(blocks(16, 24), st.integers(1, 4000))
def test_every_subnet_has_two_addresses_for_each_machine(block: str, instances: int) -> None:
    """A plan is only made where it has room, beside the five addresses that AWS keeps."""
    try:
        made = subnet_blocks(block, 2, instances=instances)
    except NetworkRefusedError as error:
        assert f"expected {instances}" in str(error)  # noqa: PT017  either outcome is right
    else:
        assert all(IPv4Network(each).num_addresses - 5 >= 2 * instances for each in made)


@given(blocks(16, 24), zones)
def test_subnets_are_of_a_size_that_aws_takes(block: str, count: int) -> None:
    """Between /16 and /28."""
    assert all(16 <= IPv4Network(each).prefixlen <= 28 for each in subnet_blocks(block, count))


@pytest.mark.parametrize(
    ("block", "count", "message"),
    [
        ("10.0.0.0/16", 0, "zones: got 0, expected 1 to 15"),
        ("10.0.0.0/16", 16, "zones: got 16, expected 1 to 15"),
        ("10.0.0.0/25", 1, "cidr_block: got 10.0.0.0/25, expected a larger range"),
        ("10.0.0.0/8", 1, "cidr_block: got 10.0.0.0/8, expected /16 at most"),
        ("10.0.0.1/16", 1, "cidr_block: got '10.0.0.1/16', expected an IPv4 range such as 10.0.0.0/16"),
        (
            "10.0.0.0/255.255.0.0",
            1,
            "cidr_block: got '10.0.0.0/255.255.0.0', expected it as AWS writes it: 10.0.0.0/16",
        ),
        ("127.0.0.0/16", 1, "cidr_block: got 127.0.0.0/16, expected a range outside 127.0.0.0/8"),
        ("240.0.0.0/16", 1, "cidr_block: got 240.0.0.0/16, expected a range outside 224.0.0.0/3"),
        ("anything", 1, "cidr_block: got 'anything', expected an IPv4 range such as 10.0.0.0/16"),
    ],
)
def test_a_range_that_cannot_be_planned_is_refused(block: str, count: int, message: str) -> None:
    """With the value and what is expected."""
    with pytest.raises(NetworkRefusedError, match=message.replace("(", r"\(")):
        subnet_blocks(block, count)


def test_public_blocks_need_a_larger_range() -> None:
    """The last sixteenth of a /24 is too small to be cut again."""
    with pytest.raises(NetworkRefusedError, match="expected a larger range"):
        public_blocks("10.0.0.0/24", 1)
