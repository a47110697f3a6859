"""Defines the input channels: training data from S3, a file system or a dataset."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, TypeAlias, TypedDict, Unpack

from sagemaker_constructs.api.constraints import Items, Text, Whole
from sagemaker_constructs.api.deferred import Input
from sagemaker_constructs.api.names import DirectoryPath, InstanceGroupName, S3Uri, TrainingInputMode
from sagemaker_constructs.api.shape import Shape
from sagemaker_constructs.api.uris import HasBucket, HasId, channel_uri, file_system_id, mounted_path

ChannelName: TypeAlias = Annotated[str, Text(1, 64, r"[A-Za-z0-9\.\-_]+")]
ContentType: TypeAlias = Annotated[str, Text(0, 256, r".*")]
AttributeName: TypeAlias = Annotated[str, Text(1, 256, r".+")]
HubContentArn: TypeAlias = Annotated[str, Text(0, 255, r".*")]
FileSystemId: TypeAlias = Annotated[str, Text(11, 21, r"(fs-[0-9a-f]{8,})")]
DatasetArn: TypeAlias = Annotated[
    str,
    Text(
        0,
        2048,
        r"(arn:[a-z0-9-\.]{1,63}:sagemaker:\w+(?:-\w+)+:(\d{12}|aws):hub-content\/)"
        r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}\/DataSet\/[a-zA-Z0-9](-*[a-zA-Z0-9]){0,63}(\/\d{1,4}.\d{1,4}.\d{1,4})?",
    ),
]


S3DataType: TypeAlias = Literal["ManifestFile", "S3Prefix", "AugmentedManifestFile", "Converse"]
S3DataDistributionType: TypeAlias = Literal["FullyReplicated", "ShardedByS3Key"]
FileSystemAccessMode: TypeAlias = Literal["rw", "ro"]
CompressionType: TypeAlias = Literal["None", "Gzip"]
RecordWrapperType: TypeAlias = Literal["None", "RecordIO"]


class ModelAccessConfig(Shape):
    """Acceptance of a model's licence agreement."""

    accept_eula: Input[bool]
    """True accepts the end-user licence agreement, which a model that has one requires."""


class HubAccessConfig(Shape):
    """A model reference in a private hub."""

    hub_content_arn: Input[HubContentArn]
    """ARN of the model reference in the private hub."""


class S3DataSource(Shape):
    """Training data in S3."""

    s3_data_type: Input[S3DataType]
    """What the URI refers to: a prefix of objects, a manifest that lists them, an augmented manifest with labels,
    or conversations in the Converse format."""
    s3_uri: Input[S3Uri]
    """URI of the prefix or the manifest, in the job's Region."""
    s3_data_distribution_type: Input[S3DataDistributionType] | None = None
    """Each instance gets all objects, or a share of them (`ShardedByS3Key`). Default `FullyReplicated`."""
    attribute_names: Input[Annotated[Sequence[Input[AttributeName]], Items(0, 16)]] | None = None
    """Attributes of an augmented manifest to pass on, at most 16."""
    instance_group_names: Input[Annotated[Sequence[Input[InstanceGroupName]], Items(0, 5)]] | None = None
    """Instance groups that get the data, at most 5. Default: all."""
    model_access_config: Input[ModelAccessConfig] | None = None
    """Acceptance of the licence agreement, where the channel contains a model."""
    hub_access_config: Input[HubAccessConfig] | None = None
    """The private hub that contains the model."""


class FileSystemDataSource(Shape):
    """Training data in Amazon EFS or FSx for Lustre. Requires `vpc_config`."""

    file_system_id: Input[FileSystemId]
    """ID of the file system, for example `fs-0123456789abcdef0`."""
    file_system_access_mode: Input[FileSystemAccessMode]
    """Read and write (`rw`), or read only (`ro`)."""
    file_system_type: Input[Literal["EFS", "FSxLustre"]]
    """Amazon EFS or FSx for Lustre."""
    directory_path: Input[DirectoryPath]
    """Directory to mount; for FSx for Lustre it begins with the mount name."""


class DatasetSource(Shape):
    """Training data in a SageMaker hub, for serverless jobs."""

    dataset_arn: Input[DatasetArn]
    """ARN of the dataset, with or without its version."""


class DataSource(Shape):
    """The source of a channel's data: exactly one of the three members."""

    s3_data_source: Input[S3DataSource] | None = None
    """Objects in S3."""
    file_system_data_source: Input[FileSystemDataSource] | None = None
    """A directory in EFS or FSx for Lustre."""
    dataset_source: Input[DatasetSource] | None = None
    """A dataset in a SageMaker hub."""


class ShuffleConfig(Shape):
    """Shuffling of a channel's objects; in Pipe mode again for each epoch."""

    seed: Input[Annotated[int, Whole()]]
    """Seed of the random order; the same seed gives the same order."""


