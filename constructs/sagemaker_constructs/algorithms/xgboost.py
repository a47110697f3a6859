"""The hyperparameters of SageMaker's XGBoost, versions 1.2 and newer, and its metrics.

Sources: "XGBoost hyperparameters" and "Tune an XGBoost model" in the SageMaker guide; the container's own checks at
https://github.com/aws/sagemaker-xgboost-container. A value that any of the versions accepts is accepted.
"""

from __future__ import annotations

import re
from typing import Any

from sagemaker_constructs.algorithms.hyperparameters import (
    Algorithm,
    Combination,
    Interval,
    choice,
    comma_separated,
    literal,
    number,
    whole,
)

MAXIMISED = (
    "accuracy", "auc", "aucpr", "balanced_accuracy", "f1", "f1_binary", "f1_macro", "map", "ndcg", "precision",
    "precision_macro", "precision_micro", "r2", "recall", "recall_macro", "recall_micro",
)  # fmt: skip
MINIMISED = (
    "aft-nloglik", "cox-nloglik", "error", "gamma-deviance", "gamma-nloglik", "interval-regression-accuracy", "logloss",
    "mae", "mape", "merror", "mlogloss", "mphe", "mse", "poisson-nloglik", "rmse", "rmsle", "tweedie-nloglik",
)  # fmt: skip
"""Metrics, by the direction that is better."""

