"""KMS keys and their aliases."""

from typing import Final

from localaws.plugin.aws import Aws, found
from localaws.plugin.names import AutoName
from localaws.plugin.resource import Resource
from localaws.plugin.tags import Tags, listed, mapped
from localaws.plugin.values import Properties

LONGEST_WINDOW: Final = 30
"""Days that AWS keeps a key scheduled for deletion if nothing shorter is asked for."""


def _create_key(aws: Aws, key: Properties) -> str:
    optional = {
        "Description": key.get("description"),
        "MultiRegion": key.get("multiRegion"),
        "Policy": key.get("policy"),
        "Tags": listed(key.get("tags"), "TagKey", "TagValue"),
    }
    answer = aws.client("kms").create_key(
        KeyUsage=key["keyUsage"],
        KeySpec=key["customerMasterKeySpec"],
        BypassPolicyLockoutSafetyCheck=key["bypassPolicyLockoutSafetyCheck"],
        **{member: value for member, value in optional.items() if value},
    )
    return str(answer["KeyMetadata"]["KeyId"])


def _read_key(aws: Aws, key_id: str, _key: Properties) -> Properties | None:
    kms = aws.client("kms")
    answer = found(kms.describe_key, KeyId=key_id)
    if not answer or answer["KeyMetadata"]["KeyState"] == "PendingDeletion":
        return None
    key = answer["KeyMetadata"]
    rotation = kms.get_key_rotation_status(KeyId=key_id)
    return {
        "arn": key["Arn"],
        "customerMasterKeySpec": key.get("KeySpec", key.get("CustomerMasterKeySpec")),
        "description": key.get("Description", ""),
        "enableKeyRotation": rotation["KeyRotationEnabled"],
        "isEnabled": key["Enabled"],
        "keyId": key["KeyId"],
        "keyUsage": key["KeyUsage"],
        "multiRegion": key.get("MultiRegion", False),
        "policy": kms.get_key_policy(KeyId=key_id, PolicyName="default")["Policy"],
        "tags": mapped(kms.list_resource_tags(KeyId=key_id).get("Tags"), "TagKey", "TagValue"),
    }


def _update_description(aws: Aws, key_id: str, key: Properties) -> None:
    aws.client("kms").update_key_description(KeyId=key_id, Description=key.get("description", ""))


def _update_policy(aws: Aws, key_id: str, key: Properties) -> None:
    aws.client("kms").put_key_policy(KeyId=key_id, PolicyName="default", Policy=key["policy"])


def _update_rotation(aws: Aws, key_id: str, key: Properties) -> None:
    kms = aws.client("kms")
    if key.get("enableKeyRotation"):
        period = {"RotationPeriodInDays": key["rotationPeriodInDays"]} if "rotationPeriodInDays" in key else {}
        kms.enable_key_rotation(KeyId=key_id, **period)
    else:
        kms.disable_key_rotation(KeyId=key_id)


def _update_enabled(aws: Aws, key_id: str, key: Properties) -> None:
    kms = aws.client("kms")
    (kms.enable_key if key["isEnabled"] else kms.disable_key)(KeyId=key_id)


def _delete_key(aws: Aws, key_id: str, key: Properties) -> None:
    window = key.get("deletionWindowInDays", LONGEST_WINDOW)
    aws.client("kms").schedule_key_deletion(KeyId=key_id, PendingWindowInDays=window)


def _retag_key(aws: Aws, key: Properties, tags: Tags, removed: list[str]) -> None:
    kms = aws.client("kms")
    if removed:
        kms.untag_resource(KeyId=key["id"], TagKeys=removed)
    if tags:
        kms.tag_resource(KeyId=key["id"], Tags=listed(tags, "TagKey", "TagValue"))


def _create_alias(aws: Aws, alias: Properties) -> str:
    aws.client("kms").create_alias(AliasName=alias["name"], TargetKeyId=alias["targetKeyId"])
    return str(alias["name"])


def _read_alias(aws: Aws, name: str, alias: Properties) -> Properties | None:
    for page in aws.client("kms").get_paginator("list_aliases").paginate():
        for entry in page["Aliases"]:
            if entry["AliasName"] == name:
                target = entry["TargetKeyId"]
                arn = aws.arn("kms", f"key/{target}")
                by_arn = str(alias.get("targetKeyId", "")).startswith("arn:")
                return {
                    "arn": entry["AliasArn"],
                    "name": name,
                    "targetKeyArn": arn,
                    "targetKeyId": arn if by_arn else target,
                }
    return None


def _update_alias(aws: Aws, name: str, alias: Properties) -> None:
    aws.client("kms").update_alias(AliasName=name, TargetKeyId=alias["targetKeyId"])


def _delete_alias(aws: Aws, name: str, _alias: Properties) -> None:
    aws.client("kms").delete_alias(AliasName=name)


ROWS: Final = (
    Resource(
        type_name="aws:kms/key:Key",
        create=_create_key,
        read=_read_key,
        delete=_delete_key,
        replaces=("customerMasterKeySpec", "keyUsage", "multiRegion"),
        updates={
            "description": _update_description,
            "policy": _update_policy,
            "enableKeyRotation": _update_rotation,
            "rotationPeriodInDays": _update_rotation,
            "isEnabled": _update_enabled,
        },
        afterwards=("enableKeyRotation",),
        settings=("bypassPolicyLockoutSafetyCheck", "deletionWindowInDays"),
        outputs=("arn", "description", "keyId", "multiRegion", "policy", "rotationPeriodInDays"),
        defaults={
            "bypassPolicyLockoutSafetyCheck": False,
            "customerMasterKeySpec": "SYMMETRIC_DEFAULT",
            "enableKeyRotation": False,
            "isEnabled": True,
            "keyUsage": "ENCRYPT_DECRYPT",
        },
        retag=_retag_key,
        documents=frozenset({"policy"}),
    ),
    Resource(
        type_name="aws:kms/alias:Alias",
        create=_create_alias,
        read=_read_alias,
        delete=_delete_alias,
        updates={"targetKeyId": _update_alias},
        outputs=("arn", "targetKeyArn"),
        name=AutoName(limit=256, start="alias/"),
        patterns={"name": r"alias/[a-zA-Z0-9/_-]{1,250}"},
    ),
)
