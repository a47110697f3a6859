"""Builds the addresses that the API takes from resources: S3 URIs, images, file systems.

Input: a resource of pulumi-aws, an Output, or a string. Output: a string, or an Output of one. Resources are recognized
by their properties, so that pulumi_aws need not be loaded.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, cast

from pulumi.output import Output

from sagemaker_constructs.addresses.bucket_names import broken_naming_rule
from sagemaker_constructs.addresses.s3 import S3AddressError, parse_s3
from sagemaker_constructs.api.confidential import secrets_masked, without_secrets
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
    """An image repository, for example `aws.ecr.Repository`."""

    @property
    def repository_url(self) -> Output[str]:
        """Registry and repository, without a tag."""
        ...


class HasRegistryPath(Protocol):
    """The result of `aws.sagemaker.get_prebuilt_ecr_image`."""

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
        bucket: a bucket resource, a bucket's name, or an S3 URI to which the parts are appended.
        parts: parts of the key. They are joined by single slashes; only a slash at the very end is kept.

    Raises:
        InvalidRequest: the bucket is neither a bucket's name nor an S3 URI. For an Output, once its value is known.
    """
    return _joined(_s3_uri, _text_of(_text_of(bucket, "bucket"), "bucket"), *parts)


def channel_uri(channel_name: Input[str], location: Input[str] | HasBucket) -> Input[str]:
    """The S3 URI of a channel. A text is one already; an Output may be a bucket's name, a resource is a bucket.

    Raises:
        InvalidRequest: there is no such location, or a text is no address. For an Output, once its value is known.
    """
    channel = f"channel {channel_name!r}" if isinstance(channel_name, str) else "channel"
    if isinstance(location, str) and not _is_address(location):
        raise InvalidRequest(channel, [_no_address(location)])
    return _joined(partial(_s3_uri, what=channel), _text_of(_text_of(location, "bucket"), "bucket"))


def image_uri(image: Image, *, tag: Input[str] = "latest") -> Input[str]:
    """The registry path of a training image.

    Args:
        image: the result of `aws.sagemaker.get_prebuilt_ecr_image` or of its Output form, a repository resource, or
            a registry path, which is returned unchanged.
        tag: the tag to use with a repository resource. Other images already have one.
    """
    if isinstance(image, Output):
        return cast("Output[Any]", image).apply(lambda found: _text_of(found, "registry_path"))
    if hasattr(image, "repository_url"):
        return _joined(":".join, cast("HasRepositoryUrl", image).repository_url, tag)
    return _text_of(image, "registry_path")


def file_system_id(file_system: Input[str] | HasId) -> Input[str]:
    """The id of a file system resource; an id is returned unchanged."""
    return _text_of(file_system, "id")


def mounted_path(file_system: Input[str] | HasId, directory: Input[str]) -> Input[str]:
    """The directory of an FSx for Lustre resource, below its mount name. With an id, the directory unchanged."""
    if isinstance(file_system, str | Output):
        return directory
    mount_name: Input[str] = getattr(file_system, "mount_name")  # noqa: B009  only Lustre's resource has one
    return _joined(lambda parts: f"/{parts[0]}/{parts[1].strip('/')}".rstrip("/"), mount_name, directory)


def _text_of(source: Any, attribute: str) -> Input[str]:
    return source if isinstance(source, str | Output) else getattr(source, attribute)


def _joined(join: Callable[[list[str]], str], *parts: Input[str]) -> Input[str]:
    outputs = [part for part in parts if isinstance(part, Output)]
    if not outputs:
        return join([str(part) for part in parts])

    async def are_secret() -> bool:
        return any([await output.is_secret() for output in outputs])

    def joined(known: list[Any]) -> str:
        *texts, secret = known
        with secrets_masked(texts if secret else ()):
            return join(texts)

    return Output.all(*parts, Output.from_input(cast("Any", are_secret()))).apply(joined)


def _s3_uri(parts: list[str], what: str = "S3 location") -> str:
    bucket, *keys = parts
    if "/" in bucket and not _is_address(bucket):
        raise InvalidRequest(what, [_no_address(bucket)])
    start = bucket if "://" in bucket else f"s3://{bucket}"
    if mistake := _location_mistake(start):
        raise InvalidRequest(what, [mistake])
    if not keys:
        return start
    key = "/".join(filter(None, (part.strip("/") for part in keys)))
    return f"{start.rstrip('/')}/{key}" + ("/" if keys[-1].endswith("/") and key else "")


def _is_address(text: str) -> bool:
    return "://" in text or text.startswith("arn:")


def _no_address(text: str) -> Mistake:
    return Mistake(("location",), without_secrets(repr(text)), "s3://bucket/prefix")


def _location_mistake(uri: str) -> Mistake | None:
    try:
        name = parse_s3(uri).bucket
    except S3AddressError as error:
        return Mistake(("bucket",), problem=f"must be a bucket's name or an S3 URI ({without_secrets(str(error))})")
    rule = broken_naming_rule(name)
    return Mistake(("bucket",), without_secrets(repr(name)), rule.says) if rule and rule.certain else None
