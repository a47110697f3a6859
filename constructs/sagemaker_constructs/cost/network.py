"""Computes what the network of a stack costs while it stands, whether a job runs or not.

Input: the stack's resources of pulumi-aws, by type and inputs, and a price list. Output: a `NetworkCost`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from sagemaker_constructs.cost.prices import ENDPOINT, NAT_GATEWAY, PriceList
from sagemaker_constructs.cost.record import dollars, rounded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_MONTH = 730
_ENDPOINT_TYPE = "aws:ec2/vpcEndpoint:VpcEndpoint"
_GATEWAY_TYPE = "aws:ec2/natGateway:NatGateway"


class NetworkCost(BaseModel):
    """Interface endpoints and NAT gateways, without the data that goes through them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    endpoints: int
    """Interface endpoints, each counted in every zone."""
    nat_gateways: int
    hourly: Decimal | None
    """US dollars an hour; None where a price is not known."""

    def __str__(self) -> str:
        """`network: $0.07 an hour, $49.64 a month`; empty where nothing is paid for."""
        if not self.endpoints and not self.nat_gateways:
            return ""
        if self.hourly is None:
            return "network: cost unknown"
        return f"network: {dollars(self.hourly)} an hour, {dollars(self.hourly * _MONTH)} a month"


def network_cost(resources: Iterable[tuple[str, Mapping[str, Any]]], prices: PriceList) -> NetworkCost:
    """What a stack's interface endpoints and NAT gateways cost.

    Args:
        resources: type token and inputs of each resource of the stack; an endpoint whose subnets are not known yet is
            counted for one zone.
        prices: of the stack's Region.
    """
    counts = dict.fromkeys((ENDPOINT, NAT_GATEWAY), 0)
    for kind, inputs in resources:
        if kind == _GATEWAY_TYPE:
            counts[NAT_GATEWAY] += 1
        elif kind == _ENDPOINT_TYPE and inputs.get("vpcEndpointType") == "Interface":
            subnets = inputs.get("subnetIds")
            counts[ENDPOINT] += len(subnets) if isinstance(subnets, list) and subnets else 1
    wanted = {usage: count for usage, count in counts.items() if count}
    hourly = None
    if wanted.keys() <= prices.prices.keys():
        hourly = rounded(sum((prices.prices[usage].usd * count for usage, count in wanted.items()), Decimal(0)))
    return NetworkCost(endpoints=counts[ENDPOINT], nat_gateways=counts[NAT_GATEWAY], hourly=hourly)
