"""S3 objects, from text, base64 or a file asset."""

import base64
from pathlib import Path
from typing import Any, Final

from localaws.plugin.aws import Aws, found
from localaws.plugin.errors import RefusedError
from localaws.plugin.names import AutoName
from localaws.plugin.resource import Resource
from localaws.plugin.tags import Tags, listed, mapped
from localaws.plugin.values import Properties

REQUEST: Final = {
    "acl": "ACL",
    "bucketKeyEnabled": "BucketKeyEnabled",
    "cacheControl": "CacheControl",
    "contentDisposition": "ContentDisposition",
    "contentEncoding": "ContentEncoding",
    "contentLanguage": "ContentLanguage",
    "contentType": "ContentType",
    "kmsKeyId": "SSEKMSKeyId",
    "metadata": "Metadata",
    "serverSideEncryption": "ServerSideEncryption",
    "storageClass": "StorageClass",
    "websiteRedirect": "WebsiteRedirectLocation",
}
"""Inputs and the members of PutObject (and, but for `acl`, of HeadObject's answer) that carry them."""
CONTENT: Final = ("content", "contentBase64", "source")


def _put(aws: Aws, item: Properties) -> str:
    request = {member: item[key] for key, member in REQUEST.items() if key in item}
    if item.get("kmsKeyId"):
        request.setdefault("ServerSideEncryption", "aws:kms")
    aws.client("s3").put_object(Bucket=item["bucket"], Key=item["key"], Body=_body(item), **request)
    return f"{item['bucket']}/{item['key']}"


def _update(aws: Aws, _id: str, item: Properties) -> None:
    _put(aws, item)
    if item.get("tags"):
        _retag(aws, item, item["tags"], [])


def _body(item: Properties) -> bytes:
    match [key for key in CONTENT if key in item]:
        case ["content"]:
            return str(item["content"]).encode()
        case ["contentBase64"]:
            return base64.b64decode(item["contentBase64"])
        case ["source"]:
            return _asset(item["source"])
        case []:
            return b""
        case several:
            raise RefusedError(f"{', '.join(several)} cannot be combined")


def _asset(asset: Any) -> bytes:
    match asset:
        case {"path": str(path)} if Path(path).is_file():
            return Path(path).read_bytes()
        case {"text": str(text)}:
            return text.encode()
        case {"uri": str(uri)} if uri.startswith("file://"):
            return Path(uri.removeprefix("file://")).read_bytes()
        case {"path": str(path)}:
            raise RefusedError(f"`source` must be a file, and {path!r} is not one")
        case _:
            raise RefusedError("`source` must be a FileAsset or a StringAsset for the emulated aws plugin")


def _read(aws: Aws, object_id: str, _item: Properties) -> Properties | None:
    s3 = aws.client("s3")
    bucket, key = object_id.split("/", 1)
    if (head := found(s3.head_object, Bucket=bucket, Key=key)) is None:
        return None
    live = {name: head.get(member) for name, member in REQUEST.items() if name != "acl"}
    tagging = s3.get_object_tagging(Bucket=bucket, Key=key)["TagSet"]
    return {
        **live,
        "storageClass": head.get("StorageClass", "STANDARD"),
        "serverSideEncryption": head.get("ServerSideEncryption", "AES256"),
        "bucketKeyEnabled": head.get("BucketKeyEnabled", False),
        "metadata": head.get("Metadata") or None,
        "arn": aws.bucket_arn(f"{bucket}/{key}"),
        "bucket": bucket,
        "key": key,
        "etag": head["ETag"].strip('"'),
        "versionId": head.get("VersionId", ""),
        "tags": mapped(tagging),
    }


def _delete(aws: Aws, object_id: str, _item: Properties) -> None:
    s3 = aws.client("s3")
    bucket, key = object_id.split("/", 1)
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=key):
        for version in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
            if version["Key"] == key:
                s3.delete_object(Bucket=bucket, Key=key, VersionId=version["VersionId"])


def _retag(aws: Aws, item: Properties, tags: Tags, removed: list[str]) -> None:
    s3 = aws.client("s3")
    place = {"Bucket": item["bucket"], "Key": item["key"]}
    present = mapped(s3.get_object_tagging(**place)["TagSet"])
    wanted = {**{key: value for key, value in present.items() if key not in removed}, **tags}
    s3.put_object_tagging(**place, Tagging={"TagSet": listed(wanted)})


def _row(type_name: str) -> Resource:
    return Resource(
        type_name=type_name,
        create=_put,
        read=_read,
        delete=_delete,
        replaces=("bucket", "key"),
        updates=dict.fromkeys((*REQUEST, *CONTENT, "etag", "sourceHash"), _update),
        afterwards=("tags",),
        settings=("forceDestroy",),
        outputs=(
            "arn",
            "bucketKeyEnabled",
            "contentType",
            "etag",
            "serverSideEncryption",
            "storageClass",
            "versionId",
        ),
        defaults={"forceDestroy": False},
        name=AutoName(key="key", random=False, prefixed=False),
        retag=_retag,
        renewed=frozenset({"etag", "versionId"}),
    )


ROWS: Final = (_row("aws:s3/bucketObjectv2:BucketObjectv2"), _row("aws:s3/bucketObject:BucketObject"))
