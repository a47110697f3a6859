"""Creates the VPC, subnets, route tables, gateways and endpoints of a network.

Input: the network as `Parent`, and planned blocks by slot. Output: resources, whose names do not change when a zone is
added. The URN of a child contains the types of its parents but not their names, so that the children of two networks
must differ by their own names: `net-0-public`, not `net-public-0`, which the network `net-public` would create too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from sagemaker_constructs.network.endpoints import gateway_policy, service_name, short_name
from sagemaker_constructs.program import current_scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sagemaker_constructs.api.deferred import Input
    from sagemaker_constructs.network.parent import Parent

ANYWHERE = "0.0.0.0/0"


def new_vpc(parent: Parent, block: str) -> aws.ec2.Vpc:
    """A VPC that resolves the DNS names of endpoints."""
    return aws.ec2.Vpc(
        parent.name,
        cidr_block=block,
        enable_dns_support=True,
        enable_dns_hostnames=True,
        tags=parent.tags_of(parent.name),
        opts=parent.child,
    )


def vpc_block(parent: Parent, vpc: Input[str]) -> Output[str]:
    """The primary range of an existing VPC."""
    return aws.ec2.get_vpc_output(id=vpc, opts=parent.dependent_invoke).cidr_block


def route_tables(parent: Parent, vpc: Input[str], nat_slots: Iterable[int]) -> list[aws.ec2.RouteTable]:
    """Route tables of the private subnets: one for each NAT gateway, by its slot; one where there is none."""
    names = [f"{parent.name}-private-{slot}" for slot in nat_slots] or [f"{parent.name}-private"]
    return [aws.ec2.RouteTable(each, vpc_id=vpc, tags=parent.tags_of(each), opts=parent.child) for each in names]


def subnets(
    parent: Parent,
    vpc: Input[str],
    blocks: Mapping[int, str],
    zones: Iterable[Input[str]],
    tables: Sequence[aws.ec2.RouteTable],
    *,
    kind: str = "",
    looked_up: bool = False,
) -> list[aws.ec2.Subnet]:
    """A subnet for each block, named after its slot, in the zone at the same position.

    Args:
        parent: the network.
        vpc: the VPC's id.
        blocks: blocks by slot.
        zones: a zone for each block.
        tables: route tables, which the subnets use in turn.
        kind: suffix of the names.
        looked_up: whether the zones come from a lookup. Its answer may change, and must not replace existing subnets.
    """
    created: list[aws.ec2.Subnet] = []
    for number, (slot, zone) in enumerate(zip(blocks, zones, strict=True)):
        name = f"{parent.name}-{slot}{kind}"
        options = ResourceOptions(ignore_changes=["availability_zone"] if looked_up else None)
        subnet = aws.ec2.Subnet(
            name,
            vpc_id=vpc,
            cidr_block=blocks[slot],
            availability_zone=zone,
            map_public_ip_on_launch=False,
            tags=parent.tags_of(name),
            opts=ResourceOptions.merge(parent.child, options),
        )
        table = tables[number % len(tables)]
        aws.ec2.RouteTableAssociation(name, subnet_id=subnet.id, route_table_id=table.id, opts=parent.child)
        created.append(subnet)
    return created


def s3_endpoint(
    parent: Parent,
    vpc: Input[str],
    tables: Sequence[aws.ec2.RouteTable],
    buckets: Output[list[str]] | None,
    services: Iterable[str],
) -> aws.ec2.VpcEndpoint:
    """The S3 gateway endpoint, which is free of charge; with `buckets`, restricted to these.

    Args:
        parent: the network.
        vpc: the VPC's id.
        tables: route tables of the private subnets.
        buckets: names of the buckets that can be reached; None for all buckets.
        services: services with interface endpoints, some of which require buckets of AWS.
    """
    region = current_scope.region(parent.output_invoke)
    policy = None
    if buckets is not None:
        partition = current_scope.partition(parent.output_invoke)
        chosen = list(services)
        known = Output.all(buckets=buckets, partition=partition, region=region)
        policy = known.apply(lambda each: gateway_policy(**each, services=chosen))
    return aws.ec2.VpcEndpoint(
        f"{parent.name}-s3",
        vpc_id=vpc,
        service_name=region.apply(lambda known: service_name("s3", known)),
        vpc_endpoint_type="Gateway",
        route_table_ids=[table.id for table in tables],
        policy=policy,
        tags=parent.tags_of(f"{parent.name}-s3"),
        opts=parent.child,
    )


def nat_gateways(
    parent: Parent,
    vpc: Input[str],
    blocks: Mapping[int, str],
    private: Sequence[aws.ec2.Subnet],
    tables: Sequence[aws.ec2.RouteTable],
) -> None:
    """NAT gateways in public subnets, one for each block, in the zones of the first private subnets."""
    name = f"{parent.name}-public"
    tags = parent.tags_of(name)
    gateway = aws.ec2.InternetGateway(parent.name, vpc_id=vpc, tags=parent.tags_of(parent.name), opts=parent.child)
    public = aws.ec2.RouteTable(name, vpc_id=vpc, tags=tags, opts=parent.child)
    out = aws.ec2.Route(
        name,
        route_table_id=public.id,
        destination_cidr_block=ANYWHERE,
        gateway_id=gateway.id,
        opts=parent.child,
    )
    after = ResourceOptions.merge(parent.child, ResourceOptions(depends_on=[out]))
    zones = [each.availability_zone for each in private[: len(blocks)]]
    created = subnets(parent, vpc, blocks, zones, [public], kind="-public")
    for slot, subnet, table in zip(blocks, created, tables, strict=True):
        each = f"{parent.name}-{slot}"
        address = aws.ec2.Eip(each, domain="vpc", tags=parent.tags_of(each), opts=after)
        nat = aws.ec2.NatGateway(
            each, allocation_id=address.id, subnet_id=subnet.id, tags=parent.tags_of(each), opts=after
        )
        aws.ec2.Route(
            each,
            route_table_id=table.id,
            destination_cidr_block=ANYWHERE,
            nat_gateway_id=nat.id,
            opts=parent.child,
        )


def interface_endpoints(
    parent: Parent,
    vpc: Input[str],
    services: Iterable[str],
    subnet_ids: Sequence[Input[str]],
    group_ids: Sequence[Input[str]],
) -> None:
    """An interface endpoint for each service, in each subnet, with the jobs' security groups."""
    region = current_scope.region(parent.output_invoke)
    for service in services:
        name = f"{parent.name}-{short_name(service)}"
        aws.ec2.VpcEndpoint(
            name,
            vpc_id=vpc,
            service_name=region.apply(lambda known, service=service: service_name(service, known)),
            vpc_endpoint_type="Interface",
            private_dns_enabled=True,
            subnet_ids=list(subnet_ids),
            security_group_ids=list(group_ids),
            tags=parent.tags_of(name),
            opts=parent.child,
        )
