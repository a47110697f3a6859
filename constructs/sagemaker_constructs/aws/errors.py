"""Describes an error of AWS in one sentence, with advice, and classifies it.

    ReconcileError            a job cannot be reconciled; the text is for the user
    ├── ServiceError          an API call failed, or AWS could not be reached
    └── JobConflictError      a name given by hand belongs to another job

Input: the operation, its subject, and AWS's error code and message. Output: one of the errors above.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi import RunError

from sagemaker_constructs.api.masking import masked

if TYPE_CHECKING:
    from collections.abc import Mapping


FORBIDDEN_ACCOUNT = "ForbiddenAccount"
"""Our own code of credentials whose account the settings do not allow."""


class ReconcileError(RunError):
    """A job cannot be reconciled. The text tells what was wrong and what to do.

    A `pulumi.RunError`: a program ends with this text instead of a traceback.
    """

    def __init_subclass__(cls) -> None:
        """Name the error as users import it: the engine prints this name before the text."""
        cls.__module__ = "sagemaker_constructs"


ReconcileError.__module__ = "sagemaker_constructs"


class JobConflictError(ReconcileError):
    """A name given by hand belongs to a job with another configuration."""


class ServiceError(ReconcileError):
    """An API call failed.

    Args:
        operation: the API operation.
        subject: what it was called for.
        code: AWS's error code; the HTTP status of an error without one, `UNREADABLE`, or the name of an exception.
        said: AWS's message, or what was received instead of an answer of AWS; credentials in it are masked.
        failed: whether the service failed, by its HTTP status, instead of refusing the call.
        retried: whether this is the answer to another attempt than the first.
    """

    def __init__(
        self, operation: str, subject: str, code: str, said: str, *, failed: bool = False, retried: bool = False
    ) -> None:
        self.code = code
        self.said = masked(said)
        self.retried = retried
        self._failed = failed
        named = f"HTTP status {code} without an error code of AWS" if code.isdecimal() else code
        text = f"{operation} for {masked(subject)}: {': '.join(filter(None, (named, self.said.rstrip('. '))))}."
        advice = _advice(code, said)
        super().__init__(f"{text} {advice}" if advice else text)

    @property
    def not_found(self) -> bool:
        """Whether the job does not exist. AWS returns a ValidationException for that, against its own model."""
        return self.code == "ResourceNotFound" or (
            self.code == "ValidationException" and self.said.startswith("Requested resource not found")
        )

    @property
    def name_taken(self) -> bool:
        """Whether a job has this name already."""
        return self.code == "ResourceInUse"

    @property
    def unanswered(self) -> bool:
        """Whether the call may have taken effect although it failed."""
        return self._failed or self.throttled or self.code.isdecimal() or self.code in _UNANSWERED

    @property
    def not_running(self) -> bool:
        """Whether the job to stop is not running any more."""
        return self.code == "ValidationException" and "is in status" in self.said

    @property
    def role_not_ready(self) -> bool:
        """Whether a new execution role, or its policy, may not have propagated in AWS yet.

        The same words may mean that the role is wrong, so only a new role is worth another attempt. A permission that
        the caller lacks is an AccessDeniedException, in similar words.
        """
        return self.code == "ValidationException" and _ROLE_NOT_READY.search(self.said) is not None

    @property
    def no_search(self) -> bool:
        """Whether Search is not available to this caller, or not with a filter by tag; the jobs are described then."""
        return self.denied or self.code == "ValidationException"

    @property
    def leads_nowhere(self) -> bool:
        """Whether the address of a bucket or image leads to nothing, perhaps because this update creates it."""
        return self.code in _LEADS_NOWHERE

    @property
    def denied(self) -> bool:
        """Whether the caller lacks the permission."""
        return self.code in _DENIED

    @property
    def throttled(self) -> bool:
        """Whether the call exceeds a rate limit."""
        return self.code in THROTTLED

    @property
    def no_access(self) -> bool:
        """Whether credentials are missing, expired or without permission, or AWS cannot be reached."""
        return self.code in _NO_ACCESS


_ROLE_NOT_READY = re.compile(
    r"(?:could not|cannot|unable to) (?:perform: sts:)?assume ?(?:the )?role|is unable to be assumed"
    r"|ensure that the role (?:exists and allows principal|\S+ (?:exists|has))|that the role \S+ has \S+ permissions?"
    r"|role .* does not have .*permission"
    r"|no identity-based policy allows the \S+ action|not authorized to perform: sts:assumerole"
    r"|unauthorized to (?:list objects|access)"
    r"|access denied (?:to|for|when) (?:the )?(?:\w*config|s3|bucket|hub content|repository|ecr|image|kms|key)",
    re.IGNORECASE,
)
"""Messages of SageMaker about a role that IAM created a moment ago: the role itself, then what its policy allows (list
the inputs, write to the output, read a hub's content, pull the image). Sources: aws/amazon-sagemaker-examples issue
2489, hashicorp/terraform-provider-aws issue 46892."""

UNREADABLE = "UnreadableResponse"
"""Our own code of a response that no AWS service sends, such as a proxy's sign-in page or half an answer."""

_UNANSWERED = frozenset(
    {
        "InternalFailure",
        "InternalServerError",
        "InternalServerException",
        "RequestTimeout",
        "RequestTimeoutException",
        "ServiceUnavailable",
        "ServiceUnavailableException",
        "Unreachable",
        UNREADABLE,
    }
)

_LEADS_NOWHERE = frozenset({"ImageNotFound", "NoSuchAccessPoint", "NoSuchBucket", "RepositoryNotFoundException"})

_DENIED = frozenset({"AccessDenied", "AccessDeniedException"})

THROTTLED = frozenset(
    {"429", "RequestLimitExceeded", "Throttling", "ThrottlingException", "TooManyRequests", "TooManyRequestsException"}
)

_NO_ACCESS = _DENIED | frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidClientTokenId",
        "NoCredentials",
        "UnrecognizedClientException",
        "Unreachable",
    }
)


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do about an error."""

    said: str
    """A regular expression over AWS's message."""
    do: str
    source: str = ""
    """Where the wording was seen."""


