"""Says which images are run on this machine, and what stands for them: a table of patterns, which users extend.

Input: the address of an image, and the user's `localaws.toml`. Output: the row of the image, or why there is none.

The rows of this module run nothing but what comes with this package. A row of the user's is the permission to run code
that a job brings along, as the user and on this machine, so there is none by default.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Sequence
from fnmatch import fnmatchcase
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from localaws.environment import IMAGES_FILE
from sagemaker_constructs.addresses.ecr import parse_image

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from localaws.server.training.job import Job

TOOLKIT = (sys.executable, "-P", "-m", "localaws.containers.toolkit")
"""What stands for an image with SageMaker's training toolkit: it runs the script that the hyperparameters name."""

XGBOOST = (sys.executable, "-P", "-m", "localaws.containers.xgboost")
XGBOOST_REPOSITORIES = frozenset({"sagemaker-xgboost", "xgboost"})


class Row(BaseModel):
    """What stands for the images of a pattern.

    Attributes:
        train: The command that stands for the image's own, to which `train` is added as AWS does; empty: the training
            toolkit, which runs the job's script.
        python: The interpreter of scripts, and the first folder on PATH; default: that of pulumilocal.
        own_code: Whether code that a job brings along may run: its script, or its ContainerEntrypoint.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    train: Sequence[str] = ()
    python: str = sys.executable
    own_code: bool = Field(default=True, exclude=True)


ROWS = TypeAdapter(dict[str, Row])


class ImagesError(ValueError):
    """The user's file cannot be read; the text says what is wrong in it."""


def read(file: Path | None) -> Mapping[str, Row]:
    """The rows of the user's file, by pattern; no file, no rows.

    Raises:
        ImagesError: It is no TOML, or a row has an unknown key or a wrong type.
    """
    if file is None or not file.is_file():
        return {}
    try:
        rows = ROWS.validate_python(tomllib.loads(file.read_text()).get("images", {}))
    except ValidationError as error:
        wrong = (f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        raise ImagesError(f"{file} is not understood: {'; '.join(wrong)}") from error
    except (tomllib.TOMLDecodeError, OSError) as error:
        raise ImagesError(f"{file} is not understood: {error}") from error
    return {pattern: placed(row, file.parent) for pattern, row in rows.items()}


def placed(row: Row, folder: Path) -> Row:
    """A row whose relative paths are made absolute: they start at the folder of the file."""
    python = str(folder / Path(row.python).expanduser()) if "/" in row.python else row.python
    return row.model_copy(update={"python": python})


def row_for(job: Job, rows: Mapping[str, Row]) -> Row | str:
    """The row of a job's image, or why it is not run: the user's first match, then the built-in XGBoost."""
    algorithm = job.request.get("AlgorithmSpecification", {})
    address = algorithm.get("TrainingImage") or algorithm.get("AlgorithmName") or ""
    for pattern, row in rows.items():
        if fnmatchcase(address, pattern):
            return row
    image = parse_image(address)
    if image is None or image.account == job.account or image.repository not in XGBOOST_REPOSITORIES:
        return f"no row of {IMAGES_FILE} is for the image {address or 'of the job'}"
    if brings_code(job):
        return f"no row of {IMAGES_FILE} permits to run the code of jobs with the image {address}"
    if find_spec("xgboost") is None:
        return "XGBoost is not installed: pip install 'pulumi-localaws[train]'"
    return Row(train=XGBOOST, own_code=False)


def brings_code(job: Job) -> bool:
    """Whether a job is more than data and hyperparameters for its image: an entry point, or a script."""
    return any(True for _ in own_code(job))


def own_code(job: Job) -> Iterator[str]:
    """Where a job names code of its own."""
    if job.request.get("AlgorithmSpecification", {}).get("ContainerEntrypoint"):
        yield "ContainerEntrypoint"
    if "sagemaker_program" in job.request.get("HyperParameters", {}):
        yield "sagemaker_program"
