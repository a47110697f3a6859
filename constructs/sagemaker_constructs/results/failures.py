"""Classifies why a job failed, and advises what to do.

Input: AWS's FailureReason. Output: a `Failure`. The first row of the table whose expression matches decides; a reason
that no row matches is `unknown`, and is shown as it is. A new class is a new row.

AWS's own words stand at the beginning: a prefix (`AlgorithmError: `, `ClientError: `, `CapacityError: `,
`InternalServerError: `), and after `ClientError: ` what SageMaker was doing. What follows `AlgorithmError: `, and what
a built-in algorithm says of its data after `ClientError: `, is the script's output or the user's data. So expressions
are matched from the beginning, and no word of a script decides about the class.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sagemaker_constructs.aws.errors import DENY_ADVICE, QUOTA_ADVICE


@dataclass(frozen=True, slots=True)
class Failure:
    """A row of the table."""

    kind: str
    """Its class: who has to act. Several rows may have the same."""
    expression: str
    """Matched from the beginning of the FailureReason, case ignored."""
    advice: str
    source: str
    """Where the wording was seen."""
    fallback_helps: bool = False
    """Whether a run on other machines may succeed at once."""


_SDK = "aws/sagemaker-python-sdk issue "
_EXAMPLES = "aws/amazon-sagemaker-examples issue "
_INFERRED = "inferred from the error code of the service that is asked"


def _sagemaker(words: str) -> str:
    """SageMaker's own words: after the prefix ClientError, or without one."""
    return rf"(?:ClientError: ?)?(?:{words})"


def _moving(words: str) -> str:
    """SageMaker's words about moving data between S3 and the job."""
    return _sagemaker(rf"(?:data download|artifact upload|model upload|checkpoint \w+) failed:.*(?:{words})")


def _refusing(words: str) -> str:
    """SageMaker's words about a call that the role's permissions do not allow."""
    begins = r"access ?denied|user: arn:\S+ is not authorized|KMS\.\w*Denied|the (?:execution )?role \S+ does not"
    agent = rf"TrainingHostAgent \w+ failed:.*(?:{words})"
    return f"{_moving(words)}|{_sagemaker(agent)}|{_sagemaker(rf'(?=.*(?:{words}))(?:{begins})')}"


_REFUSED = (
    r"AccessDenied|access denied|not authorized|does not have|KMS\.\w*Denied|\(403\)|\b403 Forbidden|"
    r"status code:? 403|: ?Forbidden\b"
)

