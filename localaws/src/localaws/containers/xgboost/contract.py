"""Reads and writes the folder of a training container.

Input: the folder, /opt/ml or what stands for it. Output: hyperparameters, channels, and where to write what. Source:
"How Amazon SageMaker Provides Training Information", and "... Processes Training Output", in the SageMaker guide.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from localaws.containers.xgboost.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

OPT_ML = Path("/opt/ml")
BASE = "SAGEMAKER_BASE_DIR"
"""Environment variable: the folder that stands for /opt/ml outside a container; AWS's toolkits read it, too."""
_LONGEST_FAILURE = 1024
"""Characters of the failure file that SageMaker reports."""


@dataclass(frozen=True)
class Channel:
    """An input channel."""

    name: str
    path: Path
    content_type: str | None
    input_mode: str


@dataclass(frozen=True)
class Folder:
    """The folder of a training container."""

    base: Path = OPT_ML

    @property
    def model(self) -> Path:
        """Where the model is written."""
        return _made(self.base / "model")

    @property
    def checkpoints(self) -> Path | None:
        """Where checkpoints are; None where the job has none."""
        local = self._config("checkpointconfig").get("LocalPath")
        if not local:
            return None
        path = Path(local)
        return _made(self.base / path.relative_to(OPT_ML) if path.is_relative_to(OPT_ML) else path)

    def hyper_parameters(self) -> dict[str, str]:
        """The hyperparameters, all of them strings."""
        return {name: str(value) for name, value in self._config("hyperparameters").items()}

    def channels(self) -> dict[str, Channel]:
        """The channels by name."""
        return {
            name: Channel(
                name,
                self.base / "input" / "data" / name,
                each.get("ContentType"),
                each.get("TrainingInputMode", "File"),
            )
            for name, each in self._config("inputdataconfig").items()
        }

    def hosts(self) -> tuple[list[str], str]:
        """The hosts of the job, and which of them this is."""
        found = self._config("resourceconfig")
        return sorted(found.get("hosts", ["algo-1"])), found.get("current_host", "algo-1")

    def fail(self, message: str) -> None:
        """Tell SageMaker why the job failed."""
        (_made(self.base / "output") / "failure").write_text(message[:_LONGEST_FAILURE])

    def _config(self, name: str) -> Mapping[str, Any]:
        file = self.base / "input" / "config" / f"{name}.json"
        return json.loads(file.read_text() or "{}") if file.is_file() else {}


def validated_channels(channels: Mapping[str, Channel]) -> tuple[Channel, Channel | None]:
    """The channels `train` and `validation`.

    Raises:
        UserError: `train` is missing, or there is another one.
    """
    if "train" not in channels:
        raise UserError("Missing required channel: train")
    for name in channels:
        if name not in {"train", "validation", "code"}:
            raise UserError(f"Extraneous channel found: {name}")
    return channels["train"], channels.get("validation")


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
