"""Allows SageMaker to create and delete the network interfaces of a job in a VPC."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sagemaker_constructs.permissions.statement_row import ROLE_PAGE, StatementRow, Target, every_resource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sagemaker_constructs.permissions.needs import Needs
    from sagemaker_constructs.permissions.scope import Scope


def _subnets(needs: Needs, scope: Scope) -> list[str]:
    """In any account: another account may share a subnet, and subnet ids are globally unique."""
    return [f"arn:{scope.partition}:ec2:{scope.region}:*:subnet/{each}" for each in sorted(needs.subnets)]


def _interfaces(scope: Scope) -> str:
    return scope.arn("ec2", "network-interface/*")


def _new(needs: Needs, scope: Scope) -> Iterator[Target]:
    groups = (f"arn:{scope.partition}:ec2:{scope.region}:*:security-group/{id_}" for id_ in needs.security_groups)
    if needs.subnets:
        yield Target((*_subnets(needs, scope), *groups, _interfaces(scope)))


def _own(needs: Needs, scope: Scope) -> Iterator[Target]:
    """Interfaces in the jobs' subnets: these actions support the condition key `ec2:Subnet`."""
    if needs.subnets:
        yield Target((_interfaces(scope),), {"ArnLike": {"ec2:Subnet": _subnets(needs, scope)}})


ROWS: tuple[StatementRow, ...] = (
    StatementRow("NewInterfaces", ("ec2:CreateNetworkInterface",), _new, ROLE_PAGE),
    StatementRow(
        "OwnInterfaces",
        (
            "ec2:CreateNetworkInterfacePermission",
            "ec2:DeleteNetworkInterface",
            "ec2:DeleteNetworkInterfacePermission",
        ),
        _own,
        ROLE_PAGE,
    ),
    StatementRow(
        "Network",
        (
            "ec2:DescribeDhcpOptions",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "ec2:DescribeVpcs",
        ),
        every_resource(lambda needs: needs.subnets),
        ROLE_PAGE,
        reason="EC2's Describe actions have no resource type",
    ),
)
