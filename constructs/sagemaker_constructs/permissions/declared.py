"""Reads what jobs use beside their requests, as the arguments of a role declare it.

Input: arguments of a `TrainingRole`, all known. Output: `Needs`, to be added to those of the requests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sagemaker_constructs.permissions.locations import location
from sagemaker_constructs.permissions.needs import Needs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def declared_needs(
    *,
    also_reads: Iterable[str],
    read_keys: Iterable[str],
    write_keys: Iterable[str],
    pull_through_caches: Iterable[str],
) -> Needs:
    """What these arguments declare.

    Raises:
        AddressRefusedError: one of `also_reads` is not an S3 address.
    """
    return Needs(
        inputs=frozenset(location(uri) for uri in also_reads),
        read_keys=frozenset(read_keys),
        write_keys=frozenset(write_keys),
        caches=frozenset(pull_through_caches),
    )


def bucket_key_needs(needs: Needs, bucket_keys: Iterable[Mapping[str, Any]]) -> Needs:
    """The KMS keys of the buckets that the jobs read or write; a bucket with S3's own key has none."""
    keys = {each["bucket"]: each["key"] for each in bucket_keys if each["key"]}
    written = {each.bucket for each in needs.outputs | needs.checkpoints}
    return Needs(
        read_keys=frozenset(keys[bucket] for bucket in keys.keys() & needs.buckets),
        write_keys=frozenset(keys[bucket] for bucket in keys.keys() & written),
    )
