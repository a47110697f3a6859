"""Addresses from the resources that have them: S3 locations, images, file systems.

Input: a resource of pulumi-aws, an Output, or plain text. Output: the text that the API takes, an Output where it has
to be. Resources are known by what they have, so that pulumi_aws need not be loaded.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, cast

from pulumi.output import Output

from sagemaker_constructs.api.mistakes import InvalidRequest, Mistake

if TYPE_CHECKING:
    from collections.abc import Callable

    from sagemaker_constructs.api.deferred import Input


class HasBucket(Protocol):
    """A bucket, for example `aws.s3.Bucket`."""

    @property
    def bucket(self) -> Output[str]:
        """The bucket's name."""
        ...


class HasRepositoryUrl(Protocol):
    """A repository of images, for example `aws.ecr.Repository`."""

    @property
    def repository_url(self) -> Output[str]:
        """Registry and repository, without a tag."""
        ...


class HasRegistryPath(Protocol):
    """What `aws.sagemaker.get_prebuilt_ecr_image` finds."""

    @property
    def registry_path(self) -> str:
        """Registry, repository and tag."""
        ...


class HasId(Protocol):
    """A file system, for example `aws.efs.FileSystem` or `aws.fsx.LustreFileSystem`."""

    @property
    def id(self) -> Output[str]:
        """The id, for example `fs-0123456789abcdef0`."""
        ...


Image: TypeAlias = "Input[str] | HasRegistryPath | Output[Any] | HasRepositoryUrl"


def s3_uri(bucket: Input[str] | HasBucket, *parts: Input[str]) -> Input[str]:
    """An S3 URI: `s3_uri(bucket, "data", "train")` is `s3://<name>/data/train`.

    Args:
        bucket: a bucket resource, a bucket's name, or an S3 URI to go on from.
        parts: parts of the key; slashes at their ends are of no importance, except the last one of all.

    Raises:
        InvalidRequest: the bucket is neither the name of one nor an address in S3; of an Output, once it is known.
    """
    return _joined(_s3_uri, _text_of(_text_of(bucket, "bucket"), "bucket"), *parts)


def image_uri(image: Image, *, tag: Input[str] = "latest") -> Input[str]:
    """The registry path of a training image.

    Args:
        image: the result of `aws.sagemaker.get_prebuilt_ecr_image` or of its Output form, a repository resource, or
            a registry path, which is returned as it is.
        tag: of a repository's images, the one to take. Other images have theirs already.
    """
    if isinstance(image, Output):
        return cast("Output[Any]", image).apply(lambda found: _text_of(found, "registry_path"))
    if hasattr(image, "repository_url"):
        return _joined(":".join, cast("HasRepositoryUrl", image).repository_url, tag)
    return _text_of(image, "registry_path")


def file_system_id(file_system: Input[str] | HasId) -> Input[str]:
    """The id of a file system resource; an id is returned as it is."""
    return _text_of(file_system, "id")


def mounted_path(file_system: Input[str] | HasId, directory: Input[str]) -> Input[str]:
    """A directory of an FSx for Lustre resource with the mount name before it; of an id, the directory as it is."""
    if isinstance(file_system, str | Output):
        return directory
    mount_name: Input[str] = getattr(file_system, "mount_name")  # noqa: B009  only Lustre's resource has one
    return _joined(lambda parts: f"/{parts[0]}/{parts[1].strip('/')}".rstrip("/"), mount_name, directory)


_BUCKET_OR_URI = re.compile(r"(?:s3|https)://|[A-Za-z0-9][\w.-]*(?:/.*)?\Z")
"""A bucket's name, alone or with a key behind it, or an address of a scheme that the API takes."""


def _text_of(source: Any, attribute: str) -> Input[str]:
    return source if isinstance(source, str | Output) else getattr(source, attribute)


def _joined(join: Callable[[list[str]], str], *parts: Input[str]) -> Input[str]:
    if any(isinstance(part, Output) for part in parts):
        return Output.all(*parts).apply(lambda known: join(cast("list[str]", known)))
    return join([str(part) for part in parts])


def _s3_uri(parts: list[str]) -> str:
    bucket, *keys = parts
    if not _BUCKET_OR_URI.match(bucket):
        raise InvalidRequest("S3 location", [Mistake(("bucket",), repr(bucket), "a bucket's name, or s3://bucket/key")])
    start = bucket if "://" in bucket else f"s3://{bucket}"
    if not keys:
        return start
    key = "/".join(filter(None, (part.strip("/") for part in keys)))
    return f"{start.rstrip('/')}/{key}" + ("/" if keys[-1].endswith("/") and key else "")
