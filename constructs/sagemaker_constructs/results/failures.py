"""Why jobs fail, and what to do about it.

Input: AWS's FailureReason. Output: a `Failure`. The first row of the table whose expression is found decides; a
reason that no row knows is `unknown`, and is shown as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class FailureClass(StrEnum):
    """Who has to do something about a failure."""

    ALGORITHM = "algorithm"
    CAPACITY = "capacity"
    QUOTA = "quota"
    PERMISSION = "permission"
    DATA = "data"
    IMAGE = "image"
    INTERNAL = "internal"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Failure:
    """A row of the table."""

    kind: FailureClass
    expression: str
    """Found anywhere in the FailureReason, case ignored."""
    advice: str
    source: str
    """Where the wording was seen."""


_SDK = "aws/sagemaker-python-sdk issue "
_EXAMPLES = "aws/amazon-sagemaker-examples issue "
_INFERRED = "inferred from the error code of the service that is asked"

FAILURES = (
    Failure(
        FailureClass.CAPACITY,
        r"\bCapacityError\b|unable to provision requested ML compute capacity|insufficient ?(instance ?)?capacity",
        "AWS has no machines of this type now. Try later, or name others: fallbacks=… here, or instance_preferences "
        "in the spec's resource_config.",
        "DIAGNijmegen/rse-grand-challenge issue 2631; the SDK's own tests",
    ),
    Failure(
        FailureClass.CAPACITY,
        r"insufficient ?free ?(ip )?addresses|(not enough|no) free (ip )?addresses",
        "The subnets have no room: two addresses for each machine. Use larger subnets, or others.",
        "EC2 error code InsufficientFreeAddressesInSubnet",
    ),
    Failure(
        FailureClass.QUOTA,
        r"ResourceLimitExceeded|service limit|service quota",
        "Ask for a higher quota in Service Quotas (Amazon SageMaker), or use another instance type or count.",
        _EXAMPLES + "263",
    ),
    Failure(
        FailureClass.IMAGE,
        r"(cannot|failed to|unable to|could not) pull (the )?([a-z]+ )?(container|image)|CannotPull|pull access denied|"
        r"cannot find (the requested image|repository)|access denied for repository|manifest for \S+ not found|"
        r"manifest unknown|^ClientError:.{0,40}\bimage does not exist|\bimage ['\"]?[\w./-]+[:@]\w\S* .{0,9}?not found",
        "Check that the image and its tag exist in this Region, that the role may pull it (ecr:BatchGetImage, "
        "ecr:GetDownloadUrlForLayer), and that the volume has room for it.",
        f"{_SDK}57 and 1968; {_EXAMPLES}1476, 2333 and 2534; aws/sagemaker-spark-container issue 158; Docker's words",
    ),
    Failure(
        FailureClass.IMAGE,
        r"CannotStartContainer|executable file not found|exec format error",
        "The image has nothing to start: give it an executable named `train` or set container_entrypoint, built for "
        "the processor of the machines.",
        _EXAMPLES + "739",
    ),
    Failure(
        FailureClass.DATA,
        r"route to an? S3 VPC endpoint|allow outbound traffic to S3",
        "The job's subnets do not reach S3. A TrainingNetwork does: give it to the job, or give your VPC a gateway "
        "endpoint for S3, with routes in these subnets, and let the security groups out to it.",
        "AWS's answer to a data download in a VPC without a way to S3, in several books and questions",
    ),
    Failure(
        FailureClass.PERMISSION,
        r"AccessDenied|access denied|not authorized|forbidden|\b403\b|assume ?role|KMS\.\w*Denied",
        "The execution role lacks this permission, or a bucket or key policy refuses it. TrainingRole derives what "
        "the spec needs; name what lies outside of it.",
        _EXAMPLES + "4384",
    ),
    Failure(
        FailureClass.DATA,
        r"data download failed|no (s3 )?objects? (was |were )?found|NoSuchKey|NoSuchBucket|ManifestFile",
        "Look at the channels: does something lie under each s3_uri, in this Region, in the form that its "
        "s3_data_type says?",
        _EXAMPLES + "4384",
    ),
    Failure(
        FailureClass.DATA,
        r"artifact upload failed|no space left|insufficient disk|disk (is )?full",
        "Raise volume_size_in_gb for the data and the model, and check the output location.",
        _INFERRED,
    ),
    Failure(
        FailureClass.ALGORITHM,
        r"more memory|out ?of ?memory|\bOOM\b|exit code:? ?'?(-9|137)\b",
        "The container ran out of memory: use a larger instance type, or smaller batches.",
        "exit code of a process that the kernel killed (128 + SIGKILL)",
    ),
    Failure(
        FailureClass.INTERNAL,
        r"InternalServerError|InternalServiceError|we encountered an internal error",
        "AWS broke it. Run `up` again; retry_strategy in the spec makes SageMaker try again by itself.",
        "API reference, RetryStrategy",
    ),
    Failure(
        FailureClass.ALGORITHM,
        r"AlgorithmError|ExecuteUserScriptError|exit code|traceback|exception",
        "The container ended with an error: its last lines, below and in the log, say which.",
        _EXAMPLES + "372; aws/sagemaker-training-toolkit",
    ),
    Failure(
        FailureClass.ALGORITHM,
        r"^ClientError",
        "What the job was given was refused, by AWS, whose words say what, or by the algorithm: then its last lines "
        "say which data or hyperparameter.",
        "SageMaker, and AWS's built-in algorithms, which report the caller's mistakes so",
    ),
)
"""From the particular to the general: the permission that a download lacked is before the download that failed."""

UNKNOWN = Failure(FailureClass.UNKNOWN, "", "Look at the log and at the job's page in the console.", "")


def failure_of(reason: str) -> Failure:
    """The first row that fits a FailureReason; `UNKNOWN` where none does."""
    return next((row for row in FAILURES if re.search(row.expression, reason, re.IGNORECASE)), UNKNOWN)
