"""The routes of a gateway endpoint, which come and go with its route tables; moto writes them at its creation only."""

from __future__ import annotations

from typing import Any

from moto.ec2.models import vpcs

MODIFY = vpcs.VPCEndPoint.modify
"""Moto's own, which keeps the lists of what an endpoint is connected to."""


def modify(endpoint: vpcs.VPCEndPoint, *arguments: Any, **named: Any) -> None:
    """Modify an endpoint, and have it routed to from its route tables and from no other."""
    before = set(endpoint.route_table_ids)
    MODIFY(endpoint, *arguments, **named)
    network, prefixes = endpoint.ec2_backend, endpoint.destination_prefix_list_id
    after = set(endpoint.route_table_ids)
    for table in after - before:
        network.create_route(table, None, gateway_id=endpoint.id, destination_prefix_list_id=prefixes)
    for table in before - after:
        network.delete_route(table, prefixes)


def install() -> None:
    """Have moto ask here."""
    vpcs.VPCEndPoint.modify = modify  # pyright: ignore[reportAttributeAccessIssue]  other names
