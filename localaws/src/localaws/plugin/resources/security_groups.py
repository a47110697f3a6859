"""Security groups, with the rules that are declared within them."""

from typing import Final, Literal, TypeAlias

from localaws.plugin.aws import Aws
from localaws.plugin.names import AutoName
from localaws.plugin.resource import Resource, Update
from localaws.plugin.tags import mapped
from localaws.plugin.values import Properties

from .ec2 import described, retag, tag_specifications

Direction: TypeAlias = Literal["ingress", "egress"]
PERMISSIONS: Final = {"ingress": "IpPermissions", "egress": "IpPermissionsEgress"}
ANYWHERE: Final = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
DESCRIPTION: Final = r"[0-9A-Za-z_ .:/()#,@\[\]+=&;{}!$*-]{0,255}"
"""What AWS allows in the names and descriptions of groups and rules."""
ALL_PROTOCOLS: Final = ("-1", "all")


def _create_group(aws: Aws, group: Properties) -> str:
    ec2 = aws.client("ec2")
    vpc = {"VpcId": group["vpcId"]} if "vpcId" in group else {}
    answer = ec2.create_security_group(
        GroupName=group["name"], Description=group["description"], **vpc, **tag_specifications("security-group", group)
    )
    group_id = str(answer["GroupId"])
    # AWS lets a new group send anywhere; Terraform's and Pulumi's provider takes that away, so that rules say it all.
    ec2.revoke_security_group_egress(GroupId=group_id, IpPermissions=[ANYWHERE])
    return group_id


def _read_group(aws: Aws, group_id: str, _group: Properties) -> Properties | None:
    if not (group := described(aws, "describe_security_groups", "SecurityGroups", GroupIds=[group_id])):
        return None
    return {
        "arn": aws.arn("ec2", f"security-group/{group_id}"),
        "description": group["Description"],
        "egress": [_inline(group_id, permission) for permission in group[PERMISSIONS["egress"]]],
        "ingress": [_inline(group_id, permission) for permission in group[PERMISSIONS["ingress"]]],
        "name": group["GroupName"],
        "ownerId": group.get("OwnerId", aws.account),
        "tags": mapped(group.get("Tags")),
        "vpcId": group.get("VpcId"),
    }


def _delete_group(aws: Aws, group_id: str, group: Properties) -> None:
    if group.get("revokeRulesOnDelete"):
        for direction in ("ingress", "egress"):
            _set_rules(aws, group_id, direction, [])
    aws.client("ec2").delete_security_group(GroupId=group_id)


def _rules(direction: Direction) -> Update:
    """An update that makes a group's rules exactly those declared within the group."""

    def update(aws: Aws, group_id: str, group: Properties) -> None:
        _set_rules(aws, group_id, direction, group.get(direction, []))

    return update


def _set_rules(aws: Aws, group_id: str, direction: str, rules: list[Properties]) -> None:
    ec2 = aws.client("ec2")
    group = described(aws, "describe_security_groups", "SecurityGroups", GroupIds=[group_id])
    present = group[PERMISSIONS[direction]]
    wanted = [_permission(group_id, rule) for rule in rules]
    if gone := [permission for permission in present if permission not in wanted]:
        getattr(ec2, f"revoke_security_group_{direction}")(GroupId=group_id, IpPermissions=gone)
    if new := [permission for permission in wanted if permission not in present]:
        getattr(ec2, f"authorize_security_group_{direction}")(GroupId=group_id, IpPermissions=new)


def _permission(group_id: str, rule: Properties) -> Properties:
    described_by = {"Description": rule["description"]} if rule.get("description") else {}
    groups = [*rule.get("securityGroups", ()), *([group_id] if rule.get("self") else ())]
    members = {
        "IpRanges": [{"CidrIp": cidr, **described_by} for cidr in rule.get("cidrBlocks", ())],
        "Ipv6Ranges": [{"CidrIpv6": cidr, **described_by} for cidr in rule.get("ipv6CidrBlocks", ())],
        "PrefixListIds": [{"PrefixListId": prefix, **described_by} for prefix in rule.get("prefixListIds", ())],
        "UserIdGroupPairs": [{"GroupId": group, **described_by} for group in groups],
    }
    return {
        "IpProtocol": protocol(rule["protocol"]),
        **ports(rule["protocol"], rule),
        **{key: value for key, value in members.items() if value},
    }


def _inline(group_id: str, permission: Properties) -> Properties:
    pairs = [pair["GroupId"] for pair in permission.get("UserIdGroupPairs", ())]
    sources = [
        *permission.get("IpRanges", ()),
        *permission.get("Ipv6Ranges", ()),
        *permission.get("PrefixListIds", ()),
        *permission.get("UserIdGroupPairs", ()),
    ]
    return {
        "cidrBlocks": [source["CidrIp"] for source in permission.get("IpRanges", ())],
        "description": next((source["Description"] for source in sources if source.get("Description")), ""),
        "fromPort": permission.get("FromPort", 0),
        "ipv6CidrBlocks": [source["CidrIpv6"] for source in permission.get("Ipv6Ranges", ())],
        "prefixListIds": [source["PrefixListId"] for source in permission.get("PrefixListIds", ())],
        "protocol": permission["IpProtocol"],
        "securityGroups": [pair for pair in pairs if pair != group_id],
        "self": group_id in pairs,
        "toPort": permission.get("ToPort", 0),
    }


def protocol(name: str) -> str:
    """The protocol as AWS writes it."""
    return "-1" if name in ALL_PROTOCOLS else name


def ports(protocol_name: str, rule: Properties) -> Properties:
    """The members of a permission that say which ports; all protocols have none."""
    if protocol_name in ALL_PROTOCOLS or "fromPort" not in rule:
        return {}
    return {"FromPort": rule["fromPort"], "ToPort": rule["toPort"]}


ROWS: Final = (
    Resource(
        type_name="aws:ec2/securityGroup:SecurityGroup",
        create=_create_group,
        read=_read_group,
        delete=_delete_group,
        replaces=("description", "vpcId"),
        updates={"ingress": _rules("ingress"), "egress": _rules("egress")},
        afterwards=("ingress", "egress"),
        settings=("revokeRulesOnDelete",),
        outputs=("arn", "egress", "ingress", "ownerId", "vpcId"),
        defaults={"description": "Managed by Pulumi", "revokeRulesOnDelete": False},
        name=AutoName(limit=255),
        patterns={"name": f"(?!sg-){DESCRIPTION}", "description": DESCRIPTION},
        retag=retag,
        sets=frozenset({"ingress", "egress"}),
        shared=frozenset({"ingress", "egress"}),
    ),
)