_NOT_AWS = (
    "Something else than AWS answered, or the answer was damaged on the way: check aws:endpoints, and whether the "
    "network has a proxy or asks to sign in."
)

DENY_ADVICE = (
    "An explicit deny overrides every allow: change the deny statement in the policy that AWS names (of the identity, "
    "the resource, the permissions boundary, the VPC endpoint or the organization)."
)
"""What to do where a policy denies explicitly."""

QUOTA_ADVICE = (
    Advice(
        r"not (?:available|offered|supported) in (?:this|the) region|does not exist in (?:this|the) region",
        "This instance type is not offered for training in this Region: use another type, or another Region.",
        "aws/amazon-sagemaker-examples issue 1001",
    ),
    Advice(
        r"\bEBS\b|volume|\bGBs?\b",
        "Lower volume_size_in_gb, or ask for a higher quota of the volume size in Service Quotas (Amazon SageMaker).",
        "AWS General Reference, SageMaker quotas: size of EBS volume for a training job instance",
    ),
    Advice(
        r"run ?time|longest run|seconds",
        "Lower max_runtime_in_seconds, or ask for a higher quota of the run time in Service Quotas (Amazon SageMaker).",
        "AWS General Reference, SageMaker quotas: longest run time for a training job",
    ),
    Advice(
        "",
        "Ask for a higher quota in Service Quotas (Amazon SageMaker), or use another instance type or count.",
        "aws/amazon-sagemaker-examples issue 263",
    ),
)
"""What to do about ResourceLimitExceeded, which also says that a type is not offered at all."""

_THROTTLED_ADVICE = "Repeat the command a little later; no job is started twice."
_ADVICE: Mapping[str, tuple[Advice, ...]] = {
    "ResourceLimitExceeded": QUOTA_ADVICE,
    "ExpiredTokenException": (Advice("", "Sign in again and repeat the command; nothing is lost."),),
    "ExpiredToken": (Advice("", "Sign in again and repeat the command; nothing is lost."),),
    "NoCredentials": (Advice("", "Set aws:profile, or the credentials that boto3 looks for."),),
    "AccessDenied": (Advice("explicit deny", DENY_ADVICE),),
    "AccessDeniedException": (
        Advice("explicit deny", DENY_ADVICE),
        Advice(
            "no (?:service control|resource control|session) policy allows|no permissions boundary allows",
            "Allow this action in a policy of the kind that AWS names: one of the identity alone does not suffice.",
        ),
        Advice("iam:PassRole", "The caller needs iam:PassRole on the execution role."),
        Advice("sagemaker:AddTags", "The caller needs sagemaker:AddTags, for the job is created with tags."),
        Advice("", "Grant the caller this action, or use other credentials."),
    ),
    "ValidationException": (
        Advice("explicit deny", DENY_ADVICE),
        Advice(
            "assume ?(?:the )?role|unable to be assumed",
            "The role must exist, with exactly this ARN, path included, and its trust policy must allow "
            "sagemaker.amazonaws.com.",
        ),
        Advice(
            "no s3 objects found|unauthorized to list objects",
            "Check that objects are at this address, in a bucket of this Region, and that the role may list the bucket "
            "(s3:ListBucket), as a TrainingRole may.",
        ),
        Advice(
            "access denied|no identity-based policy allows|role .* does not have .*permission",
            "Grant the execution role this permission: a TrainingRole derives what the spec needs.",
        ),
        Advice("is not (?:available|supported|offered) in (?:this|the) region", QUOTA_ADVICE[0].do),
    ),
    "ThrottlingException": (Advice("", _THROTTLED_ADVICE),),
    "429": (Advice("", _THROTTLED_ADVICE),),
    "Unreachable": (Advice("", "Check the network, aws:region and aws:endpoints."),),
    UNREADABLE: (Advice("", _NOT_AWS),),
    "3xx": (Advice("", _NOT_AWS),),
    "4xx": (Advice("", _NOT_AWS),),
    "5xx": (Advice("", "AWS, or a proxy on the way to it, has failed: repeat the command."),),
}
"""What to do, by AWS's error code or the class of the HTTP status; the first row whose expression matches."""


def _advice(code: str, said: str) -> str | None:
    rows = _ADVICE.get(code) or _ADVICE.get(f"{code[0]}xx" if code.isdecimal() else "", ())
    return next((row.do for row in rows if re.search(row.said, said, re.IGNORECASE)), None)