FAILURES = (
    Failure(
        "capacity",
        r"CapacityError\b|"
        + _sagemaker(r"unable to provision requested ML compute capacity|insufficient ?(?:instance ?)?capacity"),
        "AWS has no machines of this type now. Try later, or declare others: fallbacks=… of the result, or "
        "instance_preferences in the spec's resource_config.",
        "DIAGNijmegen/rse-grand-challenge issue 2631; the SDK's own tests",
        fallback_helps=True,
    ),
    Failure(
        "capacity",
        _sagemaker(r"insufficient ?free ?(?:ip )?addresses|(?:there are )?(?:not enough|no) free (?:ip )?addresses"),
        "The subnets lack free addresses: a machine needs two. Use larger subnets, or others.",
        "EC2 error code InsufficientFreeAddressesInSubnet",
        fallback_helps=True,
    ),
    *(
        Failure(
            "quota",
            _sagemaker(rf"(?:ResourceLimitExceeded\b|the (?:account-level )?service (?:limit|quota)).*(?:{row.said})"),
            row.do,
            row.source,
        )
        for row in QUOTA_ADVICE
    ),
    Failure(
        "image",
        _sagemaker(
            r"(?:cannot|failed to|unable to|could not) pull (?:the )?(?:[a-z]+ )?(?:container|image)|CannotPull|"
            r"pull access denied|cannot find (?:the requested image|repository)|access denied for repository|"
            r"(?:API error \(404\): )?manifest (?:for \S+ not found|unknown)|"
            r"(?:the )?(?:requested )?image does not exist|image ['\"]?[\w./-]+[:@]\w\S* .{0,9}?not found"
        ),
        "Check that the image and its tag exist in this Region, that the role may pull it (ecr:BatchGetImage, "
        "ecr:GetDownloadUrlForLayer), and that the volume has room for it.",
        f"{_SDK}57 and 1968; {_EXAMPLES}1476, 2333 and 2534; aws/sagemaker-spark-container issue 158; Docker's words",
    ),
    Failure(
        "image",
        r"(?:AlgorithmError: ?|ClientError: ?)?(?:CannotStartContainer|OCI runtime|exec: \"train\": executable|"
        r"standard_init_linux|exec /\S+: exec format error)",
        "The image has no executable to start: add one named `train` or set container_entrypoint, built for the "
        "processor of the machines.",
        _EXAMPLES + "739; Docker's words",
    ),
    Failure(
        "data",
        _moving(r"route to an? S3 VPC endpoint|allow outbound traffic to S3"),
        "The job's subnets do not reach S3. Use a TrainingNetwork, or add a gateway endpoint for S3 to your VPC, with "
        "routes in these subnets, and allow the security groups' outbound traffic to it.",
        "AWS's answer to a data download in a VPC without a way to S3, in several books and questions",
    ),
    Failure("permission", _refusing("explicit deny"), DENY_ADVICE, "IAM User Guide, access denied messages"),
    Failure(
        "permission",
        _sagemaker(
            r"(?:TrainingHostAgent \w+ failed:.*)?(?:SageMaker (?:was|is) )?(?:unable to|cannot|could not) "
            r"(?:perform: sts:)?assume ?(?:the )?role|TrainingHostAgent \w+ failed:.*sts:AssumeRole"
        )
        + f"|{_moving('assume ?(?:the )?role')}",
        "SageMaker cannot assume the execution role: a role of exactly this ARN must exist, path included, and its "
        "trust policy must let sagemaker.amazonaws.com assume it, as that of a TrainingRole does.",
        f"{_SDK}35 and 43; astronomer/docs issue 1695",
    ),
    Failure(
        "permission",
        _refusing(_REFUSED),
        "The execution role lacks this permission, or a bucket or key policy denies it. TrainingRole derives what the "
        "spec needs; grant what the spec does not mention.",
        _EXAMPLES + "4384",
    ),
    Failure(
        "data",
        _moving(r"no space left|(?:insufficient|not enough|out of) disk|disk (?:is )?full")
        + f"|{_sagemaker('no space left|insufficient disk|not enough disk')}",
        "Raise volume_size_in_gb: the volume must hold the image, the data of the channels in File mode, the "
        "checkpoints and the model. FastFile mode streams the data instead.",
        f"{_SDK}128",
    ),
    Failure(
        "data",
        _moving(r"illegal (?:\w+ )?sub-?sequence"),
        "SageMaker does not download a key that contains //: copy the objects to keys with single slashes, and correct "
        "the s3_uri of the channel.",
        "aws-samples/generative-ai-on-amazon-sagemaker issue 242",
    ),
    Failure(
        "data",
        _sagemaker(
            r"data download failed|no (?:s3 )?objects? (?:was |were )?found|NoSuchKey|NoSuchBucket|ManifestFile"
        ),
        "Check the channels: each s3_uri must hold objects, in this Region, in the form of its s3_data_type.",
        _EXAMPLES + "4384",
    ),
    Failure(
        "data",
        _sagemaker(r"(?:artifact upload|model upload|checkpoint \w+) failed"),
        "Check the output location and that of the checkpoints: their buckets must exist, in this Region, and accept "
        "what the role writes.",
        _INFERRED,
    ),
    Failure(
        "algorithm",
        _sagemaker("please use an instance type with more memory|out of memory")
        + r"|AlgorithmError\b.*(?:out ?of ?memory|\bOOM\b|exit code:? ?'?(?:-9|137)\b)",
        "The container ran out of memory: use a larger instance type, or smaller batches.",
        "exit code of a process that the kernel killed (128 + SIGKILL)",
    ),
    Failure(
        "algorithm",
        r"AlgorithmError\b.*no space left on device",
        "The script filled the volume: raise volume_size_in_gb, or write less.",
        "errno ENOSPC, as every language words it",
    ),
    Failure(
        "internal",
        r"Internal(?:Server|Service)?(?:Error|Failure)\b|we encountered an internal error",
        "An internal error of AWS. Run `up` again; with retry_strategy in the spec SageMaker retries by itself.",
        "API reference, RetryStrategy",
    ),
    Failure(
        "algorithm",
        r"AlgorithmError|ExecuteUserScriptError|(?!ClientError).*(?:exit code|traceback|exception)",
        "The container ended with an error: see its last lines, below and in the log.",
        _EXAMPLES + "372; aws/sagemaker-training-toolkit",
    ),
    Failure(
        "algorithm",
        r"ClientError",
        "AWS or the algorithm rejected what the job was given: see AWS's words, or the last lines of the log for the "
        "data or hyperparameter.",
        "SageMaker, and AWS's built-in algorithms, which report the caller's mistakes so",
    ),
)
"""From the particular to the general: a download without permission stands before a download that failed."""

UNKNOWN = Failure("unknown", "", "Check the log and the job's page in the console.", "")


def failure_of(reason: str) -> Failure:
    """The first row that matches a FailureReason; `UNKNOWN` where none does."""
    said = reason.lstrip()
    return next((row for row in FAILURES if re.match(row.expression, said, re.IGNORECASE | re.DOTALL)), UNKNOWN)
