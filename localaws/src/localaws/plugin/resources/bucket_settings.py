"""Settings of S3 buckets: each is a resource of its own, written and read whole, with the bucket's name as its id."""

from collections.abc import Callable
from typing import Any, Final

from localaws.plugin.aws import Aws, found
from localaws.plugin.resource import Resource
from localaws.plugin.shapes import camel, pascal
from localaws.plugin.tags import listed, mapped
from localaws.plugin.values import Properties

BLOCKS: Final = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")


def _access_block(setting: Properties) -> Properties:
    return {"PublicAccessBlockConfiguration": pascal({key: setting[key] for key in BLOCKS})}


def _access_block_read(answer: Properties) -> Properties:
    return camel(answer["PublicAccessBlockConfiguration"])


def _encryption(setting: Properties) -> Properties:
    return {"ServerSideEncryptionConfiguration": {"Rules": [_encryption_rule(rule) for rule in setting["rules"]]}}


def _encryption_rule(rule: Properties) -> Properties:
    default = rule["applyServerSideEncryptionByDefault"]
    key = {"KMSMasterKeyID": default["kmsMasterKeyId"]} if default.get("kmsMasterKeyId") else {}
    bucket_key = {"BucketKeyEnabled": rule["bucketKeyEnabled"]} if "bucketKeyEnabled" in rule else {}
    return {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": default["sseAlgorithm"], **key}, **bucket_key}


def _encryption_read(answer: Properties) -> Properties:
    rules = answer["ServerSideEncryptionConfiguration"]["Rules"]
    return {"rules": [_encryption_rule_read(rule) for rule in rules]}


def _encryption_rule_read(rule: Properties) -> Properties:
    default = rule["ApplyServerSideEncryptionByDefault"]
    return {
        "applyServerSideEncryptionByDefault": {
            "sseAlgorithm": default["SSEAlgorithm"],
            "kmsMasterKeyId": default.get("KMSMasterKeyID", ""),
        },
        "bucketKeyEnabled": rule.get("BucketKeyEnabled", False),
    }


def _versioning(setting: Properties) -> Properties:
    return {"VersioningConfiguration": {"Status": setting["versioningConfiguration"]["status"]}}


def _versioning_read(answer: Properties) -> Properties | None:
    if "Status" not in answer:
        return None
    return {"versioningConfiguration": {"status": answer["Status"], "mfaDelete": answer.get("MFADelete", "Disabled")}}


def _ownership(setting: Properties) -> Properties:
    return {"OwnershipControls": {"Rules": [pascal(setting["rule"])]}}


def _ownership_read(answer: Properties) -> Properties:
    return {"rule": camel(answer["OwnershipControls"]["Rules"][0])}


def _policy(setting: Properties) -> Properties:
    return {"Policy": setting["policy"]}


def _policy_read(answer: Properties) -> Properties:
    return {"policy": answer["Policy"]}


def _lifecycle(setting: Properties) -> Properties:
    return {"LifecycleConfiguration": {"Rules": [_lifecycle_rule(rule) for rule in setting["rules"]]}}


def _lifecycle_rule(rule: Properties) -> Properties:
    request = pascal({key: value for key, value in rule.items() if key not in {"id", "prefix", "filter"}})
    return {**request, "ID": rule["id"], "Filter": _lifecycle_filter(rule)}


def _lifecycle_filter(rule: Properties) -> Properties:
    declared = rule.get("filter") or {"prefix": rule.get("prefix", "")}
    where = pascal({key: value for key, value in declared.items() if key != "and"})
    if "and" in declared:
        both = declared["and"]
        where["And"] = {**pascal({**both, "tags": []}), "Tags": listed(both.get("tags"))}
    return where


def _lifecycle_read(answer: Properties) -> Properties:
    return {"rules": [_lifecycle_rule_read(rule) for rule in answer["Rules"]]}


def _lifecycle_rule_read(rule: Properties) -> Properties:
    where = camel(rule.get("Filter", {}))
    if "and" in where:
        where["and"]["tags"] = mapped(rule["Filter"]["And"].get("Tags"))
    live = camel({key: value for key, value in rule.items() if key != "ID"})
    return {**live, "id": rule["ID"], "filter": where}


def _setting(
    type_name: str,
    calls: tuple[str, str, str],
    request: Callable[[Properties], Properties],
    shape: Callable[[Properties], Properties | None],
    **more: Any,
) -> Resource:
    """The row of a setting.

    Args:
        type_name: The type's token.
        calls: boto3's names of the calls that put, get and remove the setting.
        request: The putting call's members, from the properties.
        shape: The properties, from the getting call's answer; None if the bucket does not have the setting.
        more: The row's other columns.
    """
    put, get, remove = calls

    def create(aws: Aws, setting: Properties) -> str:
        getattr(aws.client("s3"), put)(Bucket=setting["bucket"], **request(setting))
        return str(setting["bucket"])

    def update(aws: Aws, _bucket: str, setting: Properties) -> None:
        create(aws, setting)

    def read(aws: Aws, bucket: str, _setting: Properties) -> Properties | None:
        answer = found(getattr(aws.client("s3"), get), Bucket=bucket)
        live = shape(answer) if answer is not None else None
        return None if live is None else {"bucket": bucket, **live}

    def delete(aws: Aws, bucket: str, setting: Properties) -> None:
        if not setting.get("skipDestroy"):
            getattr(aws.client("s3"), remove)(Bucket=bucket)

    return Resource(
        type_name=type_name,
        create=create,
        read=read,
        delete=more.pop("delete", delete),
        replaces=("bucket",),
        updates=dict.fromkeys(more.pop("updates"), update),
        **more,
    )


def _suspend(aws: Aws, bucket: str, _setting: Properties) -> None:
    """Versioning, once enabled, can only be suspended."""
    aws.client("s3").put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})


ROWS: Final = (
    _setting(
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        ("put_public_access_block", "get_public_access_block", "delete_public_access_block"),
        _access_block,
        _access_block_read,
        updates=BLOCKS,
        settings=("skipDestroy",),
        defaults=dict.fromkeys(BLOCKS, False),
    ),
    _setting(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        ("put_bucket_encryption", "get_bucket_encryption", "delete_bucket_encryption"),
        _encryption,
        _encryption_read,
        updates=("rules",),
    ),
    _setting(
        "aws:s3/bucketVersioning:BucketVersioning",
        ("put_bucket_versioning", "get_bucket_versioning", "put_bucket_versioning"),
        _versioning,
        _versioning_read,
        updates=("versioningConfiguration",),
        delete=_suspend,
    ),
    _setting(
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        ("put_bucket_ownership_controls", "get_bucket_ownership_controls", "delete_bucket_ownership_controls"),
        _ownership,
        _ownership_read,
        updates=("rule",),
    ),
    _setting(
        "aws:s3/bucketPolicy:BucketPolicy",
        ("put_bucket_policy", "get_bucket_policy", "delete_bucket_policy"),
        _policy,
        _policy_read,
        updates=("policy",),
        documents=frozenset({"policy"}),
    ),
    _setting(
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        ("put_bucket_lifecycle_configuration", "get_bucket_lifecycle_configuration", "delete_bucket_lifecycle"),
        _lifecycle,
        _lifecycle_read,
        updates=("rules",),
        settings=("timeouts",),
    ),
)
