"""Looks up existing roles, networks, buckets and keys."""

from typing import Any, Final

from localaws.plugin.aws import Aws
from localaws.plugin.errors import RefusedError
from localaws.plugin.function import Function
from localaws.plugin.resources import RESOURCES
from localaws.plugin.resources.buckets import attributes as bucket_attributes
from localaws.plugin.shapes import attributes
from localaws.plugin.tags import mapped
from localaws.plugin.values import Properties

UNUSED_OF_SUBNETS: Final = {
    "customerOwnedIpv4Pool": "",
    "enableLniAtDeviceIndex": 0,
    "enableResourceNameDnsARecordOnLaunch": False,
    "enableResourceNameDnsAaaaRecordOnLaunch": False,
    "ipv6CidrBlock": "",
    "ipv6CidrBlockAssociationId": "",
    "ipv6Native": False,
    "mapCustomerOwnedIpOnLaunch": False,
    "outpostArn": "",
    "privateDnsHostnameTypeOnLaunch": "ip-name",
}
"""The official provider's values for a subnet that uses none of these features."""


def _filters(arguments: Properties, **names: str) -> list[dict[str, Any]]:
    """EC2's filters from a function's arguments: its own `filters`, its tags, and arguments that are filters."""
    given = [{"Name": each["name"], "Values": each["values"]} for each in arguments.get("filters", ())]
    tags = [{"Name": f"tag:{key}", "Values": [value]} for key, value in arguments.get("tags", {}).items()]
    plain = [
        {"Name": name, "Values": [_filter_value(arguments[key])]} for key, name in names.items() if key in arguments
    ]
    return [*plain, *tags, *given]


