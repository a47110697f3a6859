"""Copies the checkpoints of a job from S3 to its instances, and to S3 while these run and when they have ended.

Input: the folders that stand for /opt/ml. Output: files in them; objects under CheckpointConfig.S3Uri. AWS removes
nothing there that a program removes, and does not upload what is named `….sagemaker-ignore`.
"""

from __future__ import annotations

import time
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import TYPE_CHECKING

from localaws.server.execution import objects
from localaws.server.execution.folders import checkpoint_folder
from localaws.server.execution.output import files
from localaws.server.training import preconditions
from localaws.server.training.effects import JobFailure, store

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from os import stat_result
    from pathlib import Path

    from localaws.server.training.job import Job

SECONDS_BETWEEN_UPLOADS = 1.0
QUIET_SECONDS = 1.0
"""How long a file must not have been written to, so that it is uploaded while the job runs: it may be unfinished."""

IGNORED = ".sagemaker-ignore"
"""The end of the names of files that are not uploaded (SageMaker XGBoost container, checkpointing)."""

Version = tuple[int, int, int]


class Checkpoints:
    """The checkpoints of one start of a job's containers; nothing, where the job has no CheckpointConfig.

    Args:
        job: The job.
        instances: The folder that stands for /opt/ml, of each instance.
    """

    def __init__(self, job: Job, instances: Sequence[Path]) -> None:
        found = (checkpoint_folder(job, folder) for folder in instances)
        self._job = job
        self._folders = [folder for folder in found if folder is not None]
        self._uploaded: dict[str, Version] = {}

    def restore(self) -> None:
        """Copies what is in S3 to every instance."""
        if not self._folders:
            return
        bucket, prefix = self._place()
        for key in objects.keys(self._job, bucket, prefix):
            content = objects.content(self._job, bucket, key)
            for folder in self._folders:
                path = folder / key.removeprefix(prefix)
                if path.resolve().is_relative_to(folder.resolve()) and content is not None:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(content)
        self._uploaded = {name: version(path.stat()) for name, path in files(self._folders).items()}

    @contextmanager
    def uploading(self) -> Generator[None]:
        """Uploads what has changed at intervals, on a thread of its own.

        A failure is left to `save`, which meets it again.
        """
        ended = Event()

        def upload() -> None:
            while not ended.wait(SECONDS_BETWEEN_UPLOADS):
                with suppress(JobFailure):
                    self._upload(running=True)

        thread = Thread(target=upload, name=f"checkpoints of {self._job.name}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def save(self) -> None:
        """Uploads what has changed, when all containers have ended.

        Raises:
            JobFailure: The bucket has gone.
        """
        self._upload(running=False)

    def _upload(self, *, running: bool) -> None:
        for name, path in files(self._folders).items():
            if name.endswith(IGNORED):
                continue
            with suppress(FileNotFoundError):  # the program has removed it meanwhile
                before = path.stat()
                if self._uploaded.get(name) == version(before) or (running and not is_quiet(before)):
                    continue
                content = path.read_bytes()
                if running and version(path.stat()) != version(before):
                    continue
                bucket, prefix = self._place()
                store(self._job, f"s3://{bucket}/{prefix}{name}", content, "Checkpoint sync failed")
                self._uploaded[name] = version(before)

    def _place(self) -> tuple[str, str]:
        """The bucket and the prefix."""
        place = preconditions.location(self._job.request["CheckpointConfig"]["S3Uri"].rstrip("/") + "/x")
        return place.bucket, place.key[:-1]


def version(status: stat_result) -> Version:
    """What changes with the content of a file: another file in its place, its size, the time of the last write."""
    return status.st_ino, status.st_size, status.st_mtime_ns


def is_quiet(status: stat_result) -> bool:
    """Whether a file was not written to lately."""
    return time.time() - status.st_mtime >= QUIET_SECONDS
