"""Computes what the network of a stack costs while it stands, whether a job runs or not.

Input: the stack's resources of pulumi-aws, by type and inputs, and the price lists of its Regions. Output: a
`NetworkCost`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from sagemaker_constructs.cost.prices import ENDPOINT, NAT_GATEWAY, PriceList
from sagemaker_constructs.cost.record import dollars, rounded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_MONTH = 730
"""Hours."""
_ENDPOINT_TYPE = "aws:ec2/vpcEndpoint:VpcEndpoint"
_GATEWAY_TYPE = "aws:ec2/natGateway:NatGateway"
PAID = (_ENDPOINT_TYPE, _GATEWAY_TYPE)
"""Type tokens of the resources that may cost by the hour."""
NETWORK_USAGES: Mapping[str, str] = {ENDPOINT: "interface endpoints", NAT_GATEWAY: "NAT gateways"}
"""The usages of a network, in words."""


class NetworkCost(BaseModel):
    """Interface endpoints and NAT gateways, without the data that goes through them."""

    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True)

    endpoints: int = 0
    """Interface endpoints, each counted in every zone."""
    nat_gateways: int = 0
    hourly: Decimal | None = Decimal(0)
    """US dollars an hour; None where that is not known."""
    unknown: tuple[str, ...] = ()
    """Why it is not known, a clause each."""

    @property
    def monthly(self) -> Decimal | None:
        """US dollars for the 730 hours of a month; None where that is not known."""
        return None if self.hourly is None else self.hourly * _MONTH

    def __str__(self) -> str:
        """`$0.07 an hour, $49.64 a month`, `nothing`, or `an unknown amount`."""
        if self.hourly is None or self.monthly is None:
            return "an unknown amount"
        return f"{dollars(self.hourly)} an hour, {dollars(self.monthly)} a month" if self.hourly else "nothing"


def network_cost(
    resources: Iterable[tuple[str, Mapping[str, Any]]], price_lists: Mapping[str, PriceList]
) -> NetworkCost:
    """What a stack's interface endpoints and NAT gateways cost.

    Args:
        resources: type token and inputs of each resource of the stack.
        price_lists: by Region. A resource that does not say its Region is in the only one.
    """
    counts = dict.fromkeys(NETWORK_USAGES, 0)
    hourly, unknown = Decimal(0), dict[str, None]()
    for usage, inputs in _paid(resources):
        count = _zones(inputs) if usage == ENDPOINT else 1
        counts[usage] += count or 1
        if count is None:
            unknown["in how many zones interface endpoints are is not known yet"] = None
            continue
        prices = _prices(inputs, price_lists)
        if price := prices.prices.get(usage):
            hourly += price.usd * count
        else:
            problem = f" ({prices.problem})" if prices.problem else ""
            unknown[f"no price for {NETWORK_USAGES[usage]} in {prices.region or 'its Region'}{problem}"] = None
    return NetworkCost(
        endpoints=counts[ENDPOINT],
        nat_gateways=counts[NAT_GATEWAY],
        hourly=None if unknown else rounded(hourly),
        unknown=tuple(unknown),
    )


def _paid(resources: Iterable[tuple[str, Mapping[str, Any]]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What costs by the hour: its usage, and its inputs."""
    for kind, inputs in resources:
        if kind == _GATEWAY_TYPE:
            yield NAT_GATEWAY, inputs
        elif kind == _ENDPOINT_TYPE and inputs.get("vpcEndpointType") == "Interface":
            yield ENDPOINT, inputs


def _zones(inputs: Mapping[str, Any]) -> int | None:
    """How many zones an endpoint is in, at least one; None while that is not known."""
    subnets = inputs.get("subnetIds") or [""]
    return len(subnets) if isinstance(subnets, list) else None


def _prices(inputs: Mapping[str, Any], price_lists: Mapping[str, PriceList]) -> PriceList:
    region = inputs.get("region")
    if not isinstance(region, str):
        region = next(iter(price_lists)) if len(price_lists) == 1 else ""
    return price_lists.get(region) or PriceList(region=region, problem="no training job there has asked for prices")
