"""Classifies why a job failed, and advises what to do.

Input: AWS's FailureReason. Output: a `Failure`. The first row of the table whose expression is found decides; a reason
that no row matches is `unknown`, and is shown as it is. A new class is a new row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Failure:
    """A row of the table."""

    kind: str
    """Its class: who has to act. Several rows may have the same."""
    expression: str
    """Found anywhere in the FailureReason, case ignored."""
    advice: str
    source: str
    """Where the wording was seen."""
    fallback_helps: bool = False
    """Whether a run on other machines may succeed at once."""


_SDK = "aws/sagemaker-python-sdk issue "
_EXAMPLES = "aws/amazon-sagemaker-examples issue "
_INFERRED = "inferred from the error code of the service that is asked"

FAILURES = (
    Failure(
        "capacity",
        r"\bCapacityError\b|unable to provision requested ML compute capacity|insufficient ?(instance ?)?capacity",
        "AWS has no machines of this type now. Try later, or declare others: fallbacks=… of the result, or "
        "instance_preferences in the spec's resource_config.",
        "DIAGNijmegen/rse-grand-challenge issue 2631; the SDK's own tests",
        fallback_helps=True,
    ),
    Failure(
        "capacity",
        r"insufficient ?free ?(ip )?addresses|(not enough|no) free (ip )?addresses",
        "The subnets lack free addresses: a machine needs two. Use larger subnets, or others.",
        "EC2 error code InsufficientFreeAddressesInSubnet",
        fallback_helps=True,
    ),
    Failure(
        "quota",
        r"ResourceLimitExceeded|service limit|service quota",
        "Ask for a higher quota in Service Quotas (Amazon SageMaker), or use another instance type or count.",
        _EXAMPLES + "263",
    ),
    Failure(
        "image",
        r"(cannot|failed to|unable to|could not) pull (the )?([a-z]+ )?(container|image)|CannotPull|pull access denied|"
        r"cannot find (the requested image|repository)|access denied for repository|manifest for \S+ not found|"
        r"manifest unknown|^ClientError:.{0,40}\bimage does not exist|\bimage ['\"]?[\w./-]+[:@]\w\S* .{0,9}?not found",
        "Check that the image and its tag exist in this Region, that the role may pull it (ecr:BatchGetImage, "
        "ecr:GetDownloadUrlForLayer), and that the volume has room for it.",
        f"{_SDK}57 and 1968; {_EXAMPLES}1476, 2333 and 2534; aws/sagemaker-spark-container issue 158; Docker's words",
    ),
    Failure(
        "image",
        r"CannotStartContainer|executable file not found|exec format error",
        "The image has no executable to start: add one named `train` or set container_entrypoint, built for the "
        "processor of the machines.",
        _EXAMPLES + "739",
    ),
    Failure(
        "data",
        r"route to an? S3 VPC endpoint|allow outbound traffic to S3",
        "The job's subnets do not reach S3. Use a TrainingNetwork, or add a gateway endpoint for S3 to your VPC, with "
        "routes in these subnets, and allow the security groups' outbound traffic to it.",
        "AWS's answer to a data download in a VPC without a way to S3, in several books and questions",
    ),
    Failure(
        "permission",
        r"AccessDenied|access denied|not authorized|forbidden|\b403\b|assume ?role|KMS\.\w*Denied",
        "The execution role lacks this permission, or a bucket or key policy denies it. TrainingRole derives what the "
        "spec needs; grant what the spec does not mention.",
        _EXAMPLES + "4384",
    ),
    Failure(
        "data",
        r"data download failed|no (s3 )?objects? (was |were )?found|NoSuchKey|NoSuchBucket|ManifestFile",
        "Check the channels: each s3_uri must hold objects, in this Region, in the form of its s3_data_type.",
        _EXAMPLES + "4384",
    ),
    Failure(
        "data",
        r"artifact upload failed|no space left|insufficient disk|disk (is )?full",
        "Raise volume_size_in_gb for the data and the model, and check the output location.",
        _INFERRED,
    ),
    Failure(
        "algorithm",
        r"more memory|out ?of ?memory|\bOOM\b|exit code:? ?'?(-9|137)\b",
        "The container ran out of memory: use a larger instance type, or smaller batches.",
        "exit code of a process that the kernel killed (128 + SIGKILL)",
    ),
    Failure(
        "internal",
        r"InternalServerError|InternalServiceError|we encountered an internal error",
        "An internal error of AWS. Run `up` again; with retry_strategy in the spec SageMaker retries by itself.",
        "API reference, RetryStrategy",
    ),
    Failure(
        "algorithm",
        r"AlgorithmError|ExecuteUserScriptError|exit code|traceback|exception",
        "The container ended with an error: see its last lines, below and in the log.",
        _EXAMPLES + "372; aws/sagemaker-training-toolkit",
    ),
    Failure(
        "algorithm",
        r"^ClientError",
        "AWS or the algorithm rejected what the job was given: see AWS's words, or the last lines of the log for the "
        "data or hyperparameter.",
        "SageMaker, and AWS's built-in algorithms, which report the caller's mistakes so",
    ),
)
"""From the particular to the general: a download without permission stands before a download that failed."""

UNKNOWN = Failure("unknown", "", "Check the log and the job's page in the console.", "")


def failure_of(reason: str) -> Failure:
    """The first row that matches a FailureReason; `UNKNOWN` where none does."""
    return next((row for row in FAILURES if re.search(row.expression, reason, re.IGNORECASE)), UNKNOWN)
