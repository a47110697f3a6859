"""Places in S3, as a job names them and as a policy does.

Input: an address of a request. Output: a `Location`, whose patterns say which keys belong to it.
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


class AddressRefusedError(RunError):
    """An address that is not in S3."""


class Extent(StrEnum):
    """Which keys an address stands for."""

    PREFIX = "prefix"
    """Every key that begins with it (API reference, S3DataSource: S3Prefix): `data/train` takes in `data/train2/x`."""
    FOLDER = "folder"
    """The keys below it: SageMaker puts a slash between an output location and what it writes there."""
    OBJECT = "object"
    """That key alone: a manifest."""


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A part of a bucket."""

    bucket: str
    """The bucket's name, or the alias or the ARN of an access point, which S3 takes in its place."""
    key: str
    extent: Extent = Extent.PREFIX

    @property
    def keys(self) -> str:
        """The pattern of its keys, as IAM matches them."""
        key = literal(self.key)
        match self.extent:
            case Extent.OBJECT:
                return key
            case Extent.PREFIX:
                return f"{key}*"
            case Extent.FOLDER:
                return f"{key.rstrip('/')}/*" if key else "*"

    @property
    def listed(self) -> tuple[str, ...]:
        """The patterns of `s3:prefix` that list it and nothing beside it."""
        if self.extent is Extent.FOLDER and self.key:
            return (literal(self.key.rstrip("/")), self.keys)
        return (self.keys,)

    @property
    def on_directory_bucket(self) -> bool:
        """Whether it is in S3 Express One Zone, which the bucket's name tells (S3 User Guide, directory buckets)."""
        return self.bucket.endswith("--x-s3")


def location(uri: str, extent: Extent = Extent.PREFIX) -> Location:
    """The location at `s3://bucket/key`, or at one of the two https forms of it.

    Raises:
        AddressRefusedError: the address is none of S3's.
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


def home_arn(bucket: str, partition: str, region: str, account: str) -> str:
    """The ARN of what the keys lie in, as a policy must have it: a bucket, or an access point, never its alias.

    An alias is the access point's name, cut to twenty characters, and 34 letters and digits. Its account is not told.
    Source: S3 User Guide, "access-points-naming".
    """
    if bucket.startswith("arn:"):
        return bucket
    alias = _ALIAS.fullmatch(bucket)
    if alias is None:
        return f"arn:{partition}:s3:::{bucket}"
    cut = "*" if len(alias["name"]) >= _ALIAS_NAME else ""
    return f"arn:{partition}:s3:{region}:{account}:accesspoint/{alias['name']}{cut}"


def objects_arn(home: str) -> str:
    """What the keys of a bucket or an access point follow in the ARNs of its objects."""
    return f"{home}/object/" if ":accesspoint/" in home else f"{home}/"


_ACCESS_POINT = re.compile(r"s3://(?P<arn>arn:[\w-]+:s3:[a-z0-9-]*:\d{12}:accesspoint/[^/]+)(?:/(?P<key>.*))?")
_ALIAS = re.compile(r"(?P<name>[a-z0-9-]+)-[a-z0-9]{34}(?:-ext)?-s3alias")
_ALIAS_NAME = 20
_HOST = re.compile(r"(?:(?P<bucket>.+)\.)?s3[.-](?:[a-z0-9-]+\.)*amazonaws\.com(?:\.cn)?")


def literal(text: str) -> str:
    """Text in which IAM finds no wildcard and no variable (IAM User Guide, "policy variables": special characters)."""
    return re.sub(r"[*?$]", r"${\g<0>}", text)


def minimal(patterns: Iterable[str]) -> tuple[str, ...]:
    """The patterns, sorted, without those that another one covers."""
    given = set(patterns)
    starts = {pattern: pattern.removesuffix("*") for pattern in given if pattern.endswith("*")}
    return tuple(
        sorted(
            pattern
            for pattern in given
            if not any(pattern != other and pattern.startswith(start) for other, start in starts.items())
        )
    )
