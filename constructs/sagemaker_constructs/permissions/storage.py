"""What a job reads and writes: S3, EFS and FSx for Lustre."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sagemaker_constructs.permissions.locations import home_arn, minimal, objects_arn
from sagemaker_constructs.permissions.row import ROLE_PAGE, Place, Row, Target, Targets, anywhere

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sagemaker_constructs.permissions.locations import Location
    from sagemaker_constructs.permissions.needs import Needs


def _home(bucket: str, place: Place) -> str:
    return home_arn(bucket, place.partition, place.region, place.account)


def _objects(use: str) -> Targets:
    def targets(needs: Needs, place: Place) -> Iterator[Target]:
        yield Target(
            objects_arn(_home(each.bucket, place)) + each.keys
            for each in getattr(needs, use)
            if not each.on_directory_bucket
        )

    return targets


def _listing(needs: Needs, place: Place) -> Iterator[Target]:
    """A target a bucket, for the condition names that bucket's prefixes; none where the whole bucket is used."""
    patterns: dict[str, set[str]] = {}
    for each in needs.inputs | needs.checkpoints | needs.watched:
        if not each.on_directory_bucket:
            patterns.setdefault(each.bucket, set()).update(each.listed)
    for bucket in sorted(patterns):
        prefixes = minimal(patterns[bucket])
        yield Target(
            (_home(bucket, place),),
            {} if prefixes == ("*",) else {"StringLike": {"s3:prefix": list(prefixes)}},
            "".join(part.capitalize() for part in re.split(r"[^a-z0-9]+", bucket.rpartition("/")[2])),
        )


def _directory_buckets(needs: Needs, place: Place) -> Iterator[Target]:
    """Those that are only read are opened for reading only, whatever session is asked for."""

    def arns(locations: Iterable[Location]) -> set[str]:
        return {place.arn("s3express", f"bucket/{each.bucket}") for each in locations if each.on_directory_bucket}

    written = arns(needs.outputs | needs.checkpoints)
    yield Target(written)
    read_only = {"StringEquals": {"s3express:SessionMode": "ReadOnly"}}
    yield Target(arns(needs.inputs | needs.watched) - written, read_only, "ReadOnly")


def _elastic_file_systems(*, writable: bool = False) -> Targets:
    def targets(needs: Needs, place: Place) -> Iterator[Target]:
        yield Target(
            place.arn("elasticfilesystem", f"file-system/{each.identifier}")
            for each in needs.file_systems
            if each.kind == "EFS" and (each.writable or not writable)
        )

    return targets


ROWS: tuple[Row, ...] = (
    Row("InputObjects", ("s3:GetObject",), _objects("inputs"), ROLE_PAGE),
    Row("List", ("s3:ListBucket",), _listing, ROLE_PAGE),
    Row("OutputObjects", ("s3:AbortMultipartUpload", "s3:PutObject"), _objects("outputs"), ROLE_PAGE),
    Row(
        "CheckpointObjects",
        ("s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"),
        _objects("checkpoints"),
        "model-checkpoints",
    ),
    Row("WatchedObjects", ("s3:GetObject",), _objects("watched"), "train-debugger"),
    Row("DirectoryBuckets", ("s3express:CreateSession",), _directory_buckets, "S3 User Guide: directory buckets"),
    Row(
        "FileSystem",
        (
            "elasticfilesystem:ClientMount",
            "elasticfilesystem:DescribeFileSystems",
            "elasticfilesystem:DescribeMountTargets",
        ),
        _elastic_file_systems(),
        "policy AmazonSageMakerFullAccess; EFS User Guide: iam-access-control-nfs-efs",
    ),
    Row(
        "FileSystemWrite",
        ("elasticfilesystem:ClientWrite",),
        _elastic_file_systems(writable=True),
        "EFS User Guide: iam-access-control-nfs-efs",
    ),
    Row(
        "LustreFileSystem",
        ("fsx:DescribeFileSystems",),
        anywhere(lambda needs: [each for each in needs.file_systems if each.kind == "FSxLustre"]),
        "policy AmazonSageMakerFullAccess",
        reason="fsx:DescribeFileSystems has no resource type",
    ),
)
