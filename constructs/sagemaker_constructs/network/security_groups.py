"""Creates the security group of the training instances, with its rules.

Input: the network as `Parent`, and what the instances must reach. Output: the security group.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi_aws as aws

from sagemaker_constructs.network.vpc import ANYWHERE
from sagemaker_constructs.program.physical_names import SECURITY_GROUP, naming

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sagemaker_constructs.api.deferred import Input
    from sagemaker_constructs.network.file_systems import Ports
    from sagemaker_constructs.network.parent import Parent


def security_group(
    parent: Parent, vpc: Input[str], s3: aws.ec2.VpcEndpoint | None, *, internet: bool
) -> aws.ec2.SecurityGroup:
    """A group that allows all traffic between the instances, and HTTPS to S3 (Developer Guide, "train-vpc").

    Args:
        parent: the network.
        vpc: the VPC's id.
        s3: the S3 gateway endpoint. Without one, HTTPS to any address is allowed, where the route tables lead there.
        internet: whether to allow all outbound traffic, through NAT gateways.
    """
    group = aws.ec2.SecurityGroup(
        parent.name,
        vpc_id=vpc,
        description="Machines of training jobs",
        tags=parent.tags_of(parent.name),
        opts=parent.child,
        **naming(parent.name, SECURITY_GROUP),
    )
    aws.vpc.SecurityGroupIngressRule(
        f"{parent.name}-self",
        security_group_id=group.id,
        referenced_security_group_id=group.id,
        ip_protocol="-1",
        description="From the machines of the same job",
        opts=parent.child,
    )
    aws.vpc.SecurityGroupEgressRule(
        f"{parent.name}-self",
        security_group_id=group.id,
        referenced_security_group_id=group.id,
        ip_protocol="-1",
        description="To the machines of the same job",
        opts=parent.child,
    )
    if internet:
        aws.vpc.SecurityGroupEgressRule(
            f"{parent.name}-internet",
            security_group_id=group.id,
            cidr_ipv4=ANYWHERE,
            ip_protocol="-1",
            description="To the internet through the NAT gateway",
            opts=parent.child,
        )
    else:
        aws.vpc.SecurityGroupEgressRule(
            f"{parent.name}-s3",
            security_group_id=group.id,
            prefix_list_id=s3.prefix_list_id if s3 else None,
            cidr_ipv4=None if s3 else ANYWHERE,
            ip_protocol="tcp",
            from_port=443,
            to_port=443,
            description="To S3 through the gateway endpoint" if s3 else "To S3",
            opts=parent.child,
        )
    return group


def file_system_rules(
    parent: Parent, group: aws.ec2.SecurityGroup, ports: Iterable[Ports], block: Input[str], *, internet: bool
) -> None:
    """Rules that allow traffic to the jobs' file systems, and from those that connect to their clients.

    Args:
        parent: the network.
        group: the security group of the instances.
        ports: ports of the file systems.
        block: IPv4 range of the file systems.
        internet: whether all outbound traffic is allowed anyway.
    """
    for each in ports:
        rule: dict[str, Any] = {
            "security_group_id": group.id,
            "cidr_ipv4": block,
            "ip_protocol": "tcp",
            "from_port": each.first,
            "to_port": each.last,
            "opts": parent.child,
        }
        name = f"{parent.name}-{each.name}"
        if not internet:
            aws.vpc.SecurityGroupEgressRule(name, description=f"To file systems ({each.kind})", **rule)
        if each.both_ways:
            aws.vpc.SecurityGroupIngressRule(name, description=f"From file systems ({each.kind})", **rule)
