"""Security group rules that are resources of their own."""

from typing import Final

from localaws.plugin.aws import Aws
from localaws.plugin.errors import RefusedError
from localaws.plugin.resource import Create, Delete, Resource
from localaws.plugin.tags import mapped
from localaws.plugin.values import Properties

from .ec2 import described, retag, tag_specifications
from .security_groups import DESCRIPTION, Direction, ports, protocol

RULE_SOURCES: Final = ("cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId")
RULE_INPUTS: Final = ("ipProtocol", "fromPort", "toPort", "description", *RULE_SOURCES)


def _source(rule: Properties) -> Properties:
    """The one member of a permission that says from or to where."""
    text = {"Description": rule["description"]} if rule.get("description") else {}
    match [key for key in RULE_SOURCES if rule.get(key)]:
        case ["cidrIpv4"]:
            return {"IpRanges": [{"CidrIp": rule["cidrIpv4"], **text}]}
        case ["cidrIpv6"]:
            return {"Ipv6Ranges": [{"CidrIpv6": rule["cidrIpv6"], **text}]}
        case ["prefixListId"]:
            return {"PrefixListIds": [{"PrefixListId": rule["prefixListId"], **text}]}
        case ["referencedSecurityGroupId"]:
            return {"UserIdGroupPairs": [{"GroupId": rule["referencedSecurityGroupId"], **text}]}
        case _:
            raise RefusedError(f"a rule requires exactly one of {', '.join(RULE_SOURCES)}")


def _authorize(direction: Direction) -> Create:
    def create(aws: Aws, rule: Properties) -> str:
        permission = {"IpProtocol": protocol(rule["ipProtocol"]), **ports(rule["ipProtocol"], rule), **_source(rule)}
        answer = getattr(aws.client("ec2"), f"authorize_security_group_{direction}")(
            GroupId=rule["securityGroupId"],
            IpPermissions=[permission],
            **tag_specifications("security-group-rule", rule),
        )
        return str(answer["SecurityGroupRules"][0]["SecurityGroupRuleId"])

    return create


def _read_rule(aws: Aws, rule_id: str, _rule: Properties) -> Properties | None:
    rule = described(aws, "describe_security_group_rules", "SecurityGroupRules", SecurityGroupRuleIds=[rule_id])
    if not rule:
        return None
    everything = rule["IpProtocol"] == "-1"
    return {
        "arn": rule.get("SecurityGroupRuleArn") or aws.arn("ec2", f"security-group-rule/{rule_id}"),
        "cidrIpv4": rule.get("CidrIpv4"),
        "cidrIpv6": rule.get("CidrIpv6"),
        "description": rule.get("Description") or None,
        "fromPort": None if everything else rule.get("FromPort"),
        "ipProtocol": rule["IpProtocol"],
        "prefixListId": rule.get("PrefixListId"),
        "referencedSecurityGroupId": rule.get("ReferencedGroupInfo", {}).get("GroupId"),
        "securityGroupId": rule["GroupId"],
        "securityGroupRuleId": rule_id,
        "tags": mapped(rule.get("Tags")),
        "toPort": None if everything else rule.get("ToPort"),
    }


def _modify_rule(aws: Aws, rule_id: str, rule: Properties) -> None:
    members = {"IpProtocol": protocol(rule["ipProtocol"]), **ports(rule["ipProtocol"], rule)}
    names = {"cidrIpv4": "CidrIpv4", "cidrIpv6": "CidrIpv6", "prefixListId": "PrefixListId"}
    names |= {"referencedSecurityGroupId": "ReferencedGroupId", "description": "Description"}
    members |= {member: rule[key] for key, member in names.items() if rule.get(key)}
    aws.client("ec2").modify_security_group_rules(
        GroupId=rule["securityGroupId"],
        SecurityGroupRules=[{"SecurityGroupRuleId": rule_id, "SecurityGroupRule": members}],
    )


def _revoke(direction: Direction) -> Delete:
    def delete(aws: Aws, rule_id: str, rule: Properties) -> None:
        getattr(aws.client("ec2"), f"revoke_security_group_{direction}")(
            GroupId=rule["securityGroupId"], SecurityGroupRuleIds=[rule_id]
        )

    return delete


def _rule_row(type_name: str, direction: Direction) -> Resource:
    return Resource(
        type_name=type_name,
        create=_authorize(direction),
        read=_read_rule,
        delete=_revoke(direction),
        replaces=("securityGroupId",),
        updates=dict.fromkeys(RULE_INPUTS, _modify_rule),
        alternatives=RULE_SOURCES,
        outputs=("arn", "securityGroupRuleId"),
        retag=retag,
        patterns={"description": DESCRIPTION},
        delete_first=True,
    )


ROWS: Final = (
    _rule_row("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "ingress"),
    _rule_row("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "egress"),
)
