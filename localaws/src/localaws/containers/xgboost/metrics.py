"""Computes the metrics that SageMaker's XGBoost has and XGBoost itself lacks.

Input: labels and predictions. Output: a number. Source: "Tune an XGBoost model" in the SageMaker guide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def _confusion(labels: Any, classes: Any) -> Any:
    """How often each class (row) was predicted as each class (column)."""
    names = np.unique(np.concatenate([labels, classes]))
    counts = np.zeros((len(names), len(names)))
    np.add.at(counts, (np.searchsorted(names, labels), np.searchsorted(names, classes)), 1)
    return counts


def _ratio(part: Any, whole: Any) -> Any:
    """A ratio that is 0 where there is nothing to divide by."""
    return np.divide(part, whole, out=np.zeros_like(np.asarray(part, float)), where=np.asarray(whole) != 0)


def _precisions(labels: Any, classes: Any) -> Any:
    counts = _confusion(labels, classes)
    return _ratio(np.diag(counts), counts.sum(axis=0))


def _recalls(labels: Any, classes: Any) -> Any:
    counts = _confusion(labels, classes)
    return _ratio(np.diag(counts), counts.sum(axis=1))


def _f1(labels: Any, classes: Any) -> Any:
    precision, recall = _precisions(labels, classes), _recalls(labels, classes)
    return _ratio(2 * precision * recall, precision + recall)


def _accuracy(labels: Any, classes: Any) -> float:
    return float(np.mean(labels == classes))


def _balanced(labels: Any, classes: Any) -> float:
    present = np.isin(np.unique(np.concatenate([labels, classes])), labels)
    return float(_recalls(labels, classes)[present].mean())


def _weighted(each: Callable[[Any, Any], Any]) -> Callable[[Any, Any], float]:
    def metric(labels: Any, classes: Any) -> float:
        counts = _confusion(labels, classes).sum(axis=1)
        return float(np.average(each(labels, classes), weights=counts))

    return metric


def _of_class_one(each: Callable[[Any, Any], Any]) -> Callable[[Any, Any], float]:
    def metric(labels: Any, classes: Any) -> float:
        names = np.unique(np.concatenate([labels, classes]))
        return float(each(labels, classes)[names == 1].sum())

    return metric


def _macro(each: Callable[[Any, Any], Any]) -> Callable[[Any, Any], float]:
    return lambda labels, classes: float(each(labels, classes).mean())


def _r2(labels: Any, values: Any) -> float:
    return float(1 - np.sum((labels - values) ** 2) / np.sum((labels - labels.mean()) ** 2))


OF_CLASSES: Mapping[str, Callable[[Any, Any], float]] = {
    "accuracy": _accuracy,
    "balanced_accuracy": _balanced,
    "f1": _weighted(_f1),
    "f1_binary": _of_class_one(_f1),
    "f1_macro": _macro(_f1),
    "precision": _of_class_one(_precisions),
    "precision_macro": _macro(_precisions),
    "precision_micro": _accuracy,
    "recall": _of_class_one(_recalls),
    "recall_macro": _macro(_recalls),
    "recall_micro": _accuracy,
}
"""Of labels and predicted classes. Over all classes together, precision and recall are the accuracy."""
OF_VALUES: Mapping[str, Callable[[Any, Any], float]] = {
    "mse": lambda labels, values: float(np.mean((labels - values) ** 2)),
    "r2": _r2,
}
"""Of labels and predicted values."""
OWN = frozenset({*OF_CLASSES, *OF_VALUES})


def evaluate(names: list[str], labels: Any, predictions: Any, *, threshold: float = 0.5) -> list[tuple[str, float]]:
    """The metrics of predictions as XGBoost makes them.

    Args:
        names: the metrics.
        labels: of the rows.
        predictions: a probability for each class, or a class, a probability or a value.
        threshold: from which on a single probability means class 1.
    """
    several = predictions.ndim > 1
    is_class = not several and bool(np.all(predictions == np.round(predictions)))
    classes = predictions.argmax(axis=1) if several else predictions if is_class else predictions > threshold
    return [
        (name, OF_VALUES[name](labels, predictions) if name in OF_VALUES else OF_CLASSES[name](labels, 1.0 * classes))
        for name in names
    ]
