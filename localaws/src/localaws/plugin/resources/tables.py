"""DynamoDB tables, without secondary indexes."""

from typing import Final

from localaws.plugin.aws import Aws, found
from localaws.plugin.names import AutoName
from localaws.plugin.resource import Resource
from localaws.plugin.tags import Tags, listed, mapped
from localaws.plugin.values import Properties

KEYS: Final = {"hashKey": "HASH", "rangeKey": "RANGE"}
ON_DEMAND: Final = "PAY_PER_REQUEST"


def _billing(table: Properties) -> Properties:
    capacity = {"ReadCapacityUnits": table.get("readCapacity", 1), "WriteCapacityUnits": table.get("writeCapacity", 1)}
    provisioned = {} if table["billingMode"] == ON_DEMAND else {"ProvisionedThroughput": capacity}
    return {"BillingMode": table["billingMode"], **provisioned}


def _create(aws: Aws, table: Properties) -> str:
    aws.client("dynamodb").create_table(
        TableName=table["name"],
        AttributeDefinitions=[
            {"AttributeName": each["name"], "AttributeType": each["type"]} for each in table.get("attributes", ())
        ],
        KeySchema=[{"AttributeName": table[key], "KeyType": kind} for key, kind in KEYS.items() if key in table],
        Tags=listed(table.get("tags")),
        **_billing(table),
    )
    return str(table["name"])


def _read(aws: Aws, name: str, _table: Properties) -> Properties | None:
    dynamodb = aws.client("dynamodb")
    if not (answer := found(dynamodb.describe_table, TableName=name)):
        return None
    table = answer["Table"]
    keys = {each["KeyType"]: each["AttributeName"] for each in table["KeySchema"]}
    capacity = table.get("ProvisionedThroughput", {})
    return {
        **{key: keys.get(kind) for key, kind in KEYS.items()},
        "arn": table["TableArn"],
        "attributes": [
            {"name": each["AttributeName"], "type": each["AttributeType"]} for each in table["AttributeDefinitions"]
        ],
        "billingMode": table.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED"),
        "name": name,
        "readCapacity": capacity.get("ReadCapacityUnits", 0),
        "streamArn": "",
        "streamLabel": "",
        "tags": mapped(dynamodb.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"]),
        "writeCapacity": capacity.get("WriteCapacityUnits", 0),
    }


def _update_billing(aws: Aws, name: str, table: Properties) -> None:
    aws.client("dynamodb").update_table(TableName=name, **_billing(table))


def _delete(aws: Aws, name: str, _table: Properties) -> None:
    aws.client("dynamodb").delete_table(TableName=name)


def _retag(aws: Aws, table: Properties, tags: Tags, removed: list[str]) -> None:
    dynamodb, arn = aws.client("dynamodb"), aws.arn("dynamodb", f"table/{table['id']}")
    if removed:
        dynamodb.untag_resource(ResourceArn=arn, TagKeys=removed)
    if tags:
        dynamodb.tag_resource(ResourceArn=arn, Tags=listed(tags))


ROWS: Final = (
    Resource(
        type_name="aws:dynamodb/table:Table",
        create=_create,
        read=_read,
        delete=_delete,
        replaces=(*KEYS, "attributes"),
        updates=dict.fromkeys(("billingMode", "readCapacity", "writeCapacity"), _update_billing),
        outputs=("arn", "readCapacity", "streamArn", "streamLabel", "writeCapacity"),
        defaults={"billingMode": "PROVISIONED"},
        name=AutoName(limit=255, prefixed=False),
        patterns={"name": r"[\w.-]{3,255}"},
        retag=_retag,
        sets=frozenset({"attributes"}),
    ),
)
