"""Defines the output locations: the model and its checkpoints."""

from typing import Literal

from sagemaker_constructs.api.deferred import Input
from sagemaker_constructs.api.names import DirectoryPath, KmsKeyId, S3Uri
from sagemaker_constructs.api.shape import Shape


class OutputDataConfig(Shape):
    """Location of the model: `<s3_output_path>/<job name>/output/model.tar.gz`, or a folder if not compressed."""

    kms_key_id: Input[KmsKeyId] | None = None
    """KMS key that encrypts the model: a key ID, a key ARN, an alias or an alias ARN. Default: the bucket's."""
    s3_output_path: Input[S3Uri]
    """S3 prefix in which SageMaker creates a folder named after the job."""
    compression_type: Input[Literal["GZIP", "NONE"]] | None = None
    """`GZIP` archives the model; `NONE` uploads the files unchanged, which suits large models. Default `GZIP`."""


class CheckpointConfig(Shape):
    """Location of checkpoints, from which an interrupted job resumes."""

    s3_uri: Input[S3Uri]
    """S3 prefix that is synchronized with the local directory while the job runs."""
    local_path: Input[DirectoryPath] | None = None
    """Directory in the container. Default `/opt/ml/checkpoints/`."""
