"""The classifier."""

from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler


def classifier(neighbours: int) -> Pipeline:
    """Neighbours on one scale."""
    return make_pipeline(StandardScaler(), KNeighborsClassifier(neighbours))