def _filter_value(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _items(aws: Aws, operation: str, answer: str, **request: Any) -> list[Any]:
    pages = aws.client("ec2").get_paginator(operation).paginate(**request)
    return [item for page in pages for item in page[answer]]


def _one(kind: str, items: list[Any]) -> Any:
    if len(items) != 1:
        hint = "narrow the search" if items else "nothing matches"
        raise RefusedError(f"exactly one {kind} must match, and {len(items)} do: {hint}")
    return items[0]


def _listed(aws: Aws, arguments: Properties, ids: list[str]) -> Properties:
    return {"tags": {}, **arguments, "id": aws.region, "ids": ids, "region": aws.region}


def _ids(arguments: Properties, parameter: str) -> Properties:
    return {parameter: [arguments["id"]]} if arguments.get("id") else {}


def _vpc(aws: Aws, arguments: Properties) -> Properties:
    where = _filters(arguments, cidrBlock="cidr", default="isDefault", dhcpOptionsId="dhcp-options-id", state="state")
    vpc = _one("VPC", _items(aws, "describe_vpcs", "Vpcs", Filters=where, **_ids(arguments, "VpcIds")))
    known = RESOURCES["aws:ec2/vpc:Vpc"].read(aws, vpc["VpcId"], {}) or {}
    return {
        **arguments,
        **known,
        "cidrBlockAssociations": [
            {
                "associationId": each["AssociationId"],
                "cidrBlock": each["CidrBlock"],
                "state": each["CidrBlockState"]["State"],
            }
            for each in vpc.get("CidrBlockAssociationSet", ())
        ],
        "default": bool(vpc.get("IsDefault")),
        "id": vpc["VpcId"],
        "ipv6AssociationId": "",
        "ipv6CidrBlock": "",
        "ipv6CidrBlockAssociations": [],
        "region": aws.region,
        "state": vpc["State"],
    }


def _subnet(aws: Aws, arguments: Properties) -> Properties:
    where = _filters(
        arguments,
        availabilityZone="availabilityZone",
        availabilityZoneId="availabilityZoneId",
        cidrBlock="cidrBlock",
        defaultForAz="defaultForAz",
        state="state",
        vpcId="vpc-id",
    )
    subnet = _one("subnet", _items(aws, "describe_subnets", "Subnets", Filters=where, **_ids(arguments, "SubnetIds")))
    known = RESOURCES["aws:ec2/subnet:Subnet"].read(aws, subnet["SubnetId"], {}) or {}
    return {
        **arguments,
        **known,
        **UNUSED_OF_SUBNETS,
        "availableIpAddressCount": subnet.get("AvailableIpAddressCount", 0),
        "defaultForAz": bool(subnet.get("DefaultForAz")),
        "id": subnet["SubnetId"],
        "region": aws.region,
        "state": subnet["State"],
    }


def _subnets(aws: Aws, arguments: Properties) -> Properties:
    subnets = _items(aws, "describe_subnets", "Subnets", Filters=_filters(arguments))
    return _listed(aws, arguments, [each["SubnetId"] for each in subnets])


def _security_group(aws: Aws, arguments: Properties) -> Properties:
    where = _filters(arguments, name="group-name", vpcId="vpc-id")
    ids = _ids(arguments, "GroupIds")
    groups = _items(aws, "describe_security_groups", "SecurityGroups", Filters=where, **ids)
    group = _one("security group", groups)
    return {
        **arguments,
        "arn": aws.arn("ec2", f"security-group/{group['GroupId']}"),
        "description": group["Description"],
        "id": group["GroupId"],
        "name": group["GroupName"],
        "region": aws.region,
        "tags": mapped(group.get("Tags")),
        "vpcId": group.get("VpcId", ""),
    }


def _route_tables(aws: Aws, arguments: Properties) -> Properties:
    tables = _items(aws, "describe_route_tables", "RouteTables", Filters=_filters(arguments, vpcId="vpc-id"))
    return _listed(aws, arguments, [each["RouteTableId"] for each in tables])


def _role(aws: Aws, arguments: Properties) -> Properties:
    role = RESOURCES["aws:iam/role:Role"].read(aws, arguments["name"], {})
    if role is None:
        raise RefusedError(f"there is no role {arguments['name']!r}")
    names = ("arn", "assumeRolePolicy", "createDate", "maxSessionDuration", "name", "path", "tags", "uniqueId")
    return {
        **{name: role[name] for name in names},
        "description": role["description"] or "",
        "id": role["name"],
        "permissionsBoundary": role["permissionsBoundary"] or "",
        "roleLastUseds": [],
    }


def _bucket(aws: Aws, arguments: Properties) -> Properties:
    bucket = bucket_attributes(aws, arguments["bucket"])
    if bucket is None:
        raise RefusedError(f"there is no bucket {arguments['bucket']!r}")
    website = f"s3-website-{bucket['bucketRegion']}.{aws.partition.dns_suffix}"
    return {
        **bucket,
        "id": bucket["bucket"],
        "region": aws.region,
        "websiteDomain": website,
        "websiteEndpoint": f"{bucket['bucket']}.{website}",
    }


def _key(aws: Aws, arguments: Properties) -> Properties:
    key = aws.client("kms").describe_key(KeyId=arguments["keyId"])["KeyMetadata"]
    names = ("arn", "description", "enabled", "keyManager", "keySpec", "keyState", "keyUsage", "origin")
    return {
        **arguments,
        **attributes(key, *names),
        "multiRegion": bool(key.get("MultiRegion")),
        "awsAccountId": key["AWSAccountId"],
        "cloudHsmClusterId": "",
        "creationDate": key["CreationDate"].strftime("%Y-%m-%dT%H:%M:%SZ"),
        "customKeyStoreId": "",
        "customerMasterKeySpec": key["KeySpec"],
        "deletionDate": "",
        "expirationModel": "",
        "id": key["KeyId"],
        "multiRegionConfigurations": [],
        "pendingDeletionWindowInDays": key.get("PendingDeletionWindowInDays", 0),
        "region": aws.region,
        "validTo": "",
        "xksKeyConfigurations": [],
    }


FUNCTIONS: Final[dict[str, Function]] = {
    "aws:ec2/getVpc:getVpc": _vpc,
    "aws:ec2/getSubnet:getSubnet": _subnet,
    "aws:ec2/getSubnets:getSubnets": _subnets,
    "aws:ec2/getSecurityGroup:getSecurityGroup": _security_group,
    "aws:ec2/getRouteTables:getRouteTables": _route_tables,
    "aws:iam/getRole:getRole": _role,
    "aws:s3/getBucket:getBucket": _bucket,
    "aws:kms/getKey:getKey": _key,
}
