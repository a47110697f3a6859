"""Deletes a NAT gateway with its network interfaces, and disassociates its addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from localaws.server.errors import ServiceError

if TYPE_CHECKING:
    from moto.ec2.models.nat_gateways import NatGateway


def delete_nat_gateway(network: Any, gateway: str) -> NatGateway:
    """Delete a NAT gateway and what it occupies in its subnet.

    Raises:
        ServiceError: NatGatewayNotFound.
    """
    found: NatGateway | None = network.nat_gateways.get(gateway)
    if found is None:
        raise ServiceError("NatGatewayNotFound", f"The Nat Gateway {gateway} was not found")
    for address in found.address_set:
        if address.get("associationId"):
            network.disassociate_address(association_id=address["associationId"])
        network.enis.pop(address["networkInterfaceId"], None)
    found.state = "deleted"
    return found
