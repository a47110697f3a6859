"""Which algorithm trains the model: an image or a named algorithm, how it is started and what it reports."""

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
    """A number that SageMaker reads from the job's log and publishes as a CloudWatch metric."""

    name: Input[MetricName]
    """What the metric is called."""
    regex: Input[MetricRegex]
    """Regular expression whose first group is the number, for example `loss=([0-9.]+)`."""


class TrainingRepositoryAuthConfig(Shape):
    """How SageMaker gets the credentials of a private registry."""

    training_repository_credentials_provider_arn: Input[CredentialsProviderArn]
    """Lambda function that hands the credentials out."""


class TrainingImageConfig(Shape):
    """How the training image is fetched."""

    training_repository_access_mode: Input[Literal["Platform", "Vpc"]]
    """`Platform` for Amazon ECR; `Vpc` for a private registry that is reached through the job's VPC."""
    training_repository_auth_config: Input[TrainingRepositoryAuthConfig] | None = None
    """Credentials for the private registry; only with `Vpc`."""


class AlgorithmSpecification(Shape):
    """The algorithm and the way in which it gets its data. Exactly one of image and algorithm name is given."""

    training_image: Input[Image] | None = None
    """Registry path of the image: `registry/repository[:tag]` or `registry/repository[@digest]`."""
    algorithm_name: Input[AlgorithmName] | None = None
    """An algorithm resource of this account or a subscription in AWS Marketplace, by name or ARN."""
    training_input_mode: Input[TrainingInputMode]
    """How channels without a mode of their own arrive: `File` copies, `FastFile` and `Pipe` stream from S3."""
    metric_definitions: Input[Annotated[Sequence[Input[MetricDefinition]], Items(0, 40)]] | None = None
    """Metrics to read from the log, at most 40. Built-in algorithms bring their own."""
    enable_sage_maker_metrics_time_series: Input[bool] | None = None
    """Keep metrics as time series. Off by default, except for built-in algorithms, AWS's framework images
    and jobs that define metrics."""
    container_entrypoint: Input[Annotated[Sequence[Input[ContainerText]], Items(1, 100)]] | None = None
    """Command in place of the image's own entry point; at most 100 words of 256 characters."""
    container_arguments: Input[Annotated[Sequence[Input[ContainerText]], Items(1, 100)]] | None = None
    """Arguments of the entry point; at most 100 of 256 characters. Never a place for credentials."""
    training_image_config: Input[TrainingImageConfig] | None = None
    """Needed only for an image in a private registry outside Amazon ECR."""
