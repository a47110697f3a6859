"""SSM parameters."""

from typing import Final

from localaws.plugin.aws import Aws, found
from localaws.plugin.names import AutoName
from localaws.plugin.resource import Resource
from localaws.plugin.shapes import attributes, request
from localaws.plugin.tags import Tags, listed, mapped
from localaws.plugin.values import Properties

MEMBERS: Final = ("allowedPattern", "dataType", "description", "keyId", "name", "tier", "type", "value")


def _create(aws: Aws, parameter: Properties) -> str:
    tags = listed(parameter.get("tags"))
    aws.client("ssm").put_parameter(**request(parameter, *MEMBERS), **({"Tags": tags} if tags else {}))
    return str(parameter["name"])


def _read(aws: Aws, name: str, _parameter: Properties) -> Properties | None:
    ssm = aws.client("ssm")
    if not (answer := found(ssm.get_parameter, Name=name, WithDecryption=True)):
        return None
    where = [{"Key": "Name", "Option": "Equals", "Values": [name]}]
    described = ssm.describe_parameters(ParameterFilters=where)["Parameters"][0]
    tags = ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=name)["TagList"]
    return {
        **attributes({**described, **answer["Parameter"]}, *MEMBERS, "version"),
        "arn": answer["Parameter"]["ARN"],
        "hasValueWo": False,
        "tags": mapped(tags),
    }


def _update(aws: Aws, _name: str, parameter: Properties) -> None:
    aws.client("ssm").put_parameter(**request(parameter, *MEMBERS), Overwrite=True)


def _delete(aws: Aws, name: str, _parameter: Properties) -> None:
    aws.client("ssm").delete_parameter(Name=name)


def _retag(aws: Aws, parameter: Properties, tags: Tags, removed: list[str]) -> None:
    ssm, which = aws.client("ssm"), {"ResourceType": "Parameter", "ResourceId": parameter["id"]}
    if removed:
        ssm.remove_tags_from_resource(**which, TagKeys=removed)
    if tags:
        ssm.add_tags_to_resource(**which, Tags=listed(tags))


ROWS: Final = (
    Resource(
        type_name="aws:ssm/parameter:Parameter",
        create=_create,
        read=_read,
        delete=_delete,
        replaces=("dataType",),
        updates=dict.fromkeys(("allowedPattern", "description", "keyId", "tier", "type", "value"), _update),
        outputs=("arn", "dataType", "hasValueWo", "keyId", "tier", "version"),
        name=AutoName(limit=1011, prefixed=False),
        patterns={"name": r"[\w./-]{1,1011}"},
        retag=_retag,
        renewed=frozenset({"version"}),
    ),
)
