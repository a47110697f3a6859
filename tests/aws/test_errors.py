"""What AWS said, and what it means."""

from __future__ import annotations

import pytest

from sagemaker_constructs.api.masking import MASK
from sagemaker_constructs.aws.errors import ServiceError

CALLER_MAY_NOT = (
    "User: arn:aws:sts::123456789012:assumed-role/dev/me is not authorized to perform: sagemaker:CreateTrainingJob on "
    "resource: arn:aws:sagemaker:eu-west-1:123456789012:training-job/a because no identity-based policy allows the "
    "sagemaker:CreateTrainingJob action"
)
EXPLICIT_DENY = (
    "User: arn:aws:sts::123456789012:assumed-role/dev/me is not authorized to perform: iam:PassRole on resource: "
    "arn:aws:iam::123456789012:role/r with an explicit deny in a service control policy"
)
ROLE_REFUSED = (
    "Could not assume role arn:aws:iam::123456789012:role/training. Please ensure that the role exists and allows "
    "principal 'sagemaker.amazonaws.com' to assume the role."
)

THROTTLING = ("429", "RequestLimitExceeded", "Throttling", "ThrottlingException", "TooManyRequestsException")


def error(code: str, said: str) -> ServiceError:
    """The error of a create."""
    return ServiceError("CreateTrainingJob", "job 'a'", code, said)


@pytest.mark.parametrize(
    ("code", "said", "advice"),
    [
        ("ResourceLimitExceeded", "The account-level service limit is 0 Instances.", "Ask for a higher quota"),
        (
            "AccessDeniedException",
            "is not authorized to perform: iam:PassRole on resource",
            "The caller needs iam:PassRole",
        ),
        ("AccessDeniedException", "not authorized to perform: sagemaker:AddTags", "The caller needs sagemaker:AddTags"),
        ("AccessDeniedException", CALLER_MAY_NOT, "Grant the caller this action"),
        ("AccessDeniedException", EXPLICIT_DENY, "An explicit deny overrides every allow: change the deny statement"),
        ("AccessDenied", EXPLICIT_DENY, "An explicit deny overrides every allow: change the deny statement"),
        (
            "AccessDeniedException",
            "not authorized to perform: sagemaker:CreateTrainingJob because no service control policy allows it",
            "Allow this action in a policy of the kind that AWS names",
        ),
        (
            "ResourceLimitExceeded",
            "The requested resource training-job/ml.p2.xlarge is not available in this region",
            "This instance type is not offered for training in this Region: use another type, or another Region.",
        ),
        (
            "ResourceLimitExceeded",
            "The account-level service limit 'Size of EBS volume for a training job instance' is 1024 GBs",
            "Lower volume_size_in_gb",
        ),
        (
            "ResourceLimitExceeded",
            "The account-level service limit 'Longest run time for a training job' is 432000 Seconds",
            "Lower max_runtime_in_seconds",
        ),
        (
            "ValidationException",
            "Unauthorized to List objects under S3 URL: s3://b/k",
            "Check that objects are at this",
        ),
        ("ValidationException", "Access denied to OutputDataConfig S3 bucket: b", "Grant the execution role this"),
        ("ExpiredTokenException", "The security token included in the request is expired", "Sign in again"),
        ("ValidationException", ROLE_REFUSED, "The role must exist, with exactly this ARN"),
        ("NoCredentials", "Unable to locate credentials", "Set aws:profile"),
        ("ThrottlingException", "Rate exceeded", "Repeat the command"),
        ("Unreachable", "Could not connect to the endpoint URL", "Check the network"),
    ],
)
def test_an_error_says_what_was_asked_what_aws_said_and_what_to_do(code: str, said: str, advice: str) -> None:
    """On one line."""
    text = str(error(code, said))
    assert text.startswith(f"CreateTrainingJob for job 'a': {code}: {said.rstrip('.')}. {advice}")
    assert "\n" not in text


def test_an_error_nobody_has_advice_on_is_aws_own_words() -> None:
    """With one full stop."""
    text = str(error("ValidationException", "The subnet ID 'subnet-1' does not exist."))
    assert text == "CreateTrainingJob for job 'a': ValidationException: The subnet ID 'subnet-1' does not exist."


@pytest.mark.parametrize(
    ("code", "said", "kinds"),
    [
        ("ValidationException", "Requested resource not found.", {"not_found"}),
        ("ResourceNotFound", "Training job does not exist", {"not_found"}),
        ("ValidationException", "The subnet ID 'subnet-1' does not exist", set[str]()),
        ("ResourceInUse", "Training job names must be unique within an AWS account and region", {"name_taken"}),
        (
            "ValidationException",
            "The request was rejected because the training job is in status Stopped",
            {"not_running"},
        ),
        ("ValidationException", ROLE_REFUSED, {"role_not_ready"}),
        ("ValidationException", "Access denied to OutputDataConfig S3 bucket: models", {"role_not_ready"}),
        ("ValidationException", "The model is not authorized in this Region", set[str]()),
        (
            "ValidationException",
            "The execution role arn:x does not have the required permissions: s3:GetObject on bucket",
            {"role_not_ready"},
        ),
        ("AccessDeniedException", CALLER_MAY_NOT, {"no_access", "denied"}),
        (
            "AccessDeniedException",
            "User: x is not authorized to perform: sts:AssumeRole on resource: y",
            {"no_access", "denied"},
        ),
        ("ExpiredTokenException", "The security token included in the request is expired", {"no_access"}),
        ("NoCredentials", "Unable to locate credentials", {"no_access"}),
        ("Unreachable", "Could not connect to the endpoint URL", {"no_access", "unanswered"}),
        ("InternalFailure", "The request processing has failed because of an unknown error.", {"unanswered"}),
        ("ServiceUnavailable", "", {"unanswered"}),
        ("NoSuchBucket", "The specified bucket does not exist", {"leads_nowhere"}),
        ("RepositoryNotFoundException", "The repository does not exist", {"leads_nowhere"}),
        ("ImageNotFound", "the repository has no such tag", {"leads_nowhere"}),
        *((code, "Rate exceeded", {"unanswered", "throttled"}) for code in THROTTLING),
        ("503", "Service Unavailable", {"unanswered"}),
        ("RequestTimeout", "", {"unanswered"}),
        ("UnreadableResponse", "received an HTML page with HTTP status 200", {"unanswered"}),
        ("ForbiddenAccount", "the credentials are of account 1", set[str]()),
    ],
)
def test_every_answer_is_of_its_kind(code: str, said: str, kinds: set[str]) -> None:
    """What the caller may not do is not what a fresh role may not do yet: to wait for it would help nobody."""
    answer = error(code, said)
    names = ("not_found", "name_taken", "not_running", "role_not_ready", "leads_nowhere", "no_access", "unanswered")
    names += ("denied", "throttled")
    assert {name for name in names if getattr(answer, name)} == kinds


def test_credentials_that_aws_repeats_are_masked() -> None:
    """In the subject and in its words; the kind of the error is still recognized."""
    key = "AKIA" + "IOSFODNN7EXAMPLE"

    error = ServiceError(
        "ListObjectsV2", f"s3://b/{key}/", "ValidationException", f"Requested resource not found: {key}"
    )

    assert error.not_found
    assert str(error) == f"ListObjectsV2 for s3://b/{MASK}/: ValidationException: Requested resource not found: {MASK}."
    assert key not in error.said