_THRESHOLD = re.compile(r"(?:error|ndcg|map) *@ *[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_BUILDERS = ("grow_colmaker", "distcol", "grow_histmaker", "grow_local_histmaker", "grow_quantile_histmaker")
_TREE_UPDATERS = (*_BUILDERS, "grow_skmaker", "sync", "refresh", "prune")
_LINEAR_UPDATERS = ("shotgun", "coord_descent")
_FLAG = ("true", "false")

ROWS = (
    whole("num_round", 1, required=True),
    number("aft_loss_distribution_scale", 0),
    choice("aft_loss_distribution", "normal", "logistic", "extreme"),
    number("alpha", 0),
    number("base_score", 0),
    choice("booster", "gbtree", "gblinear", "dart"),
    number("colsample_bylevel", 0, 1, above=True),
    number("colsample_bynode", 0, 1, above=True),
    number("colsample_bytree", 0, 1, above=True),
    whole("csv_weights", 0, 1),
    choice("deterministic_histogram", *_FLAG),
    choice("dsplit", "row", "col"),
    whole("early_stopping_rounds", 1),
    number("eta", 0, 1),
    comma_separated("eval_metric", *MAXIMISED, *MINIMISED, also=lambda name: _THRESHOLD.fullmatch(name) is not None),
    number("gamma", 0),
    choice("grow_policy", "depthwise", "lossguide"),
    literal("interaction_constraints", Interval(1), "lists of columns in a list, as [[1, 2], [3, 4]]"),
    number("lambda", 0),
    number("lambda_bias", 0, 1),
    whole("max_bin", 0),
    number("max_delta_step", 0),
    whole("max_depth", 0),
    whole("max_leaves", 0),
    number("min_child_weight", 0),
    literal("monotone_constraints", (-1, 0, 1), "a number for each column in parentheses, as (1, 0, -1)"),
    choice("normalize_type", "tree", "forest"),
    whole("nthread", 1),
    whole("num_class", 2),
    whole("num_parallel_tree", 1),
    choice(
        "objective",
        "aft_loss_distribution", "binary:hinge", "binary:logistic", "binary:logitraw", "count:poisson", "multi:softmax",
        "multi:softprob", "rank:map", "rank:ndcg", "rank:pairwise", "reg:absoluteerror", "reg:gamma", "reg:linear",
        "reg:logistic", "reg:pseudohubererror", "reg:squarederror", "reg:squaredlogerror", "reg:tweedie",
        "survival:aft", "survival:cox",
    ),
    whole("one_drop", 0, 1),
    choice("predictor", "auto", "cpu_predictor", "gpu_predictor"),
    whole("prob_buffer_row", 1, above=True),
    choice("process_type", "default", "update"),
    number("rate_drop", 0, 1),
    whole("refresh_leaf", 0, 1),
    choice("sample_type", "uniform", "weighted"),
    choice("sampling_method", "uniform", "gradient_based"),
    choice("save_model_on_termination", *_FLAG),
    number("scale_pos_weight", 0, above=True),
    whole("seed", -(2**31), 2**31 - 1, above=True, below=True),
    choice("single_precision_histogram", *_FLAG),
    number("sketch_eps", 0, 1, above=True, below=True),
    number("skip_drop", 0, 1),
    number("subsample", 0, 1, above=True),
    choice("tree_method", "auto", "exact", "approx", "hist", "gpu_hist"),
    number("tweedie_variance_power", 1, 2, above=True, below=True),
    comma_separated("updater", *_TREE_UPDATERS, *_LINEAR_UPDATERS),
    choice("use_dask_gpu_training", *_FLAG),
    whole("verbosity", 0, 3),
    whole("_kfold", 2),
    whole("_num_cv_round", 1),
    choice("_tuning_objective_metric", *(f"validation:{name}" for name in (*MAXIMISED, *MINIMISED))),
)  # fmt: skip
"""Every hyperparameter; the names with an underscore are those that AWS's own services set."""

ALIASES = {"learning_rate": "eta", "min_split_loss": "gamma", "reg_alpha": "alpha", "reg_lambda": "lambda"}


def _updater_of_another_booster(values: Any) -> bool:
    if values.get("booster") == "gblinear":
        return len(values["updater"]) != 1 or values["updater"][0] not in _LINEAR_UPDATERS
    return values.get("process_type") != "update" and not set(values["updater"]) <= set(_TREE_UPDATERS)


COMBINATIONS = (
    Combination(
        ("objective", "num_class"),
        lambda values: values["objective"].startswith("multi:") and "num_class" not in values,
        "requires num_class for several classes",
        "Require input for parameter 'num_class' for multi-classification",
    ),
    Combination(
        ("eval_metric", "objective"),
        lambda values: "auc" in values["eval_metric"] and not _has_scores(values),
        "has auc, which requires a binary: or rank: objective",
        "Metric 'auc' can only be applied for classification and ranking problems.",
    ),
    Combination(
        ("eval_metric", "objective"),
        lambda values: "aft-nloglik" in values["eval_metric"] and values.get("objective") != "survival:aft",
        "has aft-nloglik, which requires the objective survival:aft",
        "Metric 'aft-nloglik' can only be applied for 'survival:aft' objective.",
    ),
    Combination(
        ("monotone_constraints", "tree_method"),
        lambda values: values.get("tree_method") not in {"exact", "hist"},
        "requires tree_method exact or hist",
        "monotone_constraints can be used only when the tree_method parameter is set to either 'exact' or 'hist'.",
    ),
    Combination(
        ("interaction_constraints", "tree_method"),
        lambda values: values.get("tree_method") not in {"exact", "hist", "approx"},
        "requires tree_method exact, hist or approx",
        "interaction_constraints can be used only when the tree_method parameter is set to either 'exact', 'hist' or "
        "'approx'.",
    ),
    Combination(
        ("updater", "booster", "process_type"),
        _updater_of_another_booster,
        f"must be one of {', '.join(_LINEAR_UPDATERS)} with booster gblinear, and updaters of trees otherwise",
        "Tree updater should be selected from these options: "
        f"{', '.join(map(repr, (*_TREE_UPDATERS, *_LINEAR_UPDATERS)))}.",
    ),
    Combination(
        ("updater", "booster", "process_type"),
        lambda values: (
            values.get("process_type") == "update"
            and values.get("booster") != "gblinear"
            and not set(values["updater"]) <= {"refresh", "prune"}
        ),
        "must be refresh or prune with process_type update",
        "process_type 'update' can only be used with updater 'refresh' and 'prune'",
    ),
    Combination(
        ("updater", "booster", "process_type"),
        lambda values: sum(each in _BUILDERS for each in values["updater"]) > 1,
        f"must have one of {', '.join(_BUILDERS)} at most",
        f"Only one tree grow plugin can be selected. Choose one from the following: {', '.join(map(repr, _BUILDERS))}",
    ),
)


def _has_scores(values: Any) -> bool:
    return values.get("objective", "").startswith(("binary:", "rank:"))


XGBOOST = Algorithm(ROWS, ALIASES, COMBINATIONS)

_VERSION = re.compile(r"(\d+)\.(\d+)-\d+(?:\D.*)?")
_SINCE = (1, 2)


def is_of_these_tables(tag: str | None) -> bool:
    """Whether an image of the repository `sagemaker-xgboost` has these hyperparameters: version 1.2 or newer."""
    version = _VERSION.fullmatch(tag or "")
    return version is not None and (int(version[1]), int(version[2])) >= _SINCE
