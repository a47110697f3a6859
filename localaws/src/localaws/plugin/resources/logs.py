"""CloudWatch log groups."""

from typing import Final

from localaws.plugin.aws import Aws
from localaws.plugin.names import AutoName
from localaws.plugin.resource import Resource
from localaws.plugin.tags import Tags
from localaws.plugin.values import Properties


def _create(aws: Aws, group: Properties) -> str:
    optional = {
        "kmsKeyId": group.get("kmsKeyId"),
        "logGroupClass": group.get("logGroupClass"),
        "tags": group.get("tags"),
    }
    aws.client("logs").create_log_group(
        logGroupName=group["name"], **{key: value for key, value in optional.items() if value}
    )
    return str(group["name"])


def _read(aws: Aws, name: str, _group: Properties) -> Properties | None:
    logs = aws.client("logs")
    groups = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    for group in groups:
        if group["logGroupName"] == name:
            arn = group["arn"].removesuffix(":*")
            return {
                "arn": arn,
                "kmsKeyId": group.get("kmsKeyId"),
                "logGroupClass": group.get("logGroupClass", "STANDARD"),
                "name": name,
                "retentionInDays": group.get("retentionInDays", 0),
                "tags": logs.list_tags_for_resource(resourceArn=arn).get("tags", {}),
            }
    return None


def _update_retention(aws: Aws, name: str, group: Properties) -> None:
    logs = aws.client("logs")
    if days := group.get("retentionInDays"):
        logs.put_retention_policy(logGroupName=name, retentionInDays=days)
    else:
        logs.delete_retention_policy(logGroupName=name)


def _update_key(aws: Aws, name: str, group: Properties) -> None:
    logs = aws.client("logs")
    if key := group.get("kmsKeyId"):
        logs.associate_kms_key(logGroupName=name, kmsKeyId=key)
    else:
        logs.disassociate_kms_key(logGroupName=name)


def _delete(aws: Aws, name: str, group: Properties) -> None:
    if not group.get("skipDestroy"):
        aws.client("logs").delete_log_group(logGroupName=name)


def _retag(aws: Aws, group: Properties, tags: Tags, removed: list[str]) -> None:
    logs = aws.client("logs")
    arn = group.get("arn") or aws.arn("logs", f"log-group:{group['id']}")
    if removed:
        logs.untag_resource(resourceArn=arn, tagKeys=removed)
    if tags:
        logs.tag_resource(resourceArn=arn, tags=tags)


ROWS: Final = (
    Resource(
        type_name="aws:cloudwatch/logGroup:LogGroup",
        create=_create,
        read=_read,
        delete=_delete,
        replaces=("logGroupClass",),
        updates={"retentionInDays": _update_retention, "kmsKeyId": _update_key},
        afterwards=("retentionInDays",),
        settings=("skipDestroy",),
        outputs=("arn", "logGroupClass"),
        defaults={"retentionInDays": 0, "skipDestroy": False},
        name=AutoName(limit=512),
        patterns={"name": r"[.\-_/#A-Za-z0-9]{1,512}"},
        retag=_retag,
    ),
)
