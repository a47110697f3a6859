"""Copies the data of the input channels from S3 into the folders of an instance.

Input: a channel and its instances. Output: files below input/data/<channel>, or the named pipes of Pipe mode.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from localaws.server.execution import objects
from localaws.server.execution.folders import instances, mode, received
from localaws.server.execution.pipes import Pipe
from localaws.server.training import preconditions
from localaws.server.training.effects import JobFailure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from localaws.server.execution.folders import Instance
    from localaws.server.training.job import Job

FAILED = "ClientError: Data download failed:"


def unsupported(job: Job) -> str | None:
    """Why the channels of a job cannot be filled on this machine, if so."""
    for channel in job.request.get("InputDataConfig", []):
        name, source = channel["ChannelName"], channel["DataSource"]
        if "S3DataSource" not in source:
            return f"channel {name} is no data in S3: file systems are not on this machine"
        if (kind := source["S3DataSource"].get("S3DataType")) not in MEMBERS:
            return f"channel {name} is of type {kind}: only {' and '.join(MEMBERS)} are read"
    return None


def fill(job: Job, instance: Instance, data: Path) -> list[Pipe]:
    """Copies each channel of an instance below `data`; those in Pipe mode come back, to be ended with the instance.

    Raises:
        JobFailure: A channel has no objects, or an object cannot be a file.
    """
    pipes: list[Pipe] = []
    for channel in job.request.get("InputDataConfig", []):
        if not received(channel, instance):
            continue
        found = share(job, channel, instance)
        if mode(job, channel) == "Pipe":
            pipes.append(Pipe(data, channel, [content for _, content in found]))
        else:
            write(data / channel["ChannelName"], found, mode(job, channel))
    return pipes


def write(folder: Path, found: Iterable[tuple[str, bytes]], how: str) -> None:
    """Writes objects as files; those of FastFile mode cannot be written to.

    Raises:
        JobFailure: Two objects cannot both be files, such as `a` and `a/b`, or one leads out of the folder.
    """
    folder.mkdir()
    for name, content in found:
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()):
            raise JobFailure(f"{FAILED}The object key {name} leads out of the channel's folder.")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        except OSError as error:
            raise JobFailure(f"{FAILED}Unable to write {name}: {error.strerror}") from error
        if how == "FastFile":
            path.chmod(0o444)


def share(job: Job, channel: Mapping[str, Any], instance: Instance) -> Iterator[tuple[str, bytes]]:
    """Name and content of each object that an instance gets of a channel."""
    source = channel["DataSource"]["S3DataSource"]
    found = sorted(MEMBERS[source["S3DataType"]](job, source["S3Uri"]))
    if not found:
        raise JobFailure(f"{FAILED}{preconditions.unreadable(job, source['S3Uri'])}")
    if source.get("S3DataDistributionType") == "ShardedByS3Key":
        sharers = [one for one in instances(job) if received(channel, one)]
        found = found[sharers.index(instance) :: len(sharers)]
    for name, bucket, key in found:
        yield name, read(job, bucket, key)


def by_prefix(job: Job, uri: str) -> Iterator[tuple[str, str, str]]:
    """Name below the prefix's last slash, bucket and key of each object."""
    place = preconditions.location(uri)
    for key in objects.keys(job, place.bucket, place.key):
        yield name_below(place.key, key), place.bucket, key


def name_below(prefix: str, key: str) -> str:
    """The file of an object: what follows the prefix where that is a folder, or else what follows its last slash."""
    folder = f"{prefix.rstrip('/')}/" if key.startswith(f"{prefix.rstrip('/')}/") else prefix[: prefix.rfind("/") + 1]
    return key.removeprefix(folder).lstrip("/")


def by_manifest(job: Job, uri: str) -> Iterator[tuple[str, str, str]]:
    """The objects that a manifest lists: `[{"prefix": "s3://…/"}, "name", …]`."""
    place = preconditions.location(uri)
    try:
        first, *names = json.loads(read(job, place.bucket, place.key))
        base = preconditions.location(first["prefix"] + "x")
    except (ValueError, KeyError, TypeError) as error:
        raise JobFailure(f"{FAILED}The manifest {uri} is not a list of a prefix and names: {error}") from error
    for name in names:
        yield name, base.bucket, base.key[:-1] + name


def read(job: Job, bucket: str, key: str) -> bytes:
    """The content of an object.

    Raises:
        JobFailure: There is none.
    """
    found = objects.content(job, bucket, key)
    if found is None:
        raise JobFailure(f"{FAILED}{preconditions.unreadable(job, f's3://{bucket}/{key}')}")
    return found


MEMBERS = {"S3Prefix": by_prefix, "ManifestFile": by_manifest}
"""How the objects of a channel are found, by S3DataType."""
