"""IAM instance profiles."""

from typing import Final

from localaws.plugin.aws import Aws, found
from localaws.plugin.names import AutoName
from localaws.plugin.resource import Resource
from localaws.plugin.tags import Tags, listed, mapped
from localaws.plugin.values import Properties

from .policies import NAME


def _create(aws: Aws, profile: Properties) -> str:
    aws.client("iam").create_instance_profile(
        InstanceProfileName=profile["name"], Path=profile["path"], Tags=listed(profile.get("tags"))
    )
    return str(profile["name"])


def _read(aws: Aws, name: str, _profile: Properties) -> Properties | None:
    if not (answer := found(aws.client("iam").get_instance_profile, InstanceProfileName=name)):
        return None
    profile = answer["InstanceProfile"]
    return {
        "arn": profile["Arn"],
        "createDate": profile["CreateDate"].strftime("%Y-%m-%dT%H:%M:%SZ"),
        "name": name,
        "path": profile["Path"],
        "role": next((role["RoleName"] for role in profile["Roles"]), None),
        "tags": mapped(profile.get("Tags")),
        "uniqueId": profile["InstanceProfileId"],
    }


def _update_role(aws: Aws, name: str, profile: Properties) -> None:
    iam = aws.client("iam")
    for role in iam.get_instance_profile(InstanceProfileName=name)["InstanceProfile"]["Roles"]:
        iam.remove_role_from_instance_profile(InstanceProfileName=name, RoleName=role["RoleName"])
    if "role" in profile:
        iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=profile["role"])


def _delete(aws: Aws, name: str, _profile: Properties) -> None:
    _update_role(aws, name, {})
    aws.client("iam").delete_instance_profile(InstanceProfileName=name)


def _retag(aws: Aws, profile: Properties, tags: Tags, removed: list[str]) -> None:
    iam = aws.client("iam")
    if removed:
        iam.untag_instance_profile(InstanceProfileName=profile["id"], TagKeys=removed)
    if tags:
        iam.tag_instance_profile(InstanceProfileName=profile["id"], Tags=listed(tags))


ROWS: Final = (
    Resource(
        type_name="aws:iam/instanceProfile:InstanceProfile",
        create=_create,
        read=_read,
        delete=_delete,
        replaces=("path",),
        updates={"role": _update_role},
        afterwards=("role",),
        outputs=("arn", "createDate", "uniqueId"),
        defaults={"path": "/"},
        name=AutoName(limit=128),
        patterns={"name": rf"{NAME}{{1,128}}"},
        retag=_retag,
        regional=False,
    ),
)
