"""Reads S3 locations from requests, and names them in policies.

Input: an S3 address of a request. Output: a `Location`, with the patterns of its keys and the ARNs of its bucket.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from pulumi import RunError

from sagemaker_constructs.addresses.arns import Arn, parse_arn
from sagemaker_constructs.addresses.s3 import S3Address, S3AddressError, access_point_pattern, parse_s3
from sagemaker_constructs.api.confidential import without_secrets

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sagemaker_constructs.permissions.scope import Scope


class AddressRefusedError(RunError):
    """An address is not an S3 address, or not of a supported form."""


class Extent(StrEnum):
    """Which keys an S3 address in a request refers to."""

    PREFIX = "prefix"
    """Every key with that prefix (API reference, S3DataSource: S3Prefix): `data/train` includes `data/train2/x`."""
    FOLDER = "folder"
    """The keys below it: SageMaker adds a slash between an output location and the names that it writes."""
    OBJECT = "object"
    """That key alone, such as a manifest."""


@dataclass(frozen=True, slots=True)
class Location:
    """Keys of a bucket, or behind an access point."""

    address: S3Address
    extent: Extent = Extent.PREFIX

    @property
    def bucket(self) -> str:
        """The bucket's name, or the alias or ARN of an access point, which S3 accepts instead of a bucket name."""
        return self.address.bucket

    @property
    def in_directory_bucket(self) -> bool:
        """Whether the bucket is a directory bucket (S3 Express One Zone)."""
        return self.address.in_directory_bucket

    @property
    def key_pattern(self) -> str:
        """The IAM pattern that matches its keys."""
        key = literal(self.address.key)
        match self.extent:
            case Extent.OBJECT:
                return key
            case Extent.PREFIX:
                return f"{key}*"
            case Extent.FOLDER:
                return f"{key.rstrip('/')}/*" if key else "*"

    @property
    def prefix_patterns(self) -> tuple[str, ...]:
        """The IAM patterns of `s3:prefix` that allow listing its keys and no others."""
        if self.extent is Extent.FOLDER and self.address.key:
            return (literal(self.address.key.rstrip("/")), self.key_pattern)
        return (self.key_pattern,)


def location(uri: str, extent: Extent = Extent.PREFIX) -> Location:
    """The location that an S3 address refers to, in any of the forms that requests accept.

    Raises:
        AddressRefusedError: it is not an S3 address, or not of a supported form.
    """
    try:
        return Location(parse_s3(uri), extent)
    except S3AddressError as error:
        raise AddressRefusedError(without_secrets(str(error))) from None


def bucket_arn(bucket: str, scope: Scope) -> str:
    """The ARN of a bucket or an access point. A policy cannot name an access point by its alias.

    Neither an alias nor the name of a directory bucket contains the account, so that of `scope` is assumed.
    """
    address = S3Address(bucket)
    if address.in_directory_bucket:
        return scope.arn("s3express", f"{'accesspoint' if address.is_access_point else 'bucket'}/{bucket}")
    if parse_arn(bucket):
        return bucket
    access_point = access_point_pattern(bucket)
    if access_point is None:
        return Arn(scope.partition, "s3", "", "", bucket).text
    return scope.arn("s3", f"accesspoint/{access_point}")


def object_arn(bucket_arn: str, key_pattern: str) -> str:
    """The ARN of objects, by the ARN of their bucket or access point and a pattern of their keys."""
    arn = parse_arn(bucket_arn)
    separator = "/object/" if arn and arn.resource.startswith("accesspoint/") else "/"
    return f"{bucket_arn}{separator}{key_pattern}"


def literal(text: str) -> str:
    """Text with its wildcards and `$` escaped (IAM User Guide, "policy variables": special characters)."""
    return re.sub(r"[*?$]", r"${\g<0>}", text)


def without_covered(patterns: Iterable[str]) -> tuple[str, ...]:
    """The patterns, sorted, without those that another pattern covers."""
    given = set(patterns)
    starts = {pattern: pattern.removesuffix("*") for pattern in given if pattern.endswith("*")}
    return tuple(
        sorted(
            pattern
            for pattern in given
            if not any(pattern != other and pattern.startswith(start) for other, start in starts.items())
        )
    )