class ChannelOptions(TypedDict, total=False):
    """Optional members of every channel."""

    content_type: Input[ContentType]
    compression_type: Input[CompressionType]
    record_wrapper_type: Input[RecordWrapperType]
    input_mode: Input[TrainingInputMode]
    shuffle_config: Input[ShuffleConfig]


class Channel(Shape):
    """A named input of the algorithm, available in the container at `/opt/ml/input/data/<name>`."""

    channel_name: Input[ChannelName]
    """Unique in the job, for example `train`."""
    data_source: Input[DataSource]
    """Source of the data."""
    content_type: Input[ContentType] | None = None
    """MIME type, for example `text/csv`."""
    compression_type: Input[CompressionType] | None = None
    """Compression of the data. `Gzip` requires Pipe mode. Default `None`."""
    record_wrapper_type: Input[RecordWrapperType] | None = None
    """`RecordIO` wraps each object in a record, for algorithms that require it, in Pipe mode. Default `None`."""
    input_mode: Input[TrainingInputMode] | None = None
    """Input mode of this channel. Default: the algorithm's `training_input_mode`."""
    shuffle_config: Input[ShuffleConfig] | None = None
    """Shuffling of the data. Default: none."""

    @classmethod
    def s3(
        cls,
        channel_name: Input[str],
        location: Input[str] | HasBucket,
        *,
        s3_data_type: S3DataType = "S3Prefix",
        s3_data_distribution_type: S3DataDistributionType | None = None,
        attribute_names: Sequence[Input[str]] | None = None,
        instance_group_names: Sequence[Input[str]] | None = None,
        **options: Unpack[ChannelOptions],
    ) -> "Channel":
        """A channel from S3: `Channel.s3("train", s3_uri(bucket, "train"), content_type="text/csv")`.

        Args:
            channel_name: unique in the job.
            location: an S3 URI (`s3://bucket/prefix`), or a bucket resource for the whole bucket.
            s3_data_type: what the location refers to.
            s3_data_distribution_type: all objects for each instance, or a share of them.
            attribute_names: attributes of an augmented manifest.
            instance_group_names: the instance groups that get the data.
            options: further members of the channel.

        Raises:
            InvalidRequest: the location is no S3 URI. For an Output, once its value is known.
        """
        source = _present(
            s3_data_type=s3_data_type,
            s3_uri=channel_uri(channel_name, location),
            s3_data_distribution_type=s3_data_distribution_type,
            attribute_names=attribute_names,
            instance_group_names=instance_group_names,
        )
        data_source = DataSource(s3_data_source=S3DataSource(**source))
        return cls(channel_name=channel_name, data_source=data_source, **options)

    @classmethod
    def efs(
        cls,
        channel_name: Input[str],
        file_system: Input[str] | HasId,
        directory_path: Input[str] = "/",
        *,
        access_mode: FileSystemAccessMode = "ro",
        **options: Unpack[ChannelOptions],
    ) -> "Channel":
        """A channel from Amazon EFS, given as a resource or by its id. Requires `vpc_config`."""
        source = FileSystemDataSource(
            file_system_id=file_system_id(file_system),
            file_system_access_mode=access_mode,
            file_system_type="EFS",
            directory_path=directory_path,
        )
        return cls(channel_name=channel_name, data_source=DataSource(file_system_data_source=source), **options)

    @classmethod
    def fsx(
        cls,
        channel_name: Input[str],
        file_system: Input[str] | HasId,
        directory_path: Input[str] = "/",
        *,
        access_mode: FileSystemAccessMode = "ro",
        **options: Unpack[ChannelOptions],
    ) -> "Channel":
        """A channel from FSx for Lustre. Requires `vpc_config`.

        Args:
            channel_name: unique in the job.
            file_system: the resource or the id.
            directory_path: for a resource, a directory in it; for an id, the full path, which begins with the mount
                name.
            access_mode: read only, or read and write.
            options: further members of the channel.
        """
        source = FileSystemDataSource(
            file_system_id=file_system_id(file_system),
            file_system_access_mode=access_mode,
            file_system_type="FSxLustre",
            directory_path=mounted_path(file_system, directory_path),
        )
        return cls(channel_name=channel_name, data_source=DataSource(file_system_data_source=source), **options)

    @classmethod
    def dataset(cls, channel_name: Input[str], dataset_arn: Input[str], **options: Unpack[ChannelOptions]) -> "Channel":
        """A channel from a dataset in a SageMaker hub, for serverless jobs."""
        data_source = DataSource(dataset_source=DatasetSource(dataset_arn=dataset_arn))
        return cls(channel_name=channel_name, data_source=data_source, **options)


def _present(**members: Any) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}
