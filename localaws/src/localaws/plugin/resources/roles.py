"""IAM roles."""

from typing import Final

from localaws.plugin.aws import Aws, found
from localaws.plugin.names import AutoName
from localaws.plugin.resource import Resource
from localaws.plugin.tags import Tags, listed, mapped
from localaws.plugin.values import Properties

from .policies import NAME, document


def _create_role(aws: Aws, role: Properties) -> str:
    optional = {
        "Description": role.get("description"),
        "PermissionsBoundary": role.get("permissionsBoundary"),
        "Tags": listed(role.get("tags")),
    }
    aws.client("iam").create_role(
        RoleName=role["name"],
        Path=role["path"],
        MaxSessionDuration=role["maxSessionDuration"],
        AssumeRolePolicyDocument=role["assumeRolePolicy"],
        **{key: value for key, value in optional.items() if value},
    )
    return str(role["name"])


def _read_role(aws: Aws, name: str, _role: Properties) -> Properties | None:
    iam = aws.client("iam")
    if not (answer := found(iam.get_role, RoleName=name)):
        return None
    role = answer["Role"]
    attached = iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
    inline = iam.list_role_policies(RoleName=name)["PolicyNames"]
    return {
        "arn": role["Arn"],
        "assumeRolePolicy": document(role["AssumeRolePolicyDocument"]),
        "createDate": role["CreateDate"].strftime("%Y-%m-%dT%H:%M:%SZ"),
        "description": role.get("Description") or None,
        "inlinePolicies": [
            {"name": each, "policy": document(iam.get_role_policy(RoleName=name, PolicyName=each)["PolicyDocument"])}
            for each in inline
        ],
        "managedPolicyArns": [policy["PolicyArn"] for policy in attached],
        "maxSessionDuration": role.get("MaxSessionDuration", 3600),
        "name": role["RoleName"],
        "path": role["Path"],
        "permissionsBoundary": role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
        "tags": mapped(role.get("Tags")),
        "uniqueId": role["RoleId"],
    }


def _delete_role(aws: Aws, name: str, role: Properties) -> None:
    iam = aws.client("iam")
    force = role.get("forceDetachPolicies")
    if force or role.get("managedPolicyArns"):
        for policy in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
            iam.detach_role_policy(RoleName=name, PolicyArn=policy["PolicyArn"])
    if force or role.get("inlinePolicies"):
        for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
            iam.delete_role_policy(RoleName=name, PolicyName=policy)
    iam.delete_role(RoleName=name)


def _update_trust(aws: Aws, name: str, role: Properties) -> None:
    aws.client("iam").update_assume_role_policy(RoleName=name, PolicyDocument=role["assumeRolePolicy"])


def _update_role(aws: Aws, name: str, role: Properties) -> None:
    aws.client("iam").update_role(
        RoleName=name, Description=role.get("description", ""), MaxSessionDuration=role["maxSessionDuration"]
    )


def _update_boundary(aws: Aws, name: str, role: Properties) -> None:
    iam = aws.client("iam")
    if boundary := role.get("permissionsBoundary"):
        iam.put_role_permissions_boundary(RoleName=name, PermissionsBoundary=boundary)
    else:
        iam.delete_role_permissions_boundary(RoleName=name)


def _update_attached(aws: Aws, name: str, role: Properties) -> None:
    iam = aws.client("iam")
    before = {policy["PolicyArn"] for policy in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]}
    after = set(role.get("managedPolicyArns", ()))
    for arn in sorted(after - before):
        iam.attach_role_policy(RoleName=name, PolicyArn=arn)
    for arn in sorted(before - after):
        iam.detach_role_policy(RoleName=name, PolicyArn=arn)


def _update_inline(aws: Aws, name: str, role: Properties) -> None:
    iam = aws.client("iam")
    after = {policy["name"]: policy["policy"] for policy in role.get("inlinePolicies", ())}
    for policy in set(iam.list_role_policies(RoleName=name)["PolicyNames"]) - after.keys():
        iam.delete_role_policy(RoleName=name, PolicyName=policy)
    for policy, text in after.items():
        iam.put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=text)


def _retag_role(aws: Aws, role: Properties, tags: Tags, removed: list[str]) -> None:
    iam = aws.client("iam")
    if removed:
        iam.untag_role(RoleName=role["name"], TagKeys=removed)
    if tags:
        iam.tag_role(RoleName=role["name"], Tags=listed(tags))


ROWS: Final = (
    Resource(
        type_name="aws:iam/role:Role",
        create=_create_role,
        read=_read_role,
        delete=_delete_role,
        replaces=("path",),
        updates={
            "assumeRolePolicy": _update_trust,
            "description": _update_role,
            "maxSessionDuration": _update_role,
            "permissionsBoundary": _update_boundary,
            "managedPolicyArns": _update_attached,
            "inlinePolicies": _update_inline,
        },
        afterwards=("managedPolicyArns", "inlinePolicies"),
        settings=("forceDetachPolicies",),
        outputs=("arn", "createDate", "uniqueId", "managedPolicyArns", "inlinePolicies"),
        defaults={"forceDetachPolicies": False, "maxSessionDuration": 3600, "path": "/"},
        name=AutoName(limit=64),
        patterns={"name": rf"{NAME}{{1,64}}"},
        retag=_retag_role,
        documents=frozenset({"assumeRolePolicy"}),
        sets=frozenset({"managedPolicyArns", "inlinePolicies"}),
        shared=frozenset({"managedPolicyArns", "inlinePolicies"}),
        regional=False,
    ),
)
