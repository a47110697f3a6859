"""Says how a training container is started: its command line and its environment. Pure.

Input: a job, the row of its image, and where its files are. Output: what AWS starts it with, and nothing else of
SageMaker's: the SM_* variables are made by the training toolkit, or by a program's own drivers.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from localaws.server.execution.images import TOOLKIT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from localaws.server.execution.images import Row
    from localaws.server.training.job import Job

SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

KEPT = ("LANG", "LC_ALL", "LD_LIBRARY_PATH", "SSL_CERT_FILE", "TZ")
"""Variables of this machine that programs need to run on it."""

IMAGE = {
    "LANG": "C.UTF-8",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONIOENCODING": "UTF-8",
    "PYTHONUNBUFFERED": "TRUE",
}
"""Variables that SageMaker's images set."""


@dataclass(frozen=True)
class Surroundings:
    """What a container of this machine has that one on AWS has otherwise.

    Attributes:
        port: Where the local AWS listens.
        threads: How many threads libraries should use.
        base: The folder that stands for /opt/ml where that cannot be mounted; None where it can.
        home: HOME.
        scratch: TMPDIR.
        own: This server's environment.
    """

    port: int
    threads: int
    base: Path | None
    home: Path
    scratch: Path
    own: Mapping[str, str]


def command(job: Job, row: Row) -> list[str]:
    """The command line: ContainerEntrypoint and ContainerArguments, or the image's own with `train`."""
    algorithm = job.request.get("AlgorithmSpecification", {})
    arguments: Sequence[str] = algorithm.get("ContainerArguments", ())
    if entrypoint := algorithm.get("ContainerEntrypoint"):
        return [*entrypoint, *arguments]
    if row.train:
        return [*row.train, *(arguments or ("train",))]
    return [*TOOLKIT, "--python", row.python, *(arguments or ("train",))]


def runs_toolkit(job: Job, row: Row) -> bool:
    """Whether the training toolkit runs the job's script."""
    return not row.train and not job.request.get("AlgorithmSpecification", {}).get("ContainerEntrypoint")


def service_environment(job: Job) -> dict[str, str]:
    """What the service sets, and what the request does."""
    return {
        "TRAINING_JOB_NAME": job.name,
        "TRAINING_JOB_ARN": job.arn,
        "AWS_REGION": job.region,
        **job.request.get("Environment", {}),
    }


def environment(job: Job, row: Row, surroundings: Surroundings) -> dict[str, str]:
    """The whole environment of a process: this machine's, an image's, and then the service's, which overrides them."""
    return {
        **IMAGE,
        **{name: surroundings.own[name] for name in KEPT if name in surroundings.own},
        **(installer(surroundings) if runs_toolkit(job, row) else {}),
        "PATH": os.pathsep.join(dict.fromkeys((*interpreter_folder(row), *SYSTEM_PATH.split(":")))),
        "HOME": str(surroundings.home),
        "TMPDIR": str(surroundings.scratch),
        "OMP_NUM_THREADS": str(surroundings.threads),
        **local_aws(job, surroundings.port),
        **({"SAGEMAKER_BASE_DIR": str(surroundings.base)} if surroundings.base else {}),
        **service_environment(job),
    }


def engine_command(job: Job) -> list[str]:
    """The end of an engine's command line: image and arguments, the image's own entry point overridden if asked for."""
    algorithm = job.request["AlgorithmSpecification"]
    first, *rest = algorithm.get("ContainerEntrypoint") or [""]
    arguments = algorithm.get("ContainerArguments") or ([] if first else ["train"])
    return [*([f"--entrypoint={first}"] if first else []), algorithm["TrainingImage"], *rest, *arguments]


def engine_environment(job: Job, port: int, threads: int) -> dict[str, str]:
    """What is set in an image's own container: the local AWS, and what the service sets."""
    return {"OMP_NUM_THREADS": str(threads), **local_aws(job, port), **service_environment(job)}


def local_aws(job: Job, port: int) -> dict[str, str]:
    """Where a program finds the AWS of this machine, with credentials of no account. On AWS, those of the role."""
    s3 = f"http://127.0.0.1:{port}"
    return {
        "AWS_DEFAULT_REGION": job.region,
        "AWS_ACCESS_KEY_ID": "localaws",
        "AWS_SECRET_ACCESS_KEY": "localaws",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": f"http://localhost:{port}",
        "AWS_ENDPOINT_URL_S3": s3,
        "S3_ENDPOINT_URL": s3,
    }


def interpreter_folder(row: Row) -> Sequence[str]:
    """The folder of the interpreter, so that `python` is that one."""
    return [str(Path(row.python).parent)] if "/" in row.python else []


def installer(surroundings: Surroundings) -> dict[str, str]:
    """The settings of pip, for the toolkit alone: it installs requirements.txt, and hides them from the script."""
    return {name: value for name, value in surroundings.own.items() if name.startswith("PIP_")}
