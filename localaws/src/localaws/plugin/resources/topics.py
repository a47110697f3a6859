"""SNS topics."""

from typing import Final

from localaws.plugin.aws import Aws, found
from localaws.plugin.names import AutoName
from localaws.plugin.resource import Resource, Update
from localaws.plugin.tags import Tags, listed, mapped
from localaws.plugin.values import Properties
from sagemaker_constructs.addresses.arns import parse_arn

from .text_attributes import flag, parsed, texts

FIXED: Final = {"fifoTopic": ("FifoTopic", flag)}
CHANGEABLE: Final = {
    "contentBasedDeduplication": ("ContentBasedDeduplication", flag),
    "displayName": ("DisplayName", str),
    "kmsMasterKeyId": ("KmsMasterKeyId", str),
    "policy": ("Policy", str),
}
ATTRIBUTES: Final = {**FIXED, **CHANGEABLE}


def _create(aws: Aws, topic: Properties) -> str:
    answer = aws.client("sns").create_topic(
        Name=topic["name"], Attributes=texts(topic, ATTRIBUTES), Tags=listed(topic.get("tags"))
    )
    return str(answer["TopicArn"])


def _read(aws: Aws, arn: str, _topic: Properties) -> Properties | None:
    sns = aws.client("sns")
    address = parse_arn(arn)
    if address is None or not (answer := found(sns.get_topic_attributes, TopicArn=arn)):
        return None
    return {
        **parsed(answer["Attributes"], ATTRIBUTES),
        "arn": arn,
        "name": address.resource,
        "owner": answer["Attributes"]["Owner"],
        "tags": mapped(sns.list_tags_for_resource(ResourceArn=arn)["Tags"]),
    }


def _attribute(name: str) -> Update:
    """An update of one attribute; an empty string removes it."""

    def update(aws: Aws, arn: str, topic: Properties) -> None:
        text = texts(topic, CHANGEABLE).get(name, "")
        aws.client("sns").set_topic_attributes(TopicArn=arn, AttributeName=name, AttributeValue=text)

    return update


def _delete(aws: Aws, arn: str, _topic: Properties) -> None:
    aws.client("sns").delete_topic(TopicArn=arn)


def _retag(aws: Aws, topic: Properties, tags: Tags, removed: list[str]) -> None:
    sns = aws.client("sns")
    if removed:
        sns.untag_resource(ResourceArn=topic["id"], TagKeys=removed)
    if tags:
        sns.tag_resource(ResourceArn=topic["id"], Tags=listed(tags))


ROWS: Final = (
    Resource(
        type_name="aws:sns/topic:Topic",
        create=_create,
        read=_read,
        delete=_delete,
        replaces=tuple(FIXED),
        updates={key: _attribute(name) for key, (name, _) in CHANGEABLE.items()},
        outputs=("arn", "owner", "policy"),
        defaults={"fifoTopic": False},
        name=AutoName(limit=256),
        patterns={"name": r"[\w-]{1,256}|[\w-]{1,251}\.fifo"},
        retag=_retag,
        documents=frozenset({"policy"}),
    ),
)
