"""Allows a job to read and write its storage: S3, EFS and FSx for Lustre."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sagemaker_constructs.permissions.locations import bucket_arn, object_arn, without_covered
from sagemaker_constructs.permissions.statement_row import ROLE_PAGE, StatementRow, Target, Targets, every_resource

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sagemaker_constructs.permissions.locations import Location
    from sagemaker_constructs.permissions.needs import Needs
    from sagemaker_constructs.permissions.scope import Scope


def _objects(use: str) -> Targets:
    def targets(needs: Needs, scope: Scope) -> Iterator[Target]:
        yield Target(
            object_arn(bucket_arn(each.bucket, scope), each.key_pattern)
            for each in getattr(needs, use)
            if not each.in_directory_bucket
        )

    return targets


def _listing(needs: Needs, scope: Scope) -> Iterator[Target]:
    """One target per bucket, for its condition lists that bucket's prefixes; no condition for a whole bucket."""
    patterns: dict[str, set[str]] = {}
    for each in needs.inputs | needs.checkpoints | needs.watched:
        if not each.in_directory_bucket:
            patterns.setdefault(each.bucket, set()).update(each.prefix_patterns)
    for bucket in sorted(patterns):
        prefixes = without_covered(patterns[bucket])
        yield Target(
            (bucket_arn(bucket, scope),),
            {} if prefixes == ("*",) else {"StringLike": {"s3:prefix": list(prefixes)}},
            "".join(part.capitalize() for part in re.split(r"[^a-z0-9]+", bucket.rpartition("/")[2])),
        )


def _directory_buckets(needs: Needs, scope: Scope) -> Iterator[Target]:
    """Sessions with buckets that are written, and read-only sessions with those that are only read."""

    def arns(locations: Iterable[Location]) -> set[str]:
        return {bucket_arn(each.bucket, scope) for each in locations if each.in_directory_bucket}

    written = arns(needs.outputs | needs.checkpoints)
    yield Target(written)
    read_only = {"StringEquals": {"s3express:SessionMode": "ReadOnly"}}
    yield Target(arns(needs.inputs | needs.watched) - written, read_only, "ReadOnly")


def _elastic_file_systems(*, writable: bool = False) -> Targets:
    def targets(needs: Needs, scope: Scope) -> Iterator[Target]:
        yield Target(
            scope.arn("elasticfilesystem", f"file-system/{each.identifier}")
            for each in needs.file_systems
            if each.kind == "EFS" and (each.writable or not writable)
        )

    return targets


ROWS: tuple[StatementRow, ...] = (
    StatementRow("InputObjects", ("s3:GetObject",), _objects("inputs"), ROLE_PAGE),
    StatementRow("List", ("s3:ListBucket",), _listing, ROLE_PAGE),
    StatementRow("OutputObjects", ("s3:AbortMultipartUpload", "s3:PutObject"), _objects("outputs"), ROLE_PAGE),
    StatementRow(
        "CheckpointObjects",
        ("s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"),
        _objects("checkpoints"),
        "model-checkpoints",
    ),
    StatementRow("WatchedObjects", ("s3:GetObject",), _objects("watched"), "train-debugger"),
    StatementRow(
        "DirectoryBuckets", ("s3express:CreateSession",), _directory_buckets, "S3 User Guide: directory buckets"
    ),
    StatementRow(
        "FileSystem",
        (
            "elasticfilesystem:ClientMount",
            "elasticfilesystem:DescribeFileSystems",
            "elasticfilesystem:DescribeMountTargets",
        ),
        _elastic_file_systems(),
        "policy AmazonSageMakerFullAccess; EFS User Guide: iam-access-control-nfs-efs",
    ),
    StatementRow(
        "FileSystemWrite",
        ("elasticfilesystem:ClientWrite",),
        _elastic_file_systems(writable=True),
        "EFS User Guide: iam-access-control-nfs-efs",
    ),
    StatementRow(
        "LustreFileSystem",
        ("fsx:DescribeFileSystems",),
        every_resource(lambda needs: [each for each in needs.file_systems if each.kind == "FSxLustre"]),
        "policy AmazonSageMakerFullAccess",
        reason="fsx:DescribeFileSystems has no resource type",
    ),
)
