"""What lies behind the addresses of a declaration: the objects under its prefixes, the image under its tag.

Input: the members, and a service that lists and resolves. Output: a digest for each kind of contents that counts.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Protocol

from pulumi import contains_unknowns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sagemaker_constructs.reconcile.properties import Properties
    from sagemaker_constructs.reconcile.service import Say

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

    While an address is not known yet there is none: in a preview nobody can say what will lie there.
    """
    channels = declared.members.get("input_data_config", [])
    algorithm = declared.members.get("algorithm_specification", {})
    found: dict[str, str] = {}
    if declared.retrain_on_new_data and not contains_unknowns(channels):
        found["data"] = _data_digest(addresses, sorted(_uris(channels)), say)
    if declared.pin_image and not contains_unknowns(algorithm) and "training_image" in algorithm:
        digest = addresses.image_digest(algorithm["training_image"])
        found |= {"image": digest} if digest else {}
    return found


def _data_digest(addresses: Addresses, uris: Iterable[str], say: Say) -> str:
    digest = hashlib.sha256()
    for uri in uris:
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
