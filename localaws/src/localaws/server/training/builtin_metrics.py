"""Adds the metric definitions that SageMaker gives to a job with one of its own images. Pure.

Input: the image and algorithm specification of a request. Output: the definitions, for the algorithms of the table; it
has a few of each, as its guide lists them, and those of XGBoost. The repositories are those of "Docker Registry Paths
and Example Code".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sagemaker_constructs.addresses.ecr import parse_image
from sagemaker_constructs.algorithms.xgboost import MAXIMISED, MINIMISED

if TYPE_CHECKING:
    from collections.abc import Mapping

PROGRESS = {"train:progress": r"#progress_metric: host=\S+, completed (\S+) %"}


def quality(kind: str, *names: str) -> dict[str, str]:
    """Metrics `<phase>:<metric>` that an algorithm prints as a `loss` or a `score`."""
    return {name: rf"#quality_metric: host=\S+, {name.replace(':', ' ')} <{kind}>=(\S+)" for name in names}


def rounds(*names: str) -> dict[str, str]:
    """Metrics that XGBoost prints after each round; AWS's expressions lack the exponent."""
    return {name: rf".*\[[0-9]+\].*#011{name.replace(':', '-')}:{VALUE}.*" for name in names}


VALUE = r"([-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?)"

XGBOOST = rounds(
    *(f"train:{name}" for name in ("auc", "error", "logloss", "merror", "mlogloss", "rmse")),
    *(f"validation:{name}" for name in (*MAXIMISED, *MINIMISED)),
)
"""AWS adds 39: all that can be tuned, of the validation rows, and some of the training rows; which, is our choice."""

METRICS: Mapping[str, Mapping[str, str]] = {
    "factorization-machines": quality("score", "test:rmse", "test:binary_classification_accuracy") | PROGRESS,
    "kmeans": quality("loss", "test:msd", "test:ssd", "train:msd") | PROGRESS,
    "knn": quality("score", "test:accuracy") | quality("loss", "test:mse") | PROGRESS,
    "linear-learner": quality("loss", "test:objective_loss", "validation:objective_loss")
    | quality("score", "test:binary_classification_accuracy", "validation:binary_classification_accuracy")
    | PROGRESS,
    "pca": PROGRESS,
    "sagemaker-xgboost": XGBOOST,
    "xgboost": XGBOOST,
}
"""Name and expression of each metric, by the repository of the algorithm's image."""


def with_builtin_metrics(request: dict[str, Any], account: str) -> dict[str, Any]:
    """The request, with the metric definitions of its algorithm where it has none and the image is AWS's.

    Args:
        request: CreateTrainingJob.
        account: The account of the job: an image in it is the user's, whatever its name.
    """
    algorithm: dict[str, Any] = request.get("AlgorithmSpecification", {})
    image = parse_image(algorithm.get("TrainingImage", ""))
    metrics = METRICS.get(image.repository, {}) if image is not None and image.account != account else {}
    if not metrics or algorithm.get("MetricDefinitions"):
        return request
    definitions = [{"Name": name, "Regex": expression} for name, expression in metrics.items()]
    return request | {"AlgorithmSpecification": algorithm | {"MetricDefinitions": definitions}}
