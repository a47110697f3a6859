"""Creates and deletes the routes to a gateway endpoint as route tables are added to it and removed."""

from __future__ import annotations

from typing import Any

from moto.ec2.models import vpcs

MODIFY = vpcs.VPCEndPoint.modify
"""Moto's own: it keeps the list of route tables, and writes no route."""


def modify_endpoint(endpoint: vpcs.VPCEndPoint, *arguments: Any, **named: Any) -> None:
    """Modify an endpoint; exactly its route tables then have a route to it."""
    before = set(endpoint.route_table_ids)
    MODIFY(endpoint, *arguments, **named)
    network, prefixes = endpoint.ec2_backend, endpoint.destination_prefix_list_id
    after = set(endpoint.route_table_ids)
    for table in after - before:
        network.create_route(table, None, gateway_id=endpoint.id, destination_prefix_list_id=prefixes)
    for table in before - after:
        network.delete_route(table, prefixes)
