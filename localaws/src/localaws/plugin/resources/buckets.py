"""S3 buckets."""

from typing import Any, Final

from localaws.plugin.aws import Aws, found
from localaws.plugin.names import AutoName
from localaws.plugin.resource import Resource
from localaws.plugin.tags import Tags, listed, mapped
from localaws.plugin.values import Properties

HOSTED_ZONES: Final = {
    "us-east-1": "Z3AQBSTGFYJSTF",
    "us-east-2": "Z2O1EMRO9K5GLX",
    "us-west-1": "Z2F56UZL2M1ACD",
    "us-west-2": "Z3BJ6K6RIION7M",
    "eu-central-1": "Z21DNDUVLTQW6Q",
    "eu-north-1": "Z3BAZG2TWCNX0D",
    "eu-west-1": "Z1BKCTXD74EZPE",
    "eu-west-2": "Z3GKZC51ZF0DB4",
    "eu-west-3": "Z3R1K369G5AVDG",
    "ap-northeast-1": "Z2M4EHUR26P7ZW",
    "ap-southeast-1": "Z3O0J2DXBE1FTB",
    "ap-southeast-2": "Z1WCIGYICN2BYD",
}
"""Hosted zones of S3 websites, from AWS's table of S3 endpoints; other regions have no value here."""
REGIONLESS: Final = "us-east-1"
"""The region that S3 calls by no name."""


def _create(aws: Aws, bucket: Properties) -> str:
    optional: Properties = {}
    if aws.region != REGIONLESS:
        optional["CreateBucketConfiguration"] = {"LocationConstraint": aws.region}
    if bucket.get("objectLockEnabled"):
        optional["ObjectLockEnabledForBucket"] = True
    aws.client("s3").create_bucket(Bucket=bucket["bucket"], **optional)
    return str(bucket["bucket"])


def attributes(aws: Aws, name: str) -> Properties | None:
    """What follows from a bucket's name and region, or None if there is no such bucket."""
    s3 = aws.client("s3")
    if found(s3.head_bucket, Bucket=name) is None:
        return None
    region = s3.get_bucket_location(Bucket=name).get("LocationConstraint") or REGIONLESS
    return {
        "arn": aws.bucket_arn(name),
        "bucket": name,
        "bucketDomainName": f"{name}.s3.{aws.partition.dns_suffix}",
        "bucketRegion": region,
        "bucketRegionalDomainName": f"{name}.s3.{region}.{aws.partition.dns_suffix}",
        "hostedZoneId": HOSTED_ZONES.get(region, ""),
    }


def _read(aws: Aws, name: str, _bucket: Properties) -> Properties | None:
    if not (bucket := attributes(aws, name)):
        return None
    s3 = aws.client("s3")
    tagging = found(s3.get_bucket_tagging, Bucket=name) or {}
    lock = found(s3.get_object_lock_configuration, Bucket=name) or {}
    enabled = lock.get("ObjectLockConfiguration", {}).get("ObjectLockEnabled") == "Enabled"
    return {**bucket, "objectLockEnabled": enabled, "tags": mapped(tagging.get("TagSet"))}


def _delete(aws: Aws, name: str, bucket: Properties) -> None:
    s3 = aws.client("s3")
    if bucket.get("forceDestroy"):
        _empty(s3, name)
    s3.delete_bucket(Bucket=name)


def _empty(s3: Any, name: str) -> None:
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=name):
        objects = [
            {"Key": item["Key"], "VersionId": item["VersionId"]}
            for item in (*page.get("Versions", ()), *page.get("DeleteMarkers", ()))
        ]
        if objects:
            s3.delete_objects(Bucket=name, Delete={"Objects": objects, "Quiet": True})


def _retag(aws: Aws, bucket: Properties, tags: Tags, removed: list[str]) -> None:
    s3 = aws.client("s3")
    present = mapped((found(s3.get_bucket_tagging, Bucket=bucket["id"]) or {}).get("TagSet"))
    wanted = {**{key: value for key, value in present.items() if key not in removed}, **tags}
    if wanted:
        s3.put_bucket_tagging(Bucket=bucket["id"], Tagging={"TagSet": listed(wanted)})
    else:
        s3.delete_bucket_tagging(Bucket=bucket["id"])


ROWS: Final = (
    Resource(
        type_name="aws:s3/bucket:Bucket",
        create=_create,
        read=_read,
        delete=_delete,
        replaces=("objectLockEnabled",),
        settings=("forceDestroy",),
        afterwards=("tags",),
        outputs=(
            "arn",
            "bucketDomainName",
            "bucketRegion",
            "bucketRegionalDomainName",
            "hostedZoneId",
            "objectLockEnabled",
        ),
        defaults={"forceDestroy": False},
        name=AutoName(key="bucket", limit=63, lower=True),
        patterns={"bucket": r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"},
        retag=_retag,
    ),
)
