"""Parses an address in S3.

Input: an `s3://` or `https://` address as requests contain them. Output: an `S3Address`, or `S3AddressError`. Whether
there can be a bucket of that name is not decided here, but in `bucket_names`.

Sources: S3 User Guide, "VirtualHosting" and "access-points-naming"; the endpoint rules of S3 in botocore, which
`tests/addresses/test_s3.py` asks for hosts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote

from sagemaker_constructs.addresses.bucket_names import DIRECTORY_SUFFIXES, ZONE_ID
from sagemaker_constructs.addresses.partitions import PARTITIONS, REGION_FORM, partition_at

_SUFFIXES = "|".join(sorted({re.escape(partition.dns_suffix) for partition in PARTITIONS}))
_BUCKET_HOST = (
    rf"(?:(?P<bucket>.+)\.)?"
    rf"(?:s3(?:-fips)?(?:\.dualstack)?\.(?P<region>{REGION_FORM})"
    rf"|s3(?:-fips)?-(?P<dashed>{REGION_FORM}|external-1)"
    rf"|(?P<virtual>s3-accelerate(?:\.dualstack)?|s3express(?:-fips)?-{ZONE_ID}(?:\.dualstack)?\.(?P<zonal>{REGION_FORM}))"
    rf"|s3)\.(?P<suffix>{_SUFFIXES})"
)
_ACCESS_POINT_HOST = (
    rf"(?P<name>[a-z0-9-]+)-(?P<account>\d{{12}})\.s3-accesspoint(?:-fips)?(?:\.dualstack)?"
    rf"\.(?P<region>{REGION_FORM})\.(?P<suffix>{_SUFFIXES})"
)
_ACCESS_POINT_ARN = re.compile(
    r"s3://(?P<start>arn:[\w-]+:(?P<service>s3|s3express):(?P<region>[a-z0-9-]*):\d{12}:accesspoint)"
    r"[/:](?P<name>[^/:]+)(?:/(?P<key>.*))?",
    re.ASCII | re.DOTALL,
)
_ACCESS_POINT_ALIAS = re.compile(r"(?P<name>[a-z0-9-]+)-[a-z0-9]{34}(?:-ext)?-s3alias")
_NAME_IN_ALIAS = 20
_UNSUPPORTED_ALIASES = ("--ol-s3", "--op-s3")
_REASONS: tuple[tuple[str, str], ...] = (
    (r"@", "credentials do not belong in an address"),
    (r"--ol-s3|s3-object-lambda", "S3 Object Lambda access points are not supported"),
    (r"--op-s3|s3-outposts", "S3 on Outposts is not supported"),
    (r"\Aarn:[^:]*:s3:::", "a bucket is addressed by its name, not by its ARN"),
    (r"\.accesspoint\.s3-global\.", "a multi-Region access point is addressed by its ARN"),
    (r"\bs3-website[.-]", "a website endpoint is not the bucket's"),
    (r"\.vpce\.", "a VPC endpoint's host is not the bucket's"),
    (r"\bconsole\.", "a page of the console is not the bucket's address"),
)
"""Why an address is refused, by what its host or ARN contains."""


class S3AddressError(ValueError):
    """An address that is not in S3, or in a part of it that this library does not support."""


class Style(StrEnum):
    """How an address is written."""

    URI = "s3 URI"
    """`s3://bucket/key`"""
    VIRTUAL_HOSTED = "virtual-hosted"
    """`https://bucket.s3.region.amazonaws.com/key`"""
    PATH = "path"
    """`https://s3.region.amazonaws.com/bucket/key`"""


@dataclass(frozen=True, slots=True)
class S3Address:
    """A key or a prefix of keys, in a bucket or behind an access point."""

    bucket: str
    """What S3's API takes as `Bucket`: a bucket's name, or the name, the alias or the ARN of an access point."""
    key: str = ""
    """A key or a prefix, decoded; empty for all that the bucket contains."""
    style: Style = Style.URI
    region: str | None = None
    """The Region that the host or the ARN names."""

    @property
    def uri(self) -> str:
        """The same address as an `s3://` URI."""
        return f"s3://{self.bucket}/{self.key}" if self.key else f"s3://{self.bucket}"

    @property
    def is_access_point(self) -> bool:
        """Whether the objects are reached through an access point."""
        return self.bucket.startswith("arn:") or self.bucket.endswith(("-s3alias", "--xa-s3"))

    @property
    def in_directory_bucket(self) -> bool:
        """Whether the objects are in a directory bucket (S3 Express One Zone), by its name or its access point's."""
        return self.bucket.endswith(DIRECTORY_SUFFIXES)


