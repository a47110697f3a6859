"""What lies behind the addresses of a declaration: the objects under its prefixes, the image under its tag.

Input: the members, and a service that lists and resolves. Output: a digest for each kind of contents that counts.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Protocol

from pulumi import contains_unknowns

from sagemaker_constructs.aws.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from sagemaker_constructs.aws.protocols import Say
    from sagemaker_constructs.reconcile.bag import Properties

MOST_OBJECTS = 100_000
"""Objects looked at under one prefix: a hundred ListObjectsV2 calls."""


class Addresses(Protocol):
    """Looks behind addresses."""

    def objects(self, uri: str) -> Iterator[tuple[str, int, str]]:
        """Key, size in bytes and ETag of each object under an S3 prefix, sorted by key."""
        ...

    def image_digest(self, image: str) -> str | None:
        """The digest of the image behind a tag; None where the image is not in ECR."""
        ...


def contents_of(addresses: Addresses, declared: Properties, say: Say) -> dict[str, str]:
    """The digests that count: `data` with `retrain_on_new_data`, `image` with `pin_image`.

    While an address is not known yet, or leads nowhere yet, there is none: in a preview nobody can say what will lie
    there.
    """
    found: dict[str, str] = {}
    for kind, digest_of in _KINDS.items():
        try:
            digest = digest_of(addresses, declared, say)
        except ServiceError as error:
            if not error.leads_nowhere:
                raise
            say(f"the {kind} cannot be compared yet. {error}")
        else:
            found |= {kind: digest} if digest else {}
    return found


def _image_digest(addresses: Addresses, declared: Properties, _say: Say) -> str | None:
    algorithm = declared.members.get("algorithm_specification", {})
    if not declared.pin_image or contains_unknowns(algorithm) or "training_image" not in algorithm:
        return None
    return addresses.image_digest(algorithm["training_image"])


def _data_digest(addresses: Addresses, declared: Properties, say: Say) -> str | None:
    channels = declared.members.get("input_data_config", [])
    if not declared.retrain_on_new_data or contains_unknowns(channels):
        return None
    digest = hashlib.sha256()
    for uri in sorted(_uris(channels)):
        digest.update(f"{uri}\n".encode())
        for number, (key, size, tag) in enumerate(addresses.objects(uri)):
            if number == MOST_OBJECTS:
                say(f"{uri} has more than {MOST_OBJECTS:,} objects; only the first ones are compared")
                break
            digest.update(f"{key}\t{size}\t{tag}\n".encode())
    return digest.hexdigest()


def _uris(channels: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for channel in channels:
        uri = channel.get("data_source", {}).get("s3_data_source", {}).get("s3_uri")
        if isinstance(uri, str):
            yield uri


_KINDS: Mapping[str, Callable[[Addresses, Properties, Say], str | None]] = {
    "data": _data_digest,
    "image": _image_digest,
}
