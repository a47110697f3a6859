"""Saves what the instances of a job leave behind: the model of all of them, and their other output.

Input: the folders that stand for /opt/ml. Output: objects in S3, where the request says; the address of the model.
"""

from __future__ import annotations

import io
import tarfile
from typing import TYPE_CHECKING

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
