"""SQS queues."""

from typing import Final

from localaws.plugin.aws import Aws, found
from localaws.plugin.names import AutoName
from localaws.plugin.resource import Resource
from localaws.plugin.tags import Tags
from localaws.plugin.values import Properties

from .text_attributes import flag, parsed, texts

FIXED: Final = {"fifoQueue": ("FifoQueue", flag)}
CHOSEN: Final = {
    "contentBasedDeduplication": ("ContentBasedDeduplication", flag),
    "delaySeconds": ("DelaySeconds", int),
    "maxMessageSize": ("MaximumMessageSize", int),
    "messageRetentionSeconds": ("MessageRetentionPeriod", int),
    "receiveWaitTimeSeconds": ("ReceiveMessageWaitTimeSeconds", int),
    "visibilityTimeoutSeconds": ("VisibilityTimeout", int),
}
"""Settings for which SQS has a default."""
OPTIONAL: Final = {
    "kmsMasterKeyId": ("KmsMasterKeyId", str),
    "policy": ("Policy", str),
    "redrivePolicy": ("RedrivePolicy", str),
}
"""Optional settings; an empty string removes one."""
ATTRIBUTES: Final = {**FIXED, **CHOSEN, **OPTIONAL}


def _create(aws: Aws, queue: Properties) -> str:
    answer = aws.client("sqs").create_queue(
        QueueName=queue["name"], Attributes=texts(queue, ATTRIBUTES), tags=queue.get("tags", {})
    )
    return str(answer["QueueUrl"])


def _read(aws: Aws, url: str, _queue: Properties) -> Properties | None:
    sqs = aws.client("sqs")
    if not (answer := found(sqs.get_queue_attributes, QueueUrl=url, AttributeNames=["All"])):
        return None
    return {
        **parsed(answer["Attributes"], ATTRIBUTES),
        "arn": answer["Attributes"]["QueueArn"],
        "name": url.rpartition("/")[2],
        "tags": sqs.list_queue_tags(QueueUrl=url).get("Tags", {}),
        "url": url,
    }


def _update(aws: Aws, url: str, queue: Properties) -> None:
    removed = {name: "" for key, (name, _) in OPTIONAL.items() if key not in queue}
    aws.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={**removed, **texts(queue, {**CHOSEN, **OPTIONAL})})


def _delete(aws: Aws, url: str, _queue: Properties) -> None:
    aws.client("sqs").delete_queue(QueueUrl=url)


def _retag(aws: Aws, queue: Properties, tags: Tags, removed: list[str]) -> None:
    sqs = aws.client("sqs")
    if removed:
        sqs.untag_queue(QueueUrl=queue["id"], TagKeys=removed)
    if tags:
        sqs.tag_queue(QueueUrl=queue["id"], Tags=tags)


ROWS: Final = (
    Resource(
        type_name="aws:sqs/queue:Queue",
        create=_create,
        read=_read,
        delete=_delete,
        replaces=tuple(FIXED),
        updates=dict.fromkeys((*CHOSEN, *OPTIONAL), _update),
        outputs=("arn", *CHOSEN, "url"),
        defaults={"fifoQueue": False},
        name=AutoName(limit=80),
        patterns={"name": r"[\w-]{1,80}|[\w-]{1,75}\.fifo"},
        retag=_retag,
        documents=frozenset({"policy", "redrivePolicy"}),
    ),
)
