"""Trains a model, from the channels to the file.

Input: the folder of the container. Output: the model in it, and a line for each round in the log.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import xgboost as xgb
from xgboost.callback import EarlyStopping

from localaws.containers.xgboost import metrics
from localaws.containers.xgboost.callbacks import Checkpoints, Progress, Terminating, latest_checkpoint, write_model
from localaws.containers.xgboost.contract import validated_channels
from localaws.containers.xgboost.data import Table, read_channel, widened
from localaws.containers.xgboost.errors import UserError, caused_by
from localaws.containers.xgboost.hosts import is_first, together
from sagemaker_constructs.algorithms.xgboost import MAXIMISED, XGBOOST

if TYPE_CHECKING:
    from collections.abc import Callable

    from localaws.containers.xgboost.contract import Folder

MODEL = "xgboost-model"
_OF_THE_PROGRAM = frozenset(
    {"_tuning_objective_metric", "csv_weights", "early_stopping_rounds", "eval_metric", "num_round"}
    | {"save_model_on_termination", "use_dask_gpu_training"}
)
"""Hyperparameters that XGBoost itself does not have."""

log = logging.getLogger(__name__)


def train(folder: Folder) -> None:
    """Train the model of a container's folder.

    Raises:
        UserError: hyperparameters or data are not accepted.
    """
    given = folder.hyper_parameters()
    given.pop("silent", None)  # of versions before 1.2, and in many an example
    values, wrong = XGBOOST.check(given)
    if wrong:
        raise UserError(wrong[0].words)
    _require_supported(values)
    train_channel, validation_channel = validated_channels(folder.channels())
    csv_weights = values.get("csv_weights") == 1
    rows = read_channel(train_channel, csv_weights=csv_weights)
    if rows is None:
        raise UserError(f"No data in training channel path {train_channel.path}")
    others = validation_channel and read_channel(validation_channel, csv_weights=csv_weights)
    if validation_channel and others is None:
        raise UserError(f"No data in validation channel path {validation_channel.path}")
    hosts, current = folder.hosts()
    log.info(
        "Single node training." if len(hosts) == 1 else f"Distributed node training with {len(hosts)} hosts: {hosts}"
    )
    with together(hosts, current):
        columns = max(each.features.shape[1] for each in (rows, others) if each)
        evaluated = [(_matrix(rows, columns), "train")]
        if others:
            evaluated.append((_matrix(others, columns), "validation"))
        for matrix, name in evaluated:
            log.info("%s matrix has %d rows and %d columns", name.capitalize(), matrix.num_row(), matrix.num_col())
        booster = _boosted(values, evaluated, folder)
        if is_first():
            write_model(folder.model / MODEL, booster)


def _require_supported(values: dict[str, Any]) -> None:
    if "_kfold" in values:
        raise UserError("Hyperparameter _kfold: cross validation is not done here")
    if values.get("tree_method") == "gpu_hist" or values.get("use_dask_gpu_training") == "true":
        log.info("There is no GPU here: tree_method is hist")
        values.update(tree_method="hist")


def _matrix(table: Table, columns: int) -> xgb.DMatrix:
    wide = widened(table, columns)
    return xgb.DMatrix(wide.features, wide.labels, weight=wide.weights, qid=wide.groups)


def _boosted(values: dict[str, Any], evaluated: list[tuple[xgb.DMatrix, str]], folder: Folder) -> xgb.Booster:
    wanted: list[str] = sorted({*values.get("eval_metric", ()), *_tuned(values)}, key=_order(values))
    own = [name for name in wanted if name in metrics.OWN]
    params = {name: _plain(value) for name, value in values.items() if name not in _OF_THE_PROGRAM}
    native = [name for name in wanted if name not in metrics.OWN]
    if native:
        params["eval_metric"] = native
    model, done = latest_checkpoint(folder.checkpoints)
    if model is not None:
        log.info("Checkpoint loaded from %s", model)
        log.info("Resuming from iteration %d", done)
    callbacks: list[Any] = [Progress(done), Terminating(active=values.get("save_model_on_termination") == "true")]
    if folder.checkpoints is not None:
        callbacks.append(Checkpoints(folder.checkpoints, done))
    if wanted and len(evaluated) > 1 and "early_stopping_rounds" in values:
        callbacks.append(
            EarlyStopping(
                rounds=values["early_stopping_rounds"],
                data_name="validation",
                metric_name=wanted[-1],
                maximize=wanted[-1].partition("@")[0] in MAXIMISED,
                save_best=True,
            )
        )
    try:
        return xgb.train(
            params,
            evaluated[0][0],
            num_boost_round=max(values["num_round"] - done, 0),
            evals=evaluated,
            custom_metric=_evaluating(own, params.get("objective", "")) if own else None,
            xgb_model=None if model is None else bytearray(model.read_bytes()),
            verbose_eval=False,
            callbacks=callbacks,
        )
    except (xgb.core.XGBoostError, ValueError) as error:
        log.error("XGB train call failed with exception:\n%s", error)  # noqa: TRY400  the stack is that of XGBoost
        raise UserError(caused_by(error)) from None


def _tuned(values: dict[str, Any]) -> list[str]:
    """The metric that a tuning job optimises."""
    name = values.get("_tuning_objective_metric", "").partition(":")[2]
    return [name] if name else []


def _order(values: dict[str, Any]) -> Callable[[str], int]:
    """The order in which the metrics were given; the one that decides on an early stop is the last."""
    given = [*values.get("eval_metric", ()), *_tuned(values)]
    return lambda name: len(given) - 1 - given[::-1].index(name)


def _plain(value: Any) -> Any:
    """A value as XGBoost takes it: an updater's names between commas, a constraint as text."""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):  # pyright: ignore[reportUnknownVariableType]
        return ",".join(value)
    return str(value) if isinstance(value, list | tuple) else value


def _evaluating(names: list[str], objective: str) -> Callable[[Any, xgb.DMatrix], list[tuple[str, float]]]:
    threshold = 0.0 if objective == "binary:logitraw" else 0.5
    return lambda predictions, matrix: metrics.evaluate(names, matrix.get_label(), predictions, threshold=threshold)