def parse_s3(address: str) -> S3Address:
    """The parts of an address in S3.

    Raises:
        S3AddressError: the address is not in S3, or is of a form that is not supported.
    """
    if address.startswith("s3://arn:"):
        found = _of_arn(address)
    elif address.startswith("s3://"):
        bucket, _, key = address.removeprefix("s3://").partition("/")
        found = S3Address(bucket, key)
    elif address.startswith("https://"):
        found = _of_url(address)
    else:
        raise _refused(address)
    if not found.bucket or "@" in found.bucket or found.bucket.endswith(_UNSUPPORTED_ALIASES):
        raise _refused(address)
    return found


def access_point_pattern(alias: str) -> str | None:
    """The pattern of the name of the access point that an alias stands for; None for another text.

    An alias is that name, cut to twenty characters, followed by 34 letters and digits ("access-points-naming").
    """
    match = _ACCESS_POINT_ALIAS.fullmatch(alias)
    return match and match["name"] + ("*" if len(match["name"]) >= _NAME_IN_ALIAS else "")


def _of_arn(address: str) -> S3Address:
    """An access point of a directory bucket goes by its name, any other one by its ARN."""
    match = _ACCESS_POINT_ARN.fullmatch(address)
    if match is None:
        raise _refused(address)
    of_directory_bucket = match["service"] == "s3express"
    bucket = match["name"] if of_directory_bucket else f"{match['start']}/{match['name']}"
    return S3Address(bucket, match["key"] or "", region=match["region"] or None)


def _of_url(address: str) -> S3Address:
    host, _, path = address.removeprefix("https://").partition("/")
    match = re.fullmatch(_ACCESS_POINT_HOST, host, re.ASCII) or re.fullmatch(_BUCKET_HOST, host, re.ASCII)
    if match is None or "?" in path or "#" in path:
        raise _refused(address)
    parts = match.groupdict()
    region = parts["region"] or parts.get("zonal") or parts.get("dashed")
    region = "us-east-1" if region == "external-1" else region
    partition = partition_at(region, parts["suffix"])
    if partition is None:
        raise _refused(address, f"hosts in {region} do not end in {parts['suffix']}")
    if "account" in parts:
        bucket = f"arn:{partition.name}:s3:{region}:{parts['account']}:accesspoint/{parts['name']}"
        return S3Address(bucket, unquote(path), Style.VIRTUAL_HOSTED, region)
    if parts["bucket"]:
        return S3Address(parts["bucket"], unquote(path), Style.VIRTUAL_HOSTED, region)
    if parts["virtual"]:
        raise _refused(address, "this host requires the bucket's name before it")
    bucket, _, key = path.partition("/")
    return S3Address(bucket, unquote(key), Style.PATH, region)


def _refused(address: str, reason: str = "") -> S3AddressError:
    """The refusal, without what may be a credential: a signature after the question mark, or a key before the @."""
    scheme, separator, rest = address.partition("://")
    authority = rest.partition("/")[0]
    reason = reason or next((says for pattern, says in _REASONS if re.search(pattern, authority)), "")
    if scheme == "https" and "?" in rest:
        rest, reason = f"{rest.partition('?')[0]}?...", reason or "a query, as in a presigned URL, is not accepted"
    shown = scheme + separator + (f"...@{rest.rpartition('@')[2]}" if "@" in authority else rest)
    return S3AddressError(f"S3 address: got {shown!r}, expected s3://bucket/key" + (f": {reason}" if reason else ""))
