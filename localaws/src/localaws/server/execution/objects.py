"""Reads the objects of a bucket, from moto's memory: each as it is now, and none that is deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moto.s3.models import FakeKey

from localaws.server.training import preconditions

if TYPE_CHECKING:
    from localaws.server.training.job import Job


def keys(job: Job, bucket: str, prefix: str) -> list[str]:
    """The keys that start with a prefix, in order; the markers that consoles make for folders are none."""
    found = preconditions.bucket(job, bucket)
    live = ((key, found.keys.get(key)) for key in list(found.keys.keys())) if found else ()
    return sorted(
        key for key, version in live if isinstance(version, FakeKey) and key.startswith(prefix) and key[-1:] != "/"
    )


def content(job: Job, bucket: str, key: str) -> bytes | None:
    """The content of an object; None if there is none."""
    found = preconditions.bucket(job, bucket)
    version = found.keys.get(key) if found else None
    return version.value if isinstance(version, FakeKey) else None
