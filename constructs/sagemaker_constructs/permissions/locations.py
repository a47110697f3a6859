"""Reads S3 locations from requests, and names them in policies.

Input: an S3 address of a request. Output: a `Location`, with the patterns of its keys and the ARNs of its bucket.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import unquote

from pulumi import RunError

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


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """Keys of a bucket."""

    bucket: str
    """The bucket's name, or the alias or ARN of an access point, which S3 accepts instead of a bucket name."""
    key: str
    extent: Extent = Extent.PREFIX

    @property
    def key_pattern(self) -> str:
        """The IAM pattern that matches its keys."""
        key = literal(self.key)
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
        if self.extent is Extent.FOLDER and self.key:
            return (literal(self.key.rstrip("/")), self.key_pattern)
        return (self.key_pattern,)

    @property
    def in_directory_bucket(self) -> bool:
        """Whether the bucket is a directory bucket (S3 Express One Zone); its name shows it."""
        return self.bucket.endswith("--x-s3")


def location(uri: str, extent: Extent = Extent.PREFIX) -> Location:
    """The location that an S3 address refers to, in any of the forms that requests accept.

    Raises:
        AddressRefusedError: it is not an S3 address.
    """
    if match := _ACCESS_POINT.fullmatch(uri):
        return Location(match["arn"], match["key"] or "", extent)
    scheme, _, rest = uri.partition("://")
    host, _, path = rest.partition("/")
    if scheme == "s3" and host:
        return Location(host, path, extent)
    if scheme == "https" and (match := _HOST.fullmatch(host)):
        bucket, key = (match["bucket"], path) if match["bucket"] else (path.partition("/")[0], path.partition("/")[2])
        return Location(bucket, unquote(key), extent)
    raise AddressRefusedError(f"S3 address: got {uri!r}, expected s3://bucket/key")


def bucket_arn(bucket: str, scope: Scope) -> str:
    """The ARN of a bucket or an access point. A policy cannot name an access point by its alias.

    An alias is the access point's name, cut to twenty characters, followed by 34 letters and digits. It does not
    contain the account, so the account of `scope` is assumed. Source: S3 User Guide, "access-points-naming".
    """
    if bucket.startswith("arn:"):
        return bucket
    alias = _ALIAS.fullmatch(bucket)
    if alias is None:
        return f"arn:{scope.partition}:s3:::{bucket}"
    cut = "*" if len(alias["name"]) >= _ALIAS_NAME else ""
    return scope.arn("s3", f"accesspoint/{alias['name']}{cut}")


def object_arn(bucket_arn: str, key_pattern: str) -> str:
    """The ARN of objects, by the ARN of their bucket or access point and a pattern of their keys."""
    separator = "/object/" if ":accesspoint/" in bucket_arn else "/"
    return f"{bucket_arn}{separator}{key_pattern}"


_ACCESS_POINT = re.compile(r"s3://(?P<arn>arn:[\w-]+:s3:[a-z0-9-]*:\d{12}:accesspoint/[^/]+)(?:/(?P<key>.*))?")
_ALIAS = re.compile(r"(?P<name>[a-z0-9-]+)-[a-z0-9]{34}(?:-ext)?-s3alias")
_ALIAS_NAME = 20
_HOST = re.compile(r"(?:(?P<bucket>.+)\.)?s3[.-](?:[a-z0-9-]+\.)*amazonaws\.com(?:\.cn)?")


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
