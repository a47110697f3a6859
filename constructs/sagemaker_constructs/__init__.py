"""A SageMaker training job as a declared Pulumi resource, with the role and the network that it runs in.

The names are resolved when they are used: the engine's provider process imports this package with every run, and
must load neither the constructs nor pulumi_aws.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sagemaker_constructs.job import TrainingJob
    from sagemaker_constructs.network import TrainingNetwork
    from sagemaker_constructs.role import TrainingRole

_CONSTRUCTS = {
    "TrainingJob": "sagemaker_constructs.job",
    "TrainingNetwork": "sagemaker_constructs.network",
    "TrainingRole": "sagemaker_constructs.role",
}
_SHAPES = {
    "AlgorithmSpecification": "algorithm",
    "Channel": "channels",
    "CheckpointConfig": "output",
    "OutputDataConfig": "output",
    "ResourceConfig": "resources",
    "RetryStrategy": "operation",
    "StoppingCondition": "operation",
    "TrainingJobSpec": "spec",
    "VpcConfig": "operation",
}
_MODULES = {**_CONSTRUCTS, **{name: f"sagemaker_constructs.api.{module}" for name, module in _SHAPES.items()}}

__all__ = ["TrainingJob", "TrainingNetwork", "TrainingRole"]


def __getattr__(name: str) -> object:
    """Import the module that defines a public name, when it is first asked for."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    """The public names."""
    return sorted(_MODULES)
