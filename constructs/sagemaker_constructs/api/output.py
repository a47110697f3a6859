"""Where the job puts what it makes: the model and its checkpoints."""

from typing import Literal

from sagemaker_constructs.api.deferred import Input
from sagemaker_constructs.api.names import DirectoryPath, KmsKeyId, S3Uri
from sagemaker_constructs.api.shape import Shape


class OutputDataConfig(Shape):
    """Where the model goes: `<s3_output_path>/<job name>/output/model.tar.gz`, or a folder when not compressed."""

    kms_key_id: Input[KmsKeyId] | None = None
    """Key for the model at rest: an id, a key ARN, an alias or an alias ARN. The bucket's own default when absent."""
    s3_output_path: Input[S3Uri]
    """Prefix under which SageMaker makes a folder named after the job."""
    compression_type: Input[Literal["GZIP", "NONE"]] | None = None
    """`GZIP` (default) packs the model, `NONE` leaves the files as they are, which suits large models."""


class CheckpointConfig(Shape):
    """Where intermediate states are kept, so that an interrupted job goes on instead of starting over."""

    s3_uri: Input[S3Uri]
    """Prefix that is kept in step with the local directory while the job runs."""
    local_path: Input[DirectoryPath] | None = None
    """Directory in the container. Default `/opt/ml/checkpoints/`."""
