"""Looks up the caller, the Region, the partition and the availability zones."""

from typing import Final

from localaws.plugin.aws import Aws
from localaws.plugin.function import Function
from localaws.plugin.values import Properties

DESCRIPTIONS: Final = {
    "us-east-1": "US East (N. Virginia)",
    "us-east-2": "US East (Ohio)",
    "us-west-1": "US West (N. California)",
    "us-west-2": "US West (Oregon)",
    "ca-central-1": "Canada (Central)",
    "eu-central-1": "Europe (Frankfurt)",
    "eu-north-1": "Europe (Stockholm)",
    "eu-west-1": "Europe (Ireland)",
    "eu-west-2": "Europe (London)",
    "eu-west-3": "Europe (Paris)",
    "ap-northeast-1": "Asia Pacific (Tokyo)",
    "ap-south-1": "Asia Pacific (Mumbai)",
    "ap-southeast-1": "Asia Pacific (Singapore)",
    "ap-southeast-2": "Asia Pacific (Sydney)",
}
"""AWS's names of its regions; another region is described by its own name."""


def _caller_identity(aws: Aws, _arguments: Properties) -> Properties:
    identity = aws.client("sts").get_caller_identity()
    account = identity["Account"]
    return {"accountId": account, "arn": identity["Arn"], "id": account, "userId": identity["UserId"]}


def _region(aws: Aws, arguments: Properties) -> Properties:
    region = arguments.get("name") or aws.region
    return {
        "description": DESCRIPTIONS.get(region, region),
        "endpoint": f"ec2.{region}.{aws.partition.dns_suffix}",
        "id": region,
        "name": region,
        "region": region,
    }


def _partition(aws: Aws, _arguments: Properties) -> Properties:
    suffix = aws.partition.dns_suffix
    return {
        "dnsSuffix": suffix,
        "id": aws.partition.name,
        "partition": aws.partition.name,
        "reverseDnsPrefix": ".".join(reversed(suffix.split("."))),
    }


def _availability_zones(aws: Aws, arguments: Properties) -> Properties:
    wanted = [{"Name": each["name"], "Values": each["values"]} for each in arguments.get("filters", ())]
    answer = aws.client("ec2").describe_availability_zones(
        AllAvailabilityZones=bool(arguments.get("allAvailabilityZones")), Filters=wanted
    )
    zones = sorted(
        (
            zone
            for zone in answer["AvailabilityZones"]
            if zone["State"] == arguments.get("state", zone["State"])
            and zone["ZoneName"] not in arguments.get("excludeNames", ())
            and zone["ZoneId"] not in arguments.get("excludeZoneIds", ())
        ),
        key=lambda zone: zone["ZoneName"],
    )
    return {
        **arguments,
        "groupNames": sorted({zone.get("GroupName", aws.region) for zone in zones}),
        "id": aws.region,
        "names": [zone["ZoneName"] for zone in zones],
        "region": aws.region,
        "zoneIds": [zone["ZoneId"] for zone in zones],
    }


FUNCTIONS: Final[dict[str, Function]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": _caller_identity,
    "aws:index/getRegion:getRegion": _region,
    "aws:index/getPartition:getPartition": _partition,
    "aws:index/getAvailabilityZones:getAvailabilityZones": _availability_zones,
}
