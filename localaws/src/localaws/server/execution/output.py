"""Saves what the instances of a job leave behind: the model of all of them, their other output, checkpoints.

Input: the folders that stand for /opt/ml. Output: objects in S3, where the request says; the address of the model.
"""

from __future__ import annotations

import io
import tarfile
from typing import TYPE_CHECKING

from localaws.server.execution import objects
from localaws.server.execution.folders import checkpoint_folder
from localaws.server.training import preconditions
from localaws.server.training.effects import output, store

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from localaws.server.training.job import Job


def files(folders: Sequence[Path]) -> dict[str, Path]:
    """The files below several folders as if they were one, by name; the first folder's go before another's."""
    found: dict[str, Path] = {}
    for folder in reversed(folders):
        found |= {str(path.relative_to(folder)): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return dict(sorted(found.items()))


def save(job: Job, instances: Sequence[Path], *, model: bool) -> None:
    """Uploads output/data of all instances, and their model, unless the job has failed.

    Raises:
        JobFailure: The bucket has gone.
    """
    if data := files([folder / "output/data" for folder in instances]):
        upload(job, data, "output", "data")
    if model:
        job.artifacts = upload(job, files([folder / "model" for folder in instances]), "model", "model")


def upload(job: Job, found: Mapping[str, Path], archive: str, folder: str) -> str:
    """Uploads files, as one archive or one by one, as the job's CompressionType says; their address comes back."""
    if job.request["OutputDataConfig"].get("CompressionType") == "NONE":
        address = f"{output(job)}/{folder}/"
        for name, path in found.items():
            store(job, address + name, path.read_bytes())
        return address
    address = f"{output(job)}/{archive}.tar.gz"
    store(job, address, packed(found))
    return address


def packed(found: Mapping[str, Path]) -> bytes:
    """A gzipped tar of files."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz", compresslevel=6) as archive:
        for name, path in found.items():
            archive.add(path, name)
    return buffer.getvalue()


def checkpoints(job: Job) -> tuple[str, str]:
    """The bucket and the prefix of a job's checkpoints."""
    place = preconditions.location(job.request["CheckpointConfig"]["S3Uri"].rstrip("/") + "/x")
    return place.bucket, place.key[:-1]


def restore_checkpoints(job: Job, folder: Path) -> None:
    """Copies the job's checkpoints from S3 to an instance."""
    local = checkpoint_folder(job, folder)
    if local is None:
        return
    bucket, prefix = checkpoints(job)
    for key in objects.keys(job, bucket, prefix):
        path = local / key.removeprefix(prefix)
        content = objects.content(job, bucket, key)
        if path.resolve().is_relative_to(local.resolve()) and content is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def save_checkpoints(job: Job, instances: Sequence[Path]) -> None:
    """Copies the checkpoints of all instances to S3.

    Raises:
        JobFailure: The bucket has gone.
    """
    folders = [local for folder in instances if (local := checkpoint_folder(job, folder)) is not None]
    if not folders:
        return
    bucket, prefix = checkpoints(job)
    for name, path in files(folders).items():
        store(job, f"s3://{bucket}/{prefix}{name}", path.read_bytes(), "Checkpoint sync failed")
