"""Internet gateways, NAT gateways and elastic addresses."""

from typing import Final

from localaws.plugin.aws import Aws
from localaws.plugin.resource import Resource
from localaws.plugin.shapes import attributes, request
from localaws.plugin.tags import mapped
from localaws.plugin.values import Properties

from .ec2 import deletion, described, retag, tag_specifications


def _create_internet_gateway(aws: Aws, gateway: Properties) -> str:
    answer = aws.client("ec2").create_internet_gateway(**tag_specifications("internet-gateway", gateway))
    return str(answer["InternetGateway"]["InternetGatewayId"])


def _read_internet_gateway(aws: Aws, gateway_id: str, _gateway: Properties) -> Properties | None:
    gateway = described(aws, "describe_internet_gateways", "InternetGateways", InternetGatewayIds=[gateway_id])
    if not gateway:
        return None
    attachments = gateway.get("Attachments", [])
    return {
        "arn": aws.arn("ec2", f"internet-gateway/{gateway_id}"),
        "ownerId": gateway.get("OwnerId", aws.account),
        "tags": mapped(gateway.get("Tags")),
        "vpcId": attachments[0]["VpcId"] if attachments else None,
    }


def _attach(aws: Aws, gateway_id: str, gateway: Properties) -> None:
    ec2 = aws.client("ec2")
    _detach(aws, gateway_id)
    if vpc := gateway.get("vpcId"):
        ec2.attach_internet_gateway(InternetGatewayId=gateway_id, VpcId=vpc)


def _detach(aws: Aws, gateway_id: str) -> None:
    if vpc := (_read_internet_gateway(aws, gateway_id, {}) or {}).get("vpcId"):
        aws.client("ec2").detach_internet_gateway(InternetGatewayId=gateway_id, VpcId=vpc)


def _delete_internet_gateway(aws: Aws, gateway_id: str, _gateway: Properties) -> None:
    _detach(aws, gateway_id)
    aws.client("ec2").delete_internet_gateway(InternetGatewayId=gateway_id)


def _create_nat_gateway(aws: Aws, gateway: Properties) -> str:
    ec2 = aws.client("ec2")
    names = ("subnetId", "allocationId", "connectivityType")
    private = {"PrivateIpAddress": gateway["privateIp"]} if "privateIp" in gateway else {}
    answer = ec2.create_nat_gateway(**request(gateway, *names), **private, **tag_specifications("natgateway", gateway))
    gateway_id = str(answer["NatGateway"]["NatGatewayId"])
    ec2.get_waiter("nat_gateway_available").wait(NatGatewayIds=[gateway_id], WaiterConfig={"Delay": 1})
    return gateway_id


def _read_nat_gateway(aws: Aws, gateway_id: str, _gateway: Properties) -> Properties | None:
    gateway = described(aws, "describe_nat_gateways", "NatGateways", NatGatewayIds=[gateway_id])
    if not gateway or gateway["State"] in {"deleting", "deleted"}:
        return None
    address = next(iter(gateway.get("NatGatewayAddresses", ())), {})
    return {
        **attributes(gateway, "subnetId", "vpcId", "connectivityType"),
        **attributes(address, "allocationId", "associationId", "networkInterfaceId", "publicIp", "privateIp"),
        "tags": mapped(gateway.get("Tags")),
    }


def _delete_nat_gateway(aws: Aws, gateway_id: str, _gateway: Properties) -> None:
    ec2 = aws.client("ec2")
    ec2.delete_nat_gateway(NatGatewayId=gateway_id)
    ec2.get_waiter("nat_gateway_deleted").wait(NatGatewayIds=[gateway_id], WaiterConfig={"Delay": 1})


def _allocate(aws: Aws, address: Properties) -> str:
    answer = aws.client("ec2").allocate_address(
        Domain=address.get("domain", "vpc"),
        **request(address, "networkBorderGroup", "publicIpv4Pool"),
        **tag_specifications("elastic-ip", address),
    )
    return str(answer["AllocationId"])


def _read_address(aws: Aws, allocation_id: str, _address: Properties) -> Properties | None:
    address = described(aws, "describe_addresses", "Addresses", AllocationIds=[allocation_id])
    if not address:
        return None
    public = address["PublicIp"]
    return {
        **attributes(address, "domain", "networkBorderGroup", "publicIpv4Pool", "associationId"),
        "allocationId": allocation_id,
        "arn": aws.arn("ec2", f"elastic-ip/{allocation_id}"),
        "privateIp": address.get("PrivateIpAddress"),
        "publicDns": f"ec2-{public.replace('.', '-')}.compute.{aws.partition.dns_suffix}",
        "publicIp": public,
        "tags": mapped(address.get("Tags")),
    }


ROWS: Final = (
    Resource(
        type_name="aws:ec2/internetGateway:InternetGateway",
        create=_create_internet_gateway,
        read=_read_internet_gateway,
        delete=_delete_internet_gateway,
        updates={"vpcId": _attach},
        afterwards=("vpcId",),
        outputs=("arn", "ownerId", "vpcId"),
        retag=retag,
    ),
    Resource(
        type_name="aws:ec2/natGateway:NatGateway",
        create=_create_nat_gateway,
        read=_read_nat_gateway,
        delete=_delete_nat_gateway,
        replaces=("subnetId", "allocationId", "connectivityType", "privateIp"),
        outputs=("associationId", "networkInterfaceId", "privateIp", "publicIp", "vpcId"),
        defaults={"connectivityType": "public"},
        retag=retag,
    ),
    Resource(
        type_name="aws:ec2/eip:Eip",
        create=_allocate,
        read=_read_address,
        delete=deletion("release_address", "AllocationId"),
        replaces=("domain", "networkBorderGroup", "publicIpv4Pool"),
        outputs=(
            "allocationId",
            "arn",
            "associationId",
            "domain",
            "networkBorderGroup",
            "privateIp",
            "publicDns",
            "publicIp",
            "publicIpv4Pool",
        ),
        retag=retag,
        shared=frozenset({"associationId", "privateIp"}),
    ),
)
