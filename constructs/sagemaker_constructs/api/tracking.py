"""Defines experiment tracking: SageMaker experiments, MLflow, TensorBoard."""

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
    """Name of an existing experiment."""
    trial_name: Input[EntityName] | None = None
    """Name of an existing trial. Default: a new trial."""
    trial_component_display_name: Input[EntityName] | None = None
    """Display name of the trial component. Default: its name."""
    run_name: Input[EntityName] | None = None
    """Name of the experiment run that the job belongs to."""


class MlflowConfig(Shape):
    """Managed MLflow for a serverless job."""

    mlflow_resource_arn: Input[MlflowResourceArn]
    """ARN of the MLflow app or tracking server."""
    mlflow_experiment_name: Input[MlflowName] | None = None
    """Name of the MLflow experiment."""
    mlflow_run_name: Input[MlflowName] | None = None
    """Name of the MLflow run."""


class TensorBoardOutputConfig(Shape):
    """Location of TensorBoard's data."""

    local_path: Input[DirectoryPath] | None = None
    """Directory in the container. Default `/opt/ml/output/tensorboard`."""
    s3_output_path: Input[S3Uri]
    """S3 prefix that the directory is uploaded to."""
