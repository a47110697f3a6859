"""The end of a NAT gateway, which gives back its network interfaces and addresses; moto keeps them for ever."""

from __future__ import annotations

from typing import Any

from moto.ec2.models.nat_gateways import NatGateway, NatGatewayBackend

from localaws.server.errors import ServiceError


def delete(network: Any, gateway: str) -> NatGateway:
    """Delete a NAT gateway with all that it holds of its subnet.

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


def install() -> None:
    """Have moto ask here."""
    NatGatewayBackend.delete_nat_gateway = delete  # pyright: ignore[reportAttributeAccessIssue]  other names
