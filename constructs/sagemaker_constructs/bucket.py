"""Creates an S3 bucket for training data, checkpoints and models: `TrainingBucket`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pulumi_aws as aws
from pulumi import ComponentResource, Output, ResourceOptions

from sagemaker_constructs.program.physical_names import BUCKET, naming
from sagemaker_constructs.program.resource_arns import arn_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sagemaker_constructs.api.deferred import Input
    from sagemaker_constructs.program.job_properties import HasArn

_UNFINISHED_UPLOAD_DAYS = 7


class TrainingBucket(ComponentResource):
    """A bucket that is encrypted and versioned, denies requests without TLS, and is never public.

    Args:
        name: the resource's name. The bucket's physical name is this name in lower case with a random suffix, shortened
            and with hyphens in place of characters that S3 does not accept.
        bucket: the bucket's physical name. Default: made of `name`.
        key: KMS key that encrypts the objects: a `TrainingKey`, an `aws.kms.Key`, or an ARN. Default: S3's own key,
            free of charge. `TrainingRole(buckets=[...])` allows a role to use the key.
        checkpoints: prefix of the checkpoints. Default: `checkpoints/`.
        checkpoint_expiration_in_days: delete checkpoints after this number of days; None keeps them. Default: 30.
        noncurrent_expiration_in_days: delete overwritten and deleted objects after this number of days, until which
            they can be restored; None keeps them. Default: 90.
        force_destroy: whether destroying the bucket deletes its objects. Default: false, so that a bucket with objects
            cannot be destroyed.
        tags: tags of the bucket.
        opts: the usual resource options.
    """

    arn: Output[str]
    """The bucket's ARN."""
    name: Output[str]
    """The bucket's physical name, available to other resources once its settings apply, except the lifecycle rules."""
    key: Output[str | None]
    """The KMS key that encrypts the objects, as it was passed; None for S3's own key."""
    bucket: aws.s3.Bucket

    def __init__(
        self,
        name: str,
        *,
        bucket: Input[str] | None = None,
        key: HasArn | Input[str] | None = None,
        checkpoints: str = "checkpoints/",
        checkpoint_expiration_in_days: int | None = 30,
        noncurrent_expiration_in_days: int | None = 90,
        force_destroy: bool = False,
        tags: Mapping[str, Input[str]] | None = None,
        opts: ResourceOptions | None = None,
    ) -> None:
        super().__init__("sagemaker-constructs:index:TrainingBucket", name, {}, opts)
        child = ResourceOptions(parent=self)
        self.key = Output.from_input(None if key is None else arn_of(key))
        named: dict[str, Any] = naming(name, BUCKET) if bucket is None else {"bucket": bucket}
        self.bucket = aws.s3.Bucket(name, force_destroy=force_destroy, tags=tags, opts=child, **named)
        rules = _expirations(checkpoints, checkpoint_expiration_in_days, noncurrent_expiration_in_days)
        closed = aws.s3.BucketPublicAccessBlock(
            name,
            bucket=self.bucket.id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=child,
        )
        versioned = aws.s3.BucketVersioning(
            name, bucket=self.bucket.id, versioning_configuration={"status": "Enabled"}, opts=child
        )
        settings = [
            closed,
            versioned,
            aws.s3.BucketOwnershipControls(
                name, bucket=self.bucket.id, rule={"object_ownership": "BucketOwnerEnforced"}, opts=child
            ),
            aws.s3.BucketServerSideEncryptionConfiguration(
                name, bucket=self.bucket.id, rules=[_encryption(None if key is None else self.key)], opts=child
            ),
            # S3 accepts one change of a bucket's access at a time.
            aws.s3.BucketPolicy(
                name,
                bucket=self.bucket.id,
                policy=self.bucket.arn.apply(tls_only),
                opts=ResourceOptions.merge(child, ResourceOptions(depends_on=[closed])),
            ),
        ]
        aws.s3.BucketLifecycleConfiguration(
            name,
            bucket=self.bucket.id,
            rules=rules,
            opts=ResourceOptions.merge(child, ResourceOptions(depends_on=[versioned])),
        )
        self.arn = self.bucket.arn
        # By URNs, which a preview knows; it does not know ids. Mocks of a unit test may know no name.
        known = Output.all(self.bucket.bucket, *(each.urn for each in settings))
        self.name = known.apply(lambda each: each[0] or name)
        self.register_outputs({"arn": self.arn, "name": self.name})

    def uri(self, path: str = "") -> Output[str]:
        """The S3 address of a path: `bucket.uri("data/train/")` is `s3://<bucket>/data/train/`."""
        return Output.concat("s3://", self.name, "/", path)


def tls_only(bucket: str) -> str:
    """A bucket policy that denies requests without TLS (S3 User Guide, "security-best-practices")."""
    statement = {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [bucket, f"{bucket}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, sort_keys=True)


def _encryption(key: Output[str | None] | None) -> Any:
    """Encryption with S3's own key, or with the given key and a bucket key, which reduces requests to KMS."""
    if key is None:
        return {"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}
    return {
        "apply_server_side_encryption_by_default": {
            "sse_algorithm": "aws:kms",
            "kms_master_key_id": key,
        },
        "bucket_key_enabled": True,
    }


def _expirations(checkpoints: str, checkpoint_days: int | None, noncurrent_days: int | None) -> list[Any]:
    rules: list[Any] = [
        {
            "id": "unfinished-uploads",
            "status": "Enabled",
            "filter": {"prefix": ""},
            "abort_incomplete_multipart_upload": {"days_after_initiation": _UNFINISHED_UPLOAD_DAYS},
        }
    ]
    if checkpoint_days is not None:
        rules.append(
            {
                "id": "checkpoints",
                "status": "Enabled",
                "filter": {"prefix": checkpoints},
                "expiration": {"days": checkpoint_days},
            }
        )
    if noncurrent_days is not None:
        rules.append(
            {
                "id": "noncurrent-versions",
                "status": "Enabled",
                "filter": {"prefix": ""},
                "noncurrent_version_expiration": {"noncurrent_days": noncurrent_days},
            }
        )
    return rules
