"""`TrainingNetwork`: a VPC in which training jobs run and from which nothing leaves but to S3."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pulumi
import pulumi_aws as aws
from pulumi import ComponentResource, InvokeOutputOptions, Output, ResourceOptions

from sagemaker_constructs.addresses import subnet_blocks
from sagemaker_constructs.api.operation import VpcConfig


class TrainingNetwork(ComponentResource):
    """Private subnets over several zones, a gateway endpoint for S3, and a security group of the job's machines.

    There is no internet gateway and no NAT: what a container may reach is S3, the other machines of its job, and
    the services that `interface_endpoints` names.

    Args:
        name: the resource's name, and the `Name` tag of what it makes.
        cidr_block: IPv4 range of the VPC, /24 at most. Default `10.0.0.0/16`.
        zones: how many Availability Zones, each with one subnet. Default 2.
        instances: machines of the largest job; any one subnet must have two addresses for each. Default 1.
        interface_endpoints: services that the container calls, such as `ecr.dkr` or `logs`. Default: none; SageMaker
            itself fetches the image and writes the log from outside the VPC. Each costs about 0.01 USD an hour and zone.
        tags: tags of everything that it makes.
        opts: the usual resource options.

    Raises:
        ValueError: the range has no room for the zones or the machines.
    """

    vpc: aws.ec2.Vpc
    subnets: tuple[aws.ec2.Subnet, ...]
    security_group: aws.ec2.SecurityGroup
    vpc_config: VpcConfig
    """What a job's spec says to run here."""

    def __init__(
        self,
        name: str,
        *,
        cidr_block: str = "10.0.0.0/16",
        zones: int = 2,
        instances: int = 1,
        interface_endpoints: Iterable[str] = (),
        tags: Mapping[str, str] | None = None,
        opts: ResourceOptions | None = None,
    ) -> None:
        super().__init__("sagemaker-constructs:index:TrainingNetwork", name, {}, opts)
        blocks = subnet_blocks(cidr_block, zones, instances=instances)
        child = ResourceOptions(parent=self)
        asked = InvokeOutputOptions(parent=self)
        tagged = {"Name": name, **(tags or {})}
        region = aws.get_region_output(opts=asked).region
        names = aws.get_availability_zones_output(
            state="available",
            filters=[{"name": "opt-in-status", "values": ["opt-in-not-required"]}],
            opts=asked,
        ).names
        self.vpc = aws.ec2.Vpc(
            name,
            cidr_block=cidr_block,
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags=tagged,
            opts=child,
        )
        table = aws.ec2.RouteTable(name, vpc_id=self.vpc.id, tags=tagged, opts=child)
        s3 = aws.ec2.VpcEndpoint(
            f"{name}-s3",
            vpc_id=self.vpc.id,
            service_name=region.apply(lambda known: f"com.amazonaws.{known}.s3"),
            vpc_endpoint_type="Gateway",
            route_table_ids=[table.id],
            tags=tagged,
            opts=child,
        )
        self.subnets = tuple(
            aws.ec2.Subnet(
                f"{name}-{number}",
                vpc_id=self.vpc.id,
                cidr_block=block,
                availability_zone=names.apply(lambda known, number=number: known[number % len(known)]),
                map_public_ip_on_launch=False,
                tags={**tagged, "Name": f"{name}-{number}"},
                opts=child,
            )
            for number, block in enumerate(blocks)
        )
        for number, subnet in enumerate(self.subnets):
            aws.ec2.RouteTableAssociation(f"{name}-{number}", subnet_id=subnet.id, route_table_id=table.id, opts=child)
        self.security_group = aws.ec2.SecurityGroup(
            name, vpc_id=self.vpc.id, description="Machines of training jobs", tags=tagged, opts=child
        )
        self._rules(name, s3, child)
        for service in interface_endpoints:
            aws.ec2.VpcEndpoint(
                f"{name}-{service}",
                vpc_id=self.vpc.id,
                service_name=region.apply(lambda known, service=service: f"com.amazonaws.{known}.{service}"),
                vpc_endpoint_type="Interface",
                private_dns_enabled=True,
                subnet_ids=[subnet.id for subnet in self.subnets],
                security_group_ids=[self.security_group.id],
                tags={**tagged, "Name": f"{name}-{service}"},
                opts=child,
            )
        self.vpc_config = VpcConfig(
            security_group_ids=[self.security_group.id], subnets=[subnet.id for subnet in self.subnets]
        )
        self.register_outputs({"vpc_id": self.vpc.id, "vpc_config": self.vpc_config.to_members()})

    def _rules(self, name: str, s3: aws.ec2.VpcEndpoint, child: ResourceOptions) -> None:
        """Everything between the machines of a job, HTTPS to S3, and nothing else (Developer Guide, "train-vpc")."""
        group: pulumi.Input[str] = self.security_group.id
        aws.vpc.SecurityGroupIngressRule(
            f"{name}-self",
            security_group_id=group,
            referenced_security_group_id=group,
            ip_protocol="-1",
            description="From the machines of the same job",
            opts=child,
        )
        aws.vpc.SecurityGroupEgressRule(
            f"{name}-self",
            security_group_id=group,
            referenced_security_group_id=group,
            ip_protocol="-1",
            description="To the machines of the same job",
            opts=child,
        )
        aws.vpc.SecurityGroupEgressRule(
            f"{name}-s3",
            security_group_id=group,
            prefix_list_id=Output.from_input(s3.prefix_list_id),
            ip_protocol="tcp",
            from_port=443,
            to_port=443,
            description="To S3 through the gateway endpoint",
            opts=child,
        )
