"""VPCs and subnets."""

from typing import Any, Final

from localaws.plugin.aws import Aws
from localaws.plugin.resource import Resource, Update
from localaws.plugin.shapes import attributes, member, request
from localaws.plugin.tags import mapped
from localaws.plugin.values import Properties

from .ec2 import deletion, described, filters, retag, tag_specifications

VPC_ATTRIBUTES: Final = ("enableDnsHostnames", "enableDnsSupport", "enableNetworkAddressUsageMetrics")
SUBNET_ATTRIBUTES: Final = ("mapPublicIpOnLaunch", "assignIpv6AddressOnCreation", "enableDns64")


def _attribute(operation: str, parameter: str, name: str) -> Update:
    """An update of one switch; EC2 takes one at a time."""

    def update(aws: Aws, resource_id: str, properties: Properties) -> None:
        switch = {member(name): {"Value": bool(properties.get(name))}}
        getattr(aws.client("ec2"), operation)(**{parameter: resource_id}, **switch)

    return update


def _create_vpc(aws: Aws, vpc: Properties) -> str:
    answer = aws.client("ec2").create_vpc(
        **request(vpc, "cidrBlock", "instanceTenancy"),
        **tag_specifications("vpc", vpc),
    )
    return str(answer["Vpc"]["VpcId"])


def _read_vpc(aws: Aws, vpc_id: str, _vpc: Properties) -> Properties | None:
    if not (vpc := described(aws, "describe_vpcs", "Vpcs", VpcIds=[vpc_id])):
        return None
    ec2 = aws.client("ec2")
    within = {"vpc-id": vpc_id}
    group = described(
        aws, "describe_security_groups", "SecurityGroups", Filters=filters({**within, "group-name": "default"})
    )
    table = described(
        aws, "describe_route_tables", "RouteTables", Filters=filters({**within, "association.main": "true"})
    )
    acl = described(aws, "describe_network_acls", "NetworkAcls", Filters=filters({**within, "default": "true"}))
    table_id = table["RouteTableId"] if table else ""
    return {
        **attributes(vpc, "cidrBlock", "instanceTenancy", "dhcpOptionsId"),
        **{name: _vpc_attribute(ec2, vpc_id, name) for name in VPC_ATTRIBUTES},
        "arn": aws.arn("ec2", f"vpc/{vpc_id}"),
        "defaultNetworkAclId": acl["NetworkAclId"] if acl else "",
        "defaultRouteTableId": table_id,
        "defaultSecurityGroupId": group["GroupId"] if group else "",
        "mainRouteTableId": table_id,
        "ownerId": vpc.get("OwnerId", aws.account),
        "tags": mapped(vpc.get("Tags")),
    }


def _vpc_attribute(ec2: Any, vpc_id: str, name: str) -> bool:
    return bool(ec2.describe_vpc_attribute(VpcId=vpc_id, Attribute=name)[member(name)]["Value"])


def _create_subnet(aws: Aws, subnet: Properties) -> str:
    answer = aws.client("ec2").create_subnet(
        **request(subnet, "vpcId", "cidrBlock", "availabilityZone", "availabilityZoneId"),
        **tag_specifications("subnet", subnet),
    )
    return str(answer["Subnet"]["SubnetId"])


def _read_subnet(aws: Aws, subnet_id: str, _subnet: Properties) -> Properties | None:
    if not (subnet := described(aws, "describe_subnets", "Subnets", SubnetIds=[subnet_id])):
        return None
    return {
        **attributes(subnet, "vpcId", "cidrBlock", "availabilityZone", "availabilityZoneId"),
        **{name: bool(value) for name, value in attributes(subnet, *SUBNET_ATTRIBUTES).items()},
        "arn": subnet.get("SubnetArn") or aws.arn("ec2", f"subnet/{subnet_id}"),
        "ownerId": subnet.get("OwnerId", aws.account),
        "tags": mapped(subnet.get("Tags")),
    }


ROWS: Final = (
    Resource(
        type_name="aws:ec2/vpc:Vpc",
        create=_create_vpc,
        read=_read_vpc,
        delete=deletion("delete_vpc", "VpcId"),
        replaces=("cidrBlock", "instanceTenancy"),
        updates={name: _attribute("modify_vpc_attribute", "VpcId", name) for name in VPC_ATTRIBUTES},
        afterwards=VPC_ATTRIBUTES,
        outputs=(
            "arn",
            "defaultNetworkAclId",
            "defaultRouteTableId",
            "defaultSecurityGroupId",
            "dhcpOptionsId",
            "enableDnsHostnames",
            "enableNetworkAddressUsageMetrics",
            "mainRouteTableId",
            "ownerId",
        ),
        defaults={"enableDnsSupport": True, "instanceTenancy": "default"},
        retag=retag,
    ),
    Resource(
        type_name="aws:ec2/subnet:Subnet",
        create=_create_subnet,
        read=_read_subnet,
        delete=deletion("delete_subnet", "SubnetId"),
        replaces=("vpcId", "cidrBlock", "availabilityZone", "availabilityZoneId"),
        updates={name: _attribute("modify_subnet_attribute", "SubnetId", name) for name in SUBNET_ATTRIBUTES},
        afterwards=SUBNET_ATTRIBUTES,
        outputs=("arn", "availabilityZone", "availabilityZoneId", "ownerId"),
        defaults=dict.fromkeys(SUBNET_ATTRIBUTES, False),
        retag=retag,
    ),
)
