"""Shared by all EC2 resources: tags on creation, changed tags, and describing one by its id."""

from collections.abc import Mapping
from typing import Any

from localaws.plugin.aws import Aws, found, only
from localaws.plugin.resource import Delete
from localaws.plugin.tags import Tags, listed
from localaws.plugin.values import Properties


def tag_specifications(kind: str, properties: Properties) -> Properties:
    """The member of a creating request that carries the tags; empty if there are none."""
    tags = listed(properties.get("tags"))
    return {"TagSpecifications": [{"ResourceType": kind, "Tags": tags}]} if tags else {}


def retag(aws: Aws, properties: Properties, tags: Tags, removed: list[str]) -> None:
    """Change the tags of any EC2 resource."""
    ec2 = aws.client("ec2")
    if removed:
        ec2.delete_tags(Resources=[properties["id"]], Tags=[{"Key": key} for key in removed])
    if tags:
        ec2.create_tags(Resources=[properties["id"]], Tags=listed(tags))


def described(aws: Aws, operation: str, answer: str, **request: Any) -> Any:
    """The one item that a describing call finds, or None.

    Args:
        aws: The region to ask in.
        operation: boto3's name of the call.
        answer: The member of the answer that lists the items.
        request: The call's arguments.
    """
    found_items = found(getattr(aws.client("ec2"), operation), **request)
    return only(found_items[answer]) if found_items else None


def filters(values: Mapping[str, str]) -> list[dict[str, Any]]:
    """EC2's filters, each with one value."""
    return [{"Name": name, "Values": [value]} for name, value in values.items()]


def deletion(operation: str, parameter: str) -> Delete:
    """A deletion that is one call with the id."""

    def delete(aws: Aws, resource_id: str, _properties: Properties) -> None:
        getattr(aws.client("ec2"), operation)(**{parameter: resource_id})

    return delete
