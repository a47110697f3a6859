"""One sentence for each way in which AWS can refuse.

    ReconcileError            whatever stops a job from being reconciled; its text is for the user
    ├── ServiceError          AWS refused a call, or could not be reached
    └── JobConflictError      a name given by hand belongs to another job

Input: what was asked and what AWS said. Output: one of the errors above, or the kind of answer it was.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi import RunError

if TYPE_CHECKING:
    from collections.abc import Mapping


class ReconcileError(RunError):
    """Whatever stops a job from being reconciled. The text tells what was wrong and what to do.

    A `pulumi.RunError`: a program ends with this text instead of a traceback.
    """

    def __init_subclass__(cls) -> None:
        """Name the error as users import it: the engine prints this name before the text."""
        cls.__module__ = "sagemaker_constructs"


ReconcileError.__module__ = "sagemaker_constructs"


class JobConflictError(ReconcileError):
    """A name given by hand belongs to a job that this declaration cannot be."""


class ServiceError(ReconcileError):
    """AWS refused a call. `code` is AWS's error code, `said` its own words."""

    def __init__(self, operation: str, subject: str, code: str, said: str) -> None:
        self.code = code
        self.said = said
        text = f"{operation} for {subject}: {code}: {said.rstrip('. ')}."
        advice = _advice(code, said)
        super().__init__(f"{text} {advice}" if advice else text)

    @property
    def not_found(self) -> bool:
        """Whether the job is not there. AWS says so by a ValidationException, against its own model."""
        return self.code == "ResourceNotFound" or (
            self.code == "ValidationException" and self.said.startswith("Requested resource not found")
        )

    @property
    def name_taken(self) -> bool:
        """Whether a job has this name already."""
        return self.code == "ResourceInUse"

    @property
    def unanswered(self) -> bool:
        """Whether AWS may have done all the same what it was asked."""
        return self.code in _UNANSWERED

    @property
    def not_running(self) -> bool:
        """Whether a stop came too late."""
        return self.code == "ValidationException" and "is in status" in self.said

    @property
    def role_not_ready(self) -> bool:
        """Whether the execution role, or its policy, has not reached every corner of AWS yet.

        What the caller itself may not do is an AccessDeniedException, in much the same words.
        """
        return self.code == "ValidationException" and any(pattern.search(self.said) for pattern in _ROLE_NOT_READY)

    @property
    def no_search(self) -> bool:
        """Whether Search has no answer for this caller, or none for a filter by a tag; the jobs are described then."""
        return self.denied or self.code == "ValidationException"

    @property
    def leads_nowhere(self) -> bool:
        """Whether an address has nothing behind it, perhaps not before this very update makes it."""
        return self.code in _LEADS_NOWHERE

    @property
    def denied(self) -> bool:
        """Whether the caller may not do this."""
        return self.code in _DENIED

    @property
    def throttled(self) -> bool:
        """Whether this is done too often."""
        return self.code in _THROTTLED

    @property
    def no_access(self) -> bool:
        """Whether there are no credentials, or they may not look."""
        return self.code in _NO_ACCESS


_ROLE_NOT_READY = tuple(
    re.compile(text, re.IGNORECASE)
    for text in (
        r"could not assume role",
        r"unable to assume role",
        r"is unable to be assumed",
        r"ensure that the role exists and allows principal",
        r"role .* does not have .*permission.* (?:s3|ecr|ec2|kms|logs):",
        r"no identity-based policy allows the \S+ action",
        r"not authorized to perform: sts:assumerole",
    )
)
"""How SageMaker refuses a role that IAM created a moment ago."""

_UNANSWERED = frozenset(
    {"InternalFailure", "InternalServerError", "InternalServerException", "ServiceUnavailable", "Unreachable"}
)

_LEADS_NOWHERE = frozenset({"ImageNotFound", "NoSuchBucket", "RepositoryNotFoundException"})

_DENIED = frozenset({"AccessDenied", "AccessDeniedException"})

_THROTTLED = frozenset(
    {"RequestLimitExceeded", "Throttling", "ThrottlingException", "TooManyRequests", "TooManyRequestsException"}
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
class _Advice:
    said: str
    """A regular expression over AWS's words."""
    do: str


_ADVICE: Mapping[str, tuple[_Advice, ...]] = {
    "ResourceLimitExceeded": (
        _Advice(
            "", "Ask for a higher quota in Service Quotas (Amazon SageMaker), or use another instance type or count."
        ),
    ),
    "ExpiredTokenException": (_Advice("", "Sign in again and repeat the command; nothing is lost."),),
    "ExpiredToken": (_Advice("", "Sign in again and repeat the command; nothing is lost."),),
    "NoCredentials": (_Advice("", "Set aws:profile, or the credentials that boto3 looks for."),),
    "AccessDeniedException": (
        _Advice("iam:PassRole", "The caller needs iam:PassRole on the execution role."),
        _Advice("sagemaker:AddTags", "The caller needs sagemaker:AddTags, for the job is created with tags."),
        _Advice("", "Grant the caller this action, or use other credentials."),
    ),
    "ValidationException": (
        _Advice("assume role", "The role must exist and its trust policy must allow sagemaker.amazonaws.com."),
    ),
    "ThrottlingException": (_Advice("", "Repeat the command; what was started is recorded."),),
    "Unreachable": (_Advice("", "Check the network, aws:region and aws:endpoints."),),
}
"""What to do, by AWS's error code; the first row whose words fit."""


def _advice(code: str, said: str) -> str | None:
    return next((row.do for row in _ADVICE.get(code, ()) if re.search(row.said, said, re.IGNORECASE)), None)
