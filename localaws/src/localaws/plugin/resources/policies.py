"""IAM policies: inline, managed, and attached to a role."""

import json
from typing import Any, Final
from urllib.parse import unquote

from localaws.plugin.aws import Aws, found
from localaws.plugin.names import AutoName
from localaws.plugin.resource import Resource
from localaws.plugin.tags import Tags, listed, mapped
from localaws.plugin.values import Properties

NAME: Final = r"[\w+=,.@-]"
"""A character of a name in IAM."""


def document(value: Any) -> str:
    """A policy document as text; boto3 gives it as a dictionary, or still quoted for an address."""
    return json.dumps(value, separators=(",", ":")) if isinstance(value, dict) else unquote(str(value))


def _put_role_policy(aws: Aws, policy: Properties) -> str:
    aws.client("iam").put_role_policy(
        RoleName=policy["role"], PolicyName=policy["name"], PolicyDocument=policy["policy"]
    )
    return f"{policy['role']}:{policy['name']}"


def _update_role_policy(aws: Aws, _id: str, policy: Properties) -> None:
    _put_role_policy(aws, policy)


def _read_role_policy(aws: Aws, policy_id: str, _policy: Properties) -> Properties | None:
    role, name = policy_id.split(":", 1)
    answer = found(aws.client("iam").get_role_policy, RoleName=role, PolicyName=name)
    return answer and {"role": role, "name": name, "policy": document(answer["PolicyDocument"])}


def _delete_role_policy(aws: Aws, policy_id: str, _policy: Properties) -> None:
    role, name = policy_id.split(":", 1)
    aws.client("iam").delete_role_policy(RoleName=role, PolicyName=name)


def _create_policy(aws: Aws, policy: Properties) -> str:
    optional = {"Description": policy.get("description"), "Tags": listed(policy.get("tags"))}
    answer = aws.client("iam").create_policy(
        PolicyName=policy["name"],
        Path=policy["path"],
        PolicyDocument=policy["policy"],
        **{key: value for key, value in optional.items() if value},
    )
    return str(answer["Policy"]["Arn"])


def _read_policy(aws: Aws, arn: str, _policy: Properties) -> Properties | None:
    iam = aws.client("iam")
    if not (answer := found(iam.get_policy, PolicyArn=arn)):
        return None
    policy = answer["Policy"]
    version = iam.get_policy_version(PolicyArn=arn, VersionId=policy["DefaultVersionId"])["PolicyVersion"]
    return {
        "arn": arn,
        "attachmentCount": policy["AttachmentCount"],
        "description": policy.get("Description") or None,
        "name": policy["PolicyName"],
        "path": policy["Path"],
        "policy": document(version["Document"]),
        "policyId": policy["PolicyId"],
        "tags": mapped(policy.get("Tags")),
    }


def _update_policy(aws: Aws, arn: str, policy: Properties) -> None:
    iam = aws.client("iam")
    _delete_versions(iam, arn)
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=policy["policy"], SetAsDefault=True)


def _delete_policy(aws: Aws, arn: str, _policy: Properties) -> None:
    iam = aws.client("iam")
    _delete_versions(iam, arn)
    iam.delete_policy(PolicyArn=arn)


def _delete_versions(iam: Any, arn: str) -> None:
    for version in iam.list_policy_versions(PolicyArn=arn)["Versions"]:
        if not version["IsDefaultVersion"]:
            iam.delete_policy_version(PolicyArn=arn, VersionId=version["VersionId"])


def _retag_policy(aws: Aws, policy: Properties, tags: Tags, removed: list[str]) -> None:
    iam = aws.client("iam")
    if removed:
        iam.untag_policy(PolicyArn=policy["id"], TagKeys=removed)
    if tags:
        iam.tag_policy(PolicyArn=policy["id"], Tags=listed(tags))


def _attach(aws: Aws, attachment: Properties) -> str:
    aws.client("iam").attach_role_policy(RoleName=attachment["role"], PolicyArn=attachment["policyArn"])
    return f"{attachment['role']}/{attachment['policyArn']}"


def _read_attachment(aws: Aws, attachment_id: str, _attachment: Properties) -> Properties | None:
    role, arn = attachment_id.split("/", 1)
    answer = found(aws.client("iam").list_attached_role_policies, RoleName=role)
    attached = answer and any(policy["PolicyArn"] == arn for policy in answer["AttachedPolicies"])
    return {"role": role, "policyArn": arn} if attached else None


def _detach(aws: Aws, attachment_id: str, _attachment: Properties) -> None:
    role, arn = attachment_id.split("/", 1)
    aws.client("iam").detach_role_policy(RoleName=role, PolicyArn=arn)


ROWS: Final = (
    Resource(
        type_name="aws:iam/rolePolicy:RolePolicy",
        create=_put_role_policy,
        read=_read_role_policy,
        delete=_delete_role_policy,
        replaces=("role",),
        updates={"policy": _update_role_policy},
        name=AutoName(limit=128),
        patterns={"name": rf"{NAME}{{1,128}}"},
        documents=frozenset({"policy"}),
        regional=False,
    ),
    Resource(
        type_name="aws:iam/policy:Policy",
        create=_create_policy,
        read=_read_policy,
        delete=_delete_policy,
        replaces=("description", "path"),
        updates={"policy": _update_policy},
        settings=("delayAfterPolicyCreationInMs",),
        outputs=("arn", "attachmentCount", "policyId"),
        defaults={"path": "/"},
        name=AutoName(limit=128),
        patterns={"name": rf"{NAME}{{1,128}}"},
        retag=_retag_policy,
        documents=frozenset({"policy"}),
        shared=frozenset({"attachmentCount"}),
        regional=False,
    ),
    Resource(
        type_name="aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        create=_attach,
        read=_read_attachment,
        delete=_detach,
        replaces=("role", "policyArn"),
        regional=False,
        delete_first=True,
    ),
)
