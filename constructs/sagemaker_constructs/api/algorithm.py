"""Defines the algorithm: an image or a named algorithm, its entry point and its metrics."""

from collections.abc import Sequence
from typing import Annotated, Literal, TypeAlias

from sagemaker_constructs.api.constraints import Items, Text
from sagemaker_constructs.api.deferred import Input
from sagemaker_constructs.api.names import Image, TrainingInputMode
from sagemaker_constructs.api.shape import Shape

AlgorithmName: TypeAlias = Annotated[
    str,
    Text(
        1,
        170,
        r"(arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]*:[0-9]{12}:[a-z\-]*\/)?([a-zA-Z0-9]([a-zA-Z0-9-]){0,62})(?<!-)",
    ),
]
MetricName: TypeAlias = Annotated[str, Text(1, 255, r".+")]
MetricRegex: TypeAlias = Annotated[str, Text(1, 500, r".+")]
ContainerText: TypeAlias = Annotated[str, Text(0, 256, r".*")]
CredentialsProviderArn: TypeAlias = Annotated[
    str, Text(1, 2048, r"arn:[\p{Alnum}\-]+:lambda:[\p{Alnum}\-]+:[0-9]{12}:function:.*")
]


class MetricDefinition(Shape):
    """A metric that SageMaker extracts from the job's log and publishes to CloudWatch."""

    name: Input[MetricName]
    """Name of the metric."""
    regex: Input[MetricRegex]
    """Regular expression whose first group is the number, for example `loss=([0-9.]+)`."""


class TrainingRepositoryAuthConfig(Shape):
    """Credentials for a private registry."""

    training_repository_credentials_provider_arn: Input[CredentialsProviderArn]
    """ARN of the Lambda function that provides the credentials."""


class TrainingImageConfig(Shape):
    """How SageMaker pulls the training image."""

    training_repository_access_mode: Input[Literal["Platform", "Vpc"]]
    """`Platform` for Amazon ECR; `Vpc` for a private registry that is reached through the job's VPC."""
    training_repository_auth_config: Input[TrainingRepositoryAuthConfig] | None = None
    """Credentials for the private registry. Requires `Vpc`."""


class AlgorithmSpecification(Shape):
    """The algorithm and its input mode. Requires exactly one of `training_image` and `algorithm_name`."""

    training_image: Input[Image] | None = None
    """Registry path of the image: `registry/repository[:tag]` or `registry/repository[@digest]`."""
    algorithm_name: Input[AlgorithmName] | None = None
    """An algorithm resource of this account or a subscription in AWS Marketplace, by name or ARN."""
    training_input_mode: Input[TrainingInputMode]
    """Default input mode of the channels: `File` copies the data, `FastFile` and `Pipe` stream it from S3."""
    metric_definitions: Input[Annotated[Sequence[Input[MetricDefinition]], Items(0, 40)]] | None = None
    """Metrics to extract from the log, at most 40. Built-in algorithms define their own."""
    enable_sage_maker_metrics_time_series: Input[bool] | None = None
    """Store metrics as time series. Default false, except for built-in algorithms, AWS's framework images and jobs that
    define metrics."""
    container_entrypoint: Input[Annotated[Sequence[Input[ContainerText]], Items(1, 100)]] | None = None
    """Command that replaces the image's entry point; at most 100 strings of 256 characters."""
    container_arguments: Input[Annotated[Sequence[Input[ContainerText]], Items(1, 100)]] | None = None
    """Arguments of the entry point; at most 100 of 256 characters. Must not contain credentials."""
    training_image_config: Input[TrainingImageConfig] | None = None
    """Required only for an image in a private registry outside Amazon ECR."""
