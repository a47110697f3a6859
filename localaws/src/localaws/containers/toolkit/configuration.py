"""Reads the files in input/config, and splits the hyperparameters into the script's and SageMaker's own.

Input: the folder that stands for /opt/ml. Output: a Configuration.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

PREFIX = "sagemaker_"
OWN = frozenset(
    {
        "sagemaker_program",
        "sagemaker_submit_directory",
        "sagemaker_enable_cloudwatch_metrics",
        "sagemaker_region",
        "sagemaker_container_log_level",
        "sagemaker_job_name",
        "default_user_module_name",
        "_tuning_objective_metric",
        "sagemaker_s3_output",
    }
)
"""The hyperparameters that the toolkit reads itself. Others that start with the prefix are the framework's."""


@dataclass(frozen=True)
class Configuration:
    """What a script's container is told.

    Attributes:
        base: What stands for /opt/ml.
        script: The script's hyperparameters, decoded.
        own: SageMaker's, for the toolkit.
        framework: SageMaker's, for a framework.
        resources: resourceconfig.json.
        channels: inputdataconfig.json.
    """

    base: Path
    script: dict[str, Any]
    own: dict[str, Any]
    framework: dict[str, Any]
    resources: dict[str, Any]
    channels: dict[str, Any]

    @property
    def code(self) -> Path:
        """The folder of the script."""
        return self.base / "code"


def read(base: Path) -> Configuration:
    """The configuration below `base`."""
    folder = base / "input/config"
    given = {name: decoded(text) for name, text in json.loads((folder / "hyperparameters.json").read_text()).items()}
    return Configuration(
        base,
        script={name: value for name, value in given.items() if name not in OWN and not name.startswith(PREFIX)},
        own={name: value for name, value in given.items() if name in OWN},
        framework={name: value for name, value in given.items() if name not in OWN and name.startswith(PREFIX)},
        resources=json.loads((folder / "resourceconfig.json").read_text()),
        channels=json.loads((folder / "inputdataconfig.json").read_text()),
    )


def decoded(text: str) -> Any:
    """A hyperparameter, which SageMaker passes as text: what it is in JSON, or itself."""
    try:
        return json.loads(text)
    except ValueError:
        return text
