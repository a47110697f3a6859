"""What a network costs while it stands."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from price_lists import DAY, product

from sagemaker_constructs.cost.network import NetworkCost, network_cost
from sagemaker_constructs.cost.prices import PriceList, read_prices

IRELAND = read_prices(
    "eu-west-1",
    [
        product("EU-VpcEndpoint-Hours", "0.011"),
        product("EU-NatGateway-Hours", "0.048"),
        product("EU-RegionalNatGateway-Hours", "1"),
    ],
    DAY,
)
VIRGINIA = read_prices("us-east-1", [product("VpcEndpoint-Hours", "0.01")], DAY)
GATEWAY: tuple[str, dict[str, Any]] = ("aws:ec2/natGateway:NatGateway", {})


def endpoint(kind: str, *subnets: str, region: str | None = None) -> tuple[str, dict[str, Any]]:
    """A VPC endpoint."""
    given = {"region": region} if region else {}
    return "aws:ec2/vpcEndpoint:VpcEndpoint", {"vpcEndpointType": kind, "subnetIds": list(subnets), **given}


def test_interface_endpoints_count_in_every_zone() -> None:
    """Gateway endpoints are free of charge, and so is everything else of a VPC."""
    found = network_cost(
        [endpoint("Interface", "a", "b"), endpoint("Interface"), endpoint("Gateway"), GATEWAY, ("aws:ec2/vpc:Vpc", {})],
        {"eu-west-1": IRELAND},
    )
    assert found == NetworkCost(endpoints=3, nat_gateways=1, hourly=Decimal("0.0810"))
    assert str(found) == "$0.09 an hour, $59.13 a month"


def test_each_region_has_its_prices() -> None:
    """A resource of pulumi-aws 7 says its Region."""
    resources = [endpoint("Interface", "a", region="eu-west-1"), endpoint("Interface", "b", region="us-east-1")]
    assert network_cost(resources, {"eu-west-1": IRELAND, "us-east-1": VIRGINIA}).hourly == Decimal("0.0210")


@pytest.mark.parametrize(
    ("price_lists", "why"),
    [
        ({}, "no price for NAT gateways in its Region (no training job there has asked for prices)"),
        ({"us-east-1": VIRGINIA}, "no price for NAT gateways in us-east-1"),
        (
            {"eu-west-1": PriceList(region="eu-west-1", problem="AccessDenied")},
            "no price for NAT gateways in eu-west-1 (AccessDenied)",
        ),
    ],
)
def test_without_a_price_the_cost_is_not_known(price_lists: dict[str, PriceList], why: str) -> None:
    """What is known of the rest is no maximum."""
    found = network_cost([GATEWAY, GATEWAY], price_lists)
    assert (found.nat_gateways, found.hourly, found.unknown) == (2, None, (why,))
    assert str(found) == "an unknown amount"


def test_zones_that_are_not_known_yet_are_not_guessed() -> None:
    """The engine writes one text in the place of the whole list."""
    resource = ("aws:ec2/vpcEndpoint:VpcEndpoint", {"vpcEndpointType": "Interface", "subnetIds": "04da6b54-80e4"})
    found = network_cost([resource], {"eu-west-1": IRELAND})
    assert (found.endpoints, found.hourly) == (1, None)
    assert found.unknown == ("in how many zones interface endpoints are is not known yet",)


def test_nothing_costs_nothing() -> None:
    """Also without a price."""
    assert network_cost([endpoint("Gateway")], {}) == NetworkCost()
    assert str(NetworkCost()) == "nothing"
