"""Computes digests of the input data and the image of a declaration.

Input: the members, and a service that lists objects and resolves tags. Output: a digest for each kind of contents that
the options ask for.
"""

from __future__ import annotations

import hashlib
from itertools import islice
from typing import TYPE_CHECKING, Any

from sagemaker_constructs.addresses.ecr import has_digest
from sagemaker_constructs.addresses.s3 import S3AddressError
from sagemaker_constructs.api.deferred import has_deferred
from sagemaker_constructs.aws.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from sagemaker_constructs.aws.protocols import Say, TrainingJobs
    from sagemaker_constructs.reconcile.bag import Properties

MOST_OBJECTS = 100_000
"""Objects looked at under one prefix: a hundred ListObjectsV2 calls."""


def contents_of(jobs: TrainingJobs, declared: Properties, say: Say) -> dict[str, str]:
    """The digests that count: `data` with `retrain_on_new_data`, `image` with `pin_image`.

    While an address is not known yet, or nothing exists behind it yet, there is none: this update may still have to
    make it.
    """
    found: dict[str, str] = {}
    for kind, digest_of in _KINDS.items():
        try:
            digest = digest_of(jobs, declared, say)
        except S3AddressError as error:
            say(f"the {kind} cannot be compared. {error}")
        except ServiceError as error:
            if not error.leads_nowhere:
                raise
            say(f"the {kind} cannot be compared yet. {error}")
        else:
            found |= {kind: digest} if digest else {}
    return found


def _image_digest(jobs: TrainingJobs, declared: Properties, say: Say) -> str | None:
    algorithm = declared.members.get("algorithm_specification", {})
    if not declared.options.pin_image or has_deferred(algorithm) or "training_image" not in algorithm:
        return None
    image = algorithm["training_image"]
    digest = jobs.image_digest(image)
    if digest is None and not has_digest(image):
        say(f"pin_image: image {image} is in no private ECR registry, so another image behind its tag is not noticed")
    return digest


def _data_digest(jobs: TrainingJobs, declared: Properties, say: Say) -> str | None:
    channels = declared.members.get("input_data_config", [])
    if not declared.options.retrain_on_new_data or has_deferred(channels):
        return None
    digest = hashlib.sha256()
    for uri in sorted(_uris(channels)):
        digest.update(f"{uri}\n".encode())
        objects = list(islice(jobs.objects(uri), MOST_OBJECTS + 1))
        if len(objects) > MOST_OBJECTS:
            say(f"{uri} has more than {MOST_OBJECTS:,} objects; only the first ones are compared")
        for key, size, tag in sorted(objects[:MOST_OBJECTS]):  # a directory bucket lists in no order
            digest.update(f"{key}\t{size}\t{tag}\n".encode())
    return digest.hexdigest()


def _uris(channels: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for channel in channels:
        uri = channel.get("data_source", {}).get("s3_data_source", {}).get("s3_uri")
        if isinstance(uri, str):
            yield uri


_KINDS: Mapping[str, Callable[[TrainingJobs, Properties, Say], str | None]] = {
    "data": _data_digest,
    "image": _image_digest,
}
