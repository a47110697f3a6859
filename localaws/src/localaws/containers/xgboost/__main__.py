"""Runs the program: `train`, as SageMaker starts a container."""

from __future__ import annotations

import logging
import os
import sys
import traceback
from pathlib import Path

from localaws.containers.xgboost.contract import BASE, OPT_ML, Folder
from localaws.containers.xgboost.errors import UserError

_LINE = "[%(asctime)s:%(levelname)s] %(message)s"
log = logging.getLogger(__name__)


def main(arguments: list[str]) -> int:
    """Train, and exit as a container does: 0, or 1 with the reason in output/failure."""
    if arguments != ["train"]:
        sys.stderr.write("usage: python -m localaws.containers.xgboost train\n")
        return 2
    logging.basicConfig(stream=sys.stdout, level=logging.INFO, format=_LINE, datefmt="%Y-%m-%d:%H:%M:%S")
    folder = Folder(Path(os.environ.get(BASE, str(OPT_ML))))
    try:
        from localaws.containers.xgboost.training import train  # noqa: PLC0415  XGBoost may not be installed

        log.info("Running XGBoost Sagemaker in algorithm mode")
        train(folder)
    except UserError as error:
        log.error("UserError: %s", error)  # noqa: TRY400  the user needs no traceback
        folder.fail(str(error))
        return 1
    except Exception as error:  # noqa: BLE001  SageMaker is told of whatever it was
        traceback.print_exc()
        folder.fail(f"{type(error).__name__}: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
