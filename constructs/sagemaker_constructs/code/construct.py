"""Uploads the program of a job: `TrainingCode`."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pulumi
import pulumi_aws as aws
from pulumi import ComponentResource, Output, ResourceOptions

from sagemaker_constructs.api.channels import Channel
from sagemaker_constructs.api.mistakes import DeclarationError
from sagemaker_constructs.bucket import TrainingBucket
from sagemaker_constructs.code.files import read_files
from sagemaker_constructs.code.packing import archive, digest, manifest
from sagemaker_constructs.program.arguments import refuse
from sagemaker_constructs.program.uploads import uploads_to

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sagemaker_constructs.api.deferred import Input
    from sagemaker_constructs.api.uris import HasBucket

_ARCHIVE = "sourcedir.tar.gz"
_UNPACK = (
    'cd "${SAGEMAKER_BASE_DIR:-/opt/ml}" && mkdir -p code && tar -xzf input/data/code/sourcedir.tar.gz -C code && '
    'cd code && if [ -f requirements.txt ]; then python3 -m pip install -r requirements.txt; fi && exec "$@"'
)
"""Unpacks the `code` channel where script mode does, below /opt/ml, or below what stands for it outside a container."""


class TrainingCode(ComponentResource):
    """A program for a job: packed, uploaded, and named by what it contains.

    Changed code is another model, so a job that uses it is trained anew, and the preview names the files that changed.
    The same code is the same job, on whatever machine it is packed.

    Either of two ways brings it into a spec. *Script mode*, for AWS's framework images (`framework_image`):
    `hyper_parameters={**code.hyper_parameters, "epochs": 10}`. *A channel and an entry point*, for any image that has a
    shell, tar, and python3 for a program in Python: `input_data_config=[..., code.channel]` and
    `container_entrypoint=code.container_entrypoint`.

    The archives stay in the bucket when the code changes, and when the stack is destroyed: each belongs to a model.

    Args:
        name: the resource's name.
        source: a folder, or a single file. What its `.sagemakerignore` names (in gitignore's syntax) is not packed,
            nor what tools leave behind, such as `__pycache__` and `.venv`. A `requirements.txt` is installed before the
            program starts.
        entry_point: the file that starts, relative to the folder; it ends in `.py` or `.sh`. Default: the single file.
        bucket: the bucket for the archive: a `TrainingBucket`, an `aws.s3.Bucket`, or its name.
        dependencies: other files and folders; each is packed beside the code, under its own name. Default: none.
        prefix: where in the bucket archives are. Default: `code`.
        not_secret: paths of files that look as if they contained a credential, and do not. Default: none.
        limit_in_mib: how large the files may be together, in MiB. Default: 50.
        opts: the usual resource options.

    Raises:
        DeclarationError: there is no such file, one is a symbolic link or looks like a secret, or all are too large.
            The error lists every mistake.
    """

    uri: Output[str]
    """S3 URI of the archive."""
    digest: str
    """What names the archive: a hash of the paths and contents of its files."""
    files: dict[str, str]
    """A short hash of each file, by its path in the archive."""
    size: int
    """Bytes of the archive."""
    object: aws.s3.BucketObjectv2

    def __init__(
        self,
        name: str,
        source: str | Path,
        *,
        bucket: TrainingBucket | HasBucket | Input[str],
        entry_point: str | None = None,
        dependencies: Iterable[str | Path] = (),
        prefix: str = "code",
        not_secret: Iterable[str] = (),
        limit_in_mib: int = 50,
        opts: ResourceOptions | None = None,
    ) -> None:
        source = Path(source)
        entry_point = entry_point or source.name
        found = read_files(source, entry_point, map(Path, dependencies), not_secret, limit_in_mib)
        refuse(DeclarationError, f"TrainingCode {name!r}", found.mistakes)
        files, packed = manifest(found.files), archive(found.files)
        # The files are the component's inputs, each a property: the engine compares them with those in the state, and
        # names what differs. No call to AWS is needed for that.
        super().__init__("sagemaker-constructs:index:TrainingCode", name, dict(files), opts)
        # Only now, for the SDK makes an attribute of each property.
        self.digest, self.files, self.size, self._entry_point = digest(found.files), files, len(packed), entry_point
        folder = f"{prefix.strip('/')}/{self.digest}/"
        uploads_to(folder)
        self.object = aws.s3.BucketObjectv2(
            name,
            bucket=_name_of(bucket),
            key=f"{folder}{_ARCHIVE}",
            source=pulumi.FileAsset(_kept(self.digest, packed)),
            content_type="application/gzip",
            opts=ResourceOptions(parent=self, retain_on_delete=True),
        )
        # Both are inputs, which a preview knows; as outputs they bring it about that the job waits for the upload.
        self.uri = Output.concat("s3://", self.object.bucket, "/", self.object.key)
        pulumi.log.info(f"{len(self.files)} files, {self.size:,} bytes", self, ephemeral=True)
        self.register_outputs({"uri": self.uri, "digest": self.digest, "size": self.size})

    @property
    def hyper_parameters(self) -> dict[str, Input[str]]:
        """Script mode: the hyperparameters by which the container of a framework finds the program."""
        return {"sagemaker_program": self._entry_point, "sagemaker_submit_directory": self.uri}

    @property
    def channel(self) -> Channel:
        """The channel `code`, which has the archive."""
        return Channel.s3("code", self.uri.apply(lambda uri: uri.removesuffix(_ARCHIVE)), input_mode="File")

    @property
    def container_entrypoint(self) -> list[str]:
        """The command that unpacks the channel `code`, installs requirements.txt and starts the program.

        `container_arguments` are the program's. It runs in the folder of the code; channels, hyperparameters and the
        model are where SageMaker puts them, below /opt/ml. SageMaker sets no `SM_*` variables for such a job.
        """
        program = "python3" if self._entry_point.endswith(".py") else "/bin/sh"
        return ["/bin/sh", "-c", _UNPACK, "sh", program, self._entry_point]


def _name_of(bucket: TrainingBucket | HasBucket | Input[str]) -> Input[str]:
    if isinstance(bucket, str | Output):
        return bucket
    return bucket.name if isinstance(bucket, TrainingBucket) else bucket.bucket


def _kept(digest: str, packed: bytes) -> str:
    """The archive as a file, which the engine reads while the program runs."""
    file = _folder() / f"{digest}.tar.gz"
    file.write_bytes(packed)
    return str(file)


@cache
def _folder() -> Path:
    """A folder for the archives of this process, which removes it at its end."""
    folder = Path(tempfile.mkdtemp(prefix="training-code-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
