"""The network interfaces of a job in a VPC."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sagemaker_constructs.permissions.row import ROLE_PAGE, Place, Row, Target, anywhere

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sagemaker_constructs.permissions.needs import Needs


def _subnets(needs: Needs, place: Place) -> list[str]:
    """In whichever account: a subnet may be shared by another one, and its id is unique among all."""
    return [f"arn:{place.partition}:ec2:{place.region}:*:subnet/{each}" for each in sorted(needs.subnets)]


def _interfaces(place: Place) -> str:
    return place.arn("ec2", "network-interface/*")


def _new(needs: Needs, place: Place) -> Iterator[Target]:
    groups = (f"arn:{place.partition}:ec2:{place.region}:*:security-group/{id_}" for id_ in needs.security_groups)
    if needs.subnets:
        yield Target((*_subnets(needs, place), *groups, _interfaces(place)))


def _own(needs: Needs, place: Place) -> Iterator[Target]:
    """Those in the jobs' subnets: EC2 knows an interface's subnet when it is to be shared or deleted."""
    if needs.subnets:
        yield Target((_interfaces(place),), {"ArnLike": {"ec2:Subnet": _subnets(needs, place)}})


ROWS: tuple[Row, ...] = (
    Row("NewInterfaces", ("ec2:CreateNetworkInterface",), _new, ROLE_PAGE),
    Row(
        "OwnInterfaces",
        (
            "ec2:CreateNetworkInterfacePermission",
            "ec2:DeleteNetworkInterface",
            "ec2:DeleteNetworkInterfacePermission",
        ),
        _own,
        ROLE_PAGE,
    ),
    Row(
        "Network",
        (
            "ec2:DescribeDhcpOptions",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "ec2:DescribeVpcs",
        ),
        anywhere(lambda needs: needs.subnets),
        ROLE_PAGE,
        reason="EC2's describing actions have no resource type",
    ),
)
