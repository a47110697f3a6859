"""The security group of a training network's machines, and what it lets through.

Input: `Parts`, and what the machines reach. Output: the group, with its rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi_aws as aws

from sagemaker_constructs.network.vpc import ANYWHERE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sagemaker_constructs.api.deferred import Input
    from sagemaker_constructs.network.file_systems import Ports
    from sagemaker_constructs.network.vpc import Parts


def security_group(
    parts: Parts, vpc: Input[str], s3: aws.ec2.VpcEndpoint | None, *, internet: bool
) -> aws.ec2.SecurityGroup:
    """Everything between the machines of a job, HTTPS to S3, and nothing else (Developer Guide, "train-vpc").

    Where the way to S3 is not ours, HTTPS to anywhere that there is a way to; with a way to the internet, everything.
    """
    group = aws.ec2.SecurityGroup(
        parts.name,
        vpc_id=vpc,
        description="Machines of training jobs",
        tags=parts.named(parts.name),
        opts=parts.child,
    )
    aws.vpc.SecurityGroupIngressRule(
        f"{parts.name}-self",
        security_group_id=group.id,
        referenced_security_group_id=group.id,
        ip_protocol="-1",
        description="From the machines of the same job",
        opts=parts.child,
    )
    aws.vpc.SecurityGroupEgressRule(
        f"{parts.name}-self",
        security_group_id=group.id,
        referenced_security_group_id=group.id,
        ip_protocol="-1",
        description="To the machines of the same job",
        opts=parts.child,
    )
    if internet:
        aws.vpc.SecurityGroupEgressRule(
            f"{parts.name}-internet",
            security_group_id=group.id,
            cidr_ipv4=ANYWHERE,
            ip_protocol="-1",
            description="To the internet through the NAT gateway",
            opts=parts.child,
        )
    else:
        aws.vpc.SecurityGroupEgressRule(
            f"{parts.name}-s3",
            security_group_id=group.id,
            prefix_list_id=s3.prefix_list_id if s3 else None,
            cidr_ipv4=None if s3 else ANYWHERE,
            ip_protocol="tcp",
            from_port=443,
            to_port=443,
            description="To S3 through the gateway endpoint" if s3 else "To S3",
            opts=parts.child,
        )
    return group


def file_system_rules(
    parts: Parts, group: aws.ec2.SecurityGroup, ports: Iterable[Ports], block: Input[str], *, internet: bool
) -> None:
    """What the machines' group lets through to the jobs' file systems, and from those that call their clients.

    Args:
        parts: whose parts they are.
        group: the machines' group.
        ports: what the file systems need.
        block: the range in which the file systems are.
        internet: whether everything may go out anyway.
    """
    for each in ports:
        rule: dict[str, Any] = {
            "security_group_id": group.id,
            "cidr_ipv4": block,
            "ip_protocol": "tcp",
            "from_port": each.first,
            "to_port": each.last,
            "opts": parts.child,
        }
        name = f"{parts.name}-{each.name}"
        if not internet:
            aws.vpc.SecurityGroupEgressRule(name, description=f"To file systems ({each.kind})", **rule)
        if each.both_ways:
            aws.vpc.SecurityGroupIngressRule(name, description=f"From file systems ({each.kind})", **rule)
