"""The resources of a training network, a function for each part.

Input: `Parts`, which says whose children they are. Output: resources, with names that a further zone does not change.
Children of two networks are told apart by their names alone, not by their parents'. So within a type no name may be the
network's own beside longer ones, nor end as another one does: `net-0` and `net-0-public`, not `net-public-0`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pulumi_aws as aws
from pulumi import ComponentResource, InvokeOutputOptions, Output, ResourceOptions

from sagemaker_constructs.network.endpoints import gateway_policy, service_name, short_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sagemaker_constructs.api.deferred import Input

ANYWHERE = "0.0.0.0/0"


@dataclass(frozen=True, slots=True)
class Parts:
    """Whose parts the resources are."""

    name: str
    network: ComponentResource
    tags: Mapping[str, str]
    depends_on: Any = None
    """What is made before the network, as the resource options have it. Only what is given from outside waits for it:
    a component's children wait by themselves."""

    @property
    def child(self) -> ResourceOptions:
        """Options of a child."""
        return ResourceOptions(parent=self.network)

    @property
    def asked(self) -> InvokeOutputOptions:
        """Options of a look-up."""
        return InvokeOutputOptions(parent=self.network)

    @property
    def asked_later(self) -> InvokeOutputOptions:
        """Options of a look-up of what is given from outside."""
        return InvokeOutputOptions(parent=self.network, depends_on=self.depends_on)

    def named(self, name: str) -> dict[str, str]:
        """The tags of a resource with a name of its own."""
        return {**self.tags, "Name": name}


def new_vpc(parts: Parts, block: str) -> aws.ec2.Vpc:
    """A VPC in which names of endpoints resolve."""
    return aws.ec2.Vpc(
        parts.name,
        cidr_block=block,
        enable_dns_support=True,
        enable_dns_hostnames=True,
        tags=parts.named(parts.name),
        opts=parts.child,
    )


def vpc_block(parts: Parts, vpc: Input[str]) -> Output[str]:
    """The first range of a VPC from elsewhere."""
    return aws.ec2.get_vpc_output(id=vpc, opts=parts.asked_later).cidr_block


def route_tables(parts: Parts, vpc: Input[str], ways_out: Iterable[int]) -> list[aws.ec2.RouteTable]:
    """The private subnets' route tables, one for each way out, by the place of its zone; one where there is none."""
    names = [f"{parts.name}-private-{place}" for place in ways_out] or [f"{parts.name}-private"]
    return [aws.ec2.RouteTable(each, vpc_id=vpc, tags=parts.named(each), opts=parts.child) for each in names]


def subnets(
    parts: Parts,
    vpc: Input[str],
    blocks: Mapping[int, str],
    zones: Iterable[Input[str]],
    tables: Sequence[aws.ec2.RouteTable],
    *,
    kind: str = "",
    looked_up: bool = False,
) -> list[aws.ec2.Subnet]:
    """A subnet for each block, named by its place, one in each zone, with the route tables in turn.

    Zones that were looked up count once: which ones the Region has may change, and must move no subnet.
    """
    made: list[aws.ec2.Subnet] = []
    for number, (place, zone) in enumerate(zip(blocks, zones, strict=True)):
        name = f"{parts.name}-{place}{kind}"
        options = ResourceOptions(ignore_changes=["availability_zone"] if looked_up else None)
        subnet = aws.ec2.Subnet(
            name,
            vpc_id=vpc,
            cidr_block=blocks[place],
            availability_zone=zone,
            map_public_ip_on_launch=False,
            tags=parts.named(name),
            opts=ResourceOptions.merge(parts.child, options),
        )
        table = tables[number % len(tables)]
        aws.ec2.RouteTableAssociation(name, subnet_id=subnet.id, route_table_id=table.id, opts=parts.child)
        made.append(subnet)
    return made


def s3_endpoint(
    parts: Parts,
    vpc: Input[str],
    tables: Sequence[aws.ec2.RouteTable],
    buckets: Output[list[str]] | None,
    services: Iterable[str],
) -> aws.ec2.VpcEndpoint:
    """The gateway endpoint of S3, which costs nothing; with buckets, for those only."""
    region = aws.get_region_output(opts=parts.asked).region
    policy = None
    if buckets is not None:
        partition = aws.get_partition_output(opts=parts.asked).partition
        chosen = list(services)
        known = Output.all(buckets=buckets, partition=partition, region=region)
        policy = known.apply(lambda each: gateway_policy(**each, services=chosen))
    return aws.ec2.VpcEndpoint(
        f"{parts.name}-s3",
        vpc_id=vpc,
        service_name=region.apply(lambda known: service_name("s3", known)),
        vpc_endpoint_type="Gateway",
        route_table_ids=[table.id for table in tables],
        policy=policy,
        tags=parts.named(f"{parts.name}-s3"),
        opts=parts.child,
    )


def nat_gateways(
    parts: Parts,
    vpc: Input[str],
    blocks: Mapping[int, str],
    private: Sequence[aws.ec2.Subnet],
    tables: Sequence[aws.ec2.RouteTable],
) -> None:
    """A way to the internet: a public subnet with a NAT gateway for each block, each in a private subnet's zone."""
    name = f"{parts.name}-public"
    tags = parts.named(name)
    gateway = aws.ec2.InternetGateway(parts.name, vpc_id=vpc, tags=parts.named(parts.name), opts=parts.child)
    public = aws.ec2.RouteTable(name, vpc_id=vpc, tags=tags, opts=parts.child)
    out = aws.ec2.Route(
        name,
        route_table_id=public.id,
        destination_cidr_block=ANYWHERE,
        gateway_id=gateway.id,
        opts=parts.child,
    )
    after = ResourceOptions.merge(parts.child, ResourceOptions(depends_on=[out]))
    zones = [each.availability_zone for each in private[: len(blocks)]]
    made = subnets(parts, vpc, blocks, zones, [public], kind="-public")
    for place, subnet, table in zip(blocks, made, tables, strict=True):
        each = f"{parts.name}-{place}"
        address = aws.ec2.Eip(each, domain="vpc", tags=parts.named(each), opts=after)
        nat = aws.ec2.NatGateway(
            each, allocation_id=address.id, subnet_id=subnet.id, tags=parts.named(each), opts=after
        )
        aws.ec2.Route(
            each,
            route_table_id=table.id,
            destination_cidr_block=ANYWHERE,
            nat_gateway_id=nat.id,
            opts=parts.child,
        )


def interface_endpoints(
    parts: Parts,
    vpc: Input[str],
    services: Iterable[str],
    subnet_ids: Sequence[Input[str]],
    group_ids: Sequence[Input[str]],
) -> None:
    """An endpoint for each service, in each subnet, in the jobs' security group."""
    region = aws.get_region_output(opts=parts.asked).region
    for service in services:
        name = f"{parts.name}-{short_name(service)}"
        aws.ec2.VpcEndpoint(
            name,
            vpc_id=vpc,
            service_name=region.apply(lambda known, service=service: service_name(service, known)),
            vpc_endpoint_type="Interface",
            private_dns_enabled=True,
            subnet_ids=list(subnet_ids),
            security_group_ids=list(group_ids),
            tags=parts.named(name),
            opts=parts.child,
        )
