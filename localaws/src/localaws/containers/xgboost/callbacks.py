"""Acts after each round: prints metrics, writes checkpoints, and ends the training on SIGTERM.

Input: the model and its metrics so far. Output: lines of the log, and files.
"""

from __future__ import annotations

import logging
import re
import signal
from typing import TYPE_CHECKING, Any

from xgboost.callback import TrainingCallback

from localaws.containers.xgboost.hosts import any_host, is_first

if TYPE_CHECKING:
    from pathlib import Path

    import xgboost as xgb

CHECKPOINT = "xgboost-checkpoint"
_KEPT = 5
"""Checkpoints that are kept."""

log = logging.getLogger(__name__)


class Progress(TrainingCallback):
    """Prints the metrics of each round, as XGBoost does: SageMaker reads them from the log."""

    def __init__(self, done: int) -> None:
        super().__init__()
        self._done = done

    def after_iteration(self, model: Any, epoch: int, evals_log: Any) -> bool:
        """Print the line of a round."""
        del model
        if not is_first():
            return False
        scores = [f"\t{data}-{name}:{log[-1]:.5f}" for data, all_ in evals_log.items() for name, log in all_.items()]
        print(f"[{epoch + self._done}]{''.join(scores)}", flush=True)  # noqa: T201  the log of the container
        return False


class Terminating(TrainingCallback):
    """Ends the training after the round in which SIGTERM comes, so that the model is saved as it is."""

    def __init__(self, *, active: bool) -> None:
        super().__init__()
        self._active = active
        self._stopped = False
        if active:
            signal.signal(signal.SIGTERM, self._stop)

    def _stop(self, *_: Any) -> None:
        log.info("SIGTERM: the training ends after this round")
        self._stopped = True

    def after_iteration(self, model: Any, epoch: int, evals_log: Any) -> bool:
        """Whether to end."""
        del model, epoch, evals_log
        return any_host(here=self._stopped) if self._active else False


class Checkpoints(TrainingCallback):
    """Writes the model of each round, and keeps the newest."""

    def __init__(self, folder: Path, done: int) -> None:
        super().__init__()
        self._folder = folder
        self._done = done

    def after_iteration(self, model: Any, epoch: int, evals_log: Any) -> bool:
        """Write the model, and remove the oldest."""
        del evals_log
        if not is_first():
            return False
        number = epoch + self._done
        write_model(self._folder / f"{CHECKPOINT}.{number}", model)
        (self._folder / f"{CHECKPOINT}.{number - _KEPT}").unlink(missing_ok=True)
        return False


def latest_checkpoint(folder: Path | None) -> tuple[Path | None, int]:
    """The newest checkpoint, and how many rounds it has."""
    names = [each.name for each in folder.iterdir()] if folder else []
    numbers = [int(name[len(CHECKPOINT) + 1 :]) for name in names if re.fullmatch(rf"{CHECKPOINT}\.\d+", name)]
    if folder is None or not numbers:
        return None, 0
    return folder / f"{CHECKPOINT}.{max(numbers)}", max(numbers) + 1


def write_model(file: Path, booster: xgb.Booster) -> None:
    """Write a model whole or not at all: the process may be killed meanwhile."""
    unfinished = file.with_name(f"{file.name}.sagemaker-ignore")  # SageMaker does not upload it
    unfinished.write_bytes(booster.save_raw("ubj"))
    unfinished.rename(file)
