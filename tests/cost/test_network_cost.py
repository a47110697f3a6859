"""What a network costs while it stands."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from price_lists import DAY, product

from sagemaker_constructs.cost.network import NetworkCost, network_cost
from sagemaker_constructs.cost.prices import read_prices

PRICES = read_prices(
    "eu-west-1",
    [
        product("EU-VpcEndpoint-Hours", "0.011"),
        product("EU-NatGateway-Hours", "0.048"),
        product("EU-RegionalNatGateway-Hours", "1"),
    ],
    DAY,
)
GATEWAY: tuple[str, dict[str, Any]] = ("aws:ec2/natGateway:NatGateway", {})


def endpoint(kind: str, *subnets: str) -> tuple[str, dict[str, Any]]:
    """A VPC endpoint."""
    return "aws:ec2/vpcEndpoint:VpcEndpoint", {"vpcEndpointType": kind, "subnetIds": list(subnets)}


def test_interface_endpoints_count_in_every_zone() -> None:
    """Gateway endpoints are free of charge, and so is everything else of a VPC."""
    found = network_cost(
        [endpoint("Interface", "a", "b"), endpoint("Interface"), endpoint("Gateway"), GATEWAY, ("aws:ec2/vpc:Vpc", {})],
        PRICES,
    )
    assert found == NetworkCost(endpoints=3, nat_gateways=1, hourly=Decimal("0.0810"))
    assert str(found) == "network: $0.09 an hour, $59.13 a month"


@pytest.mark.parametrize(("resources", "text"), [([], ""), ([GATEWAY], "network: cost unknown")])
def test_without_prices(resources: Any, text: str) -> None:
    """Nothing costs nothing; everything else is not known."""
    assert str(network_cost(resources, read_prices("eu-west-1", [], DAY))) == text
