"""Looks up an existing subnet and the routes of its route table.

Input: the subnet's id. Output: a `Subnet`, or None where the mocks of a unit test do not answer what it consists of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws

from sagemaker_constructs.network.endpoints import service_name
from sagemaker_constructs.network.existing_checks import ROUTES, Subnet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulumi import InvokeOptions


def existing_subnet(identifier: str, opts: InvokeOptions) -> Subnet | None:
    """A subnet with the routes of its route table, which is the VPC's main one where it has none of its own."""
    found = aws.ec2.get_subnet(id=identifier, opts=opts)

    def tables(**filters: str) -> Sequence[str]:
        return matching_route_tables(found.vpc_id, opts, **filters)

    own = {"association.subnet-id": found.id}
    own_tables = tables(**own)
    answers: list[Any] = [found.vpc_id, found.available_ip_address_count, own_tables]
    if None in answers:
        return None
    table = own if own_tables else {"association.main": "true"}
    routes = {route for route, (name, value) in ROUTES.items() if tables(**table, **{name: value})}
    if "endpoint" in routes and not _has_s3_endpoint(found.vpc_id, tables(**table), opts):
        routes.remove("endpoint")
    return Subnet(found.id, found.vpc_id, found.available_ip_address_count, frozenset(routes), found.availability_zone)


def matching_route_tables(vpc: str, opts: InvokeOptions, **filters: str) -> Sequence[str]:
    """The route tables of a VPC that DescribeRouteTables finds."""
    named: list[Any] = [{"name": name, "values": [value]} for name, value in filters.items()]
    return aws.ec2.get_route_tables(vpc_id=vpc, filters=named, opts=opts).ids


def _has_s3_endpoint(vpc: str, tables: Sequence[str], opts: InvokeOptions) -> bool:
    """Whether a gateway endpoint of the route tables is S3's and not DynamoDB's; true where that cannot be found out.

    The lookup of a route table does not return these routes, and the lookup of endpoints accepts no route table.
    """
    service = service_name("s3", aws.get_region(opts=opts).region)
    kind: list[Any] = [{"name": "vpc-endpoint-type", "values": ["Gateway"]}]
    try:
        found = aws.ec2.get_vpc_endpoint(vpc_id=vpc, service_name=service, filters=kind, opts=opts)
    except Exception as failure:  # noqa: BLE001  the SDK raises no class of its own
        pulumi.log.debug(f"S3's gateway endpoint in {vpc}: {failure}")
        return "no matching" not in str(failure)  # otherwise there are several, or the lookup is denied
    return not set(tables).isdisjoint(found.route_table_ids)
