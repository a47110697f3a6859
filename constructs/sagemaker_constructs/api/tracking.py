"""Where the run is recorded for people: experiments, MLflow, TensorBoard."""

from typing import Annotated, TypeAlias

from sagemaker_constructs.api.constraints import Text
from sagemaker_constructs.api.deferred import Input
from sagemaker_constructs.api.names import DirectoryPath, S3Uri
from sagemaker_constructs.api.shape import Shape

EntityName: TypeAlias = Annotated[str, Text(1, 120, r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,119}")]
MlflowName: TypeAlias = Annotated[str, Text(1, 256, r".*")]
MlflowResourceArn: TypeAlias = Annotated[
    str, Text(0, 2048, r"arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]*:[0-9]{12}:mlflow-[a-zA-Z-]*/.*")
]


class ExperimentConfig(Shape):
    """The SageMaker experiment that the job belongs to."""

    experiment_name: Input[EntityName] | None = None
    """An experiment that exists."""
    trial_name: Input[EntityName] | None = None
    """A trial that exists; a new one when absent."""
    trial_component_display_name: Input[EntityName] | None = None
    """How the job is shown; its component's name when absent."""
    run_name: Input[EntityName] | None = None
    """The experiment run that the job belongs to."""


class MlflowConfig(Shape):
    """The managed MLflow that a serverless job reports to."""

    mlflow_resource_arn: Input[MlflowResourceArn]
    """ARN of the MLflow app or tracking server."""
    mlflow_experiment_name: Input[MlflowName] | None = None
    """The MLflow experiment."""
    mlflow_run_name: Input[MlflowName] | None = None
    """The MLflow run."""


class TensorBoardOutputConfig(Shape):
    """Where TensorBoard's data is kept."""

    local_path: Input[DirectoryPath] | None = None
    """Directory in the container. Default `/opt/ml/output/tensorboard`."""
    s3_output_path: Input[S3Uri]
    """Prefix that the directory is copied to."""
