"""How a job ended, why it failed, and whether that counts."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sagemaker_constructs.results.endings import Ending, counts, ended_by, lacked_capacity
from sagemaker_constructs.results.failures import FAILURES, failure_of
from tests.results.result_support import described

REASONS = {
    "CapacityError: Unable to provision requested ML compute capacity. Please retry using a different ML instance "
    "type.": "capacity",
    "ClientError: There are not enough free IP addresses in subnet subnet-0a": "capacity",
    "ResourceLimitExceeded: The account-level service limit 'ml.p4d.24xlarge for spot training job usage' is 0 "
    "Instances": "quota",
    "ClientError: Cannot pull algorithm container. Either the image does not exist or its permissions are "
    "incorrect.": "image",
    "ClientError: Cannot pull the image 123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1: not found": ("image"),
    "ClientError: API error (404): manifest for 123456789012.dkr.ecr.us-west-2.amazonaws.com/train:latest not found: "
    "manifest unknown: Requested image not found": "image",
    "ClientError: Cannot find repository: train in registry ID: 123456789012 Please check if your ECR repository "
    "exists": "image",
    "ClientError: Access denied for repository: train in registry ID: 123456789012.": "image",
    "ClientError: Image 'train:2' not found.": "image",
    "AlgorithmError: ExecuteUserScriptError: FileNotFoundError: image cats/7.png not found": "algorithm",
    "AlgorithmError: AssertionError: image does not exist": "algorithm",
    "ClientError: ManifestFile s3://b/train.manifest not found": "data",
    "ClientError: Data download failed:Please ensure that the subnet's route table has a route to an S3 VPC endpoint "
    "or a NAT device, both the security groups and the subnet's network ACL allow outbound traffic to S3.": ("data"),
    'AlgorithmError: exec: "train": executable file not found in $PATH': "image",
    "ClientError: Data download failed:Unable to download object s3://b/k (AccessDenied: Access Denied)": (
        "permission"
    ),
    "ClientError: Data download failed:NoSuchKey (404): The specified key does not exist": "data",
    "ClientError: Artifact upload failed:Insufficient disk space": "data",
    "ClientError: Please use an instance type with more memory, or reduce the size of training data processed on an "
    "instance.": "algorithm",
    "AlgorithmError: , exit code: 137": "algorithm",
    "InternalServerError: We encountered an internal error. Please try again.": "internal",
    "AlgorithmError: ExecuteUserScriptError: exit code 1": "algorithm",
    "ClientError: Unable to initialize the algorithm. Failed to validate hyperparameters": "algorithm",
    "The moon is in the wrong house": "unknown",
    "ResourceLimitExceeded: The requested resource training-job/ml.p2.xlarge is not available in this region": "quota",
    "ResourceLimitExceeded: The account-level service limit 'Size of EBS volume for a training job instance' is 1024 "
    "GBs": "quota",
    "ResourceLimitExceeded: The account-level service limit 'Longest run time for a training job' is 9": "quota",
    "ClientError: Data download failed:Insufficient disk space": "data",
    "ClientError: Data download failed:S3 key s3://b/a//b has an illegal char sub-sequence '//' in it": "data",
    "ClientError: Artifact upload failed:The bucket does not exist": "data",
    "ClientError: SageMaker was unable to assume the role 'arn:aws:iam::123456789012:role/training'": "permission",
    "ClientError: TrainingHostAgent Initialization failed:InvalidInputException: SageMaker is unable to perform: "
    "sts:AssumeRole on the role.": "permission",
    "ClientError: Data download failed:User: arn:aws:sts::1:assumed-role/r/SageMaker is not authorized to perform: "
    "s3:GetObject with an explicit deny in a resource-based policy": "permission",
    "ClientError: Data download failed:An error occurred (403) when calling the HeadObject operation: Forbidden": (
        "permission"
    ),
    "AlgorithmError: ExecuteUserScriptError: OSError: [Errno 28] No space left on device": "algorithm",
    "ClientError: Blankspace and colon not found in firstline '1,2,3' of file 'x.csv'.": "algorithm",
}

ADVICE = {
    "ClientError: Data download failed:Insufficient disk space": "Raise volume_size_in_gb",
    "ClientError: Data download failed:S3 key s3://b/a//b has an illegal sub-sequence //": "contains //",
    "ClientError: Data download failed:Access denied for s3://b/k": "The execution role lacks this permission",
    "ClientError: Data download failed:with an explicit deny, AccessDenied": "change the deny statement",
    "ClientError: SageMaker was unable to assume the role 'arn:aws:iam::123456789012:role/training'": "path included",
    "ClientError: Artifact upload failed:Please allow outbound traffic to S3": "TrainingNetwork",
    "ResourceLimitExceeded: training-job/ml.p2.xlarge is not available in this region": "another Region",
}

SAID_BY_SCRIPTS = (
    "ValueError: insufficient capacity of the replay buffer",
    "CapacityError: Unable to provision requested ML compute capacity",
    "InsufficientInstanceCapacity",
    "ResourceLimitExceeded: the account-level service limit is 0",
    "urllib.error.HTTPError: HTTP Error 403: Forbidden",
    "botocore.exceptions.ClientError: An error occurred (AccessDenied) with an explicit deny",
    "ClientError: Data download failed:Access denied",
    "KeyError: forbidden_words",
    "RuntimeError: no objects found in image 17",
    "could not assume role of the critic",
    "InternalServerError: We encountered an internal error",
    "docker: Cannot pull the image train:1",
    'exec: "git": executable file not found in $PATH',
    "There are not enough free IP addresses",
    "The volume is full: no space left on device",
)


@pytest.mark.parametrize("words", SAID_BY_SCRIPTS)
@pytest.mark.parametrize(
    "before", ["", " ", 'ExecuteUserScriptError:\nExitCode 1\nErrorMessage "', "Framework Error: \n"]
)
def test_a_scripts_own_words_never_decide(before: str, words: str) -> None:
    """Whatever a script says of itself, and wherever, it was the script that failed; nothing is paid for twice."""
    failure = failure_of(f"AlgorithmError: {before}{words}, exit code: 1")
    assert (failure.kind, failure.fallback_helps) == ("algorithm", False)


@pytest.mark.parametrize("words", SAID_BY_SCRIPTS)
def test_the_data_that_a_built_in_algorithm_quotes_never_decides(words: str) -> None:
    """It follows the prefix ClientError, as SageMaker's own words do, but does not begin with them."""
    failure = failure_of(f"ClientError: Unable to read line 3 of train.csv: '{words}'")
    assert (failure.kind, failure.fallback_helps) == ("algorithm", False)


@given(st.text(max_size=60), st.sampled_from(SAID_BY_SCRIPTS))
def test_no_text_before_a_scripts_words_makes_them_awss(before: str, words: str) -> None:
    """Between AWS's prefix and the words stands whatever the script has written."""
    assert failure_of(f"AlgorithmError: ExecuteUserScriptError: {before}{words}").kind == "algorithm"


@pytest.mark.parametrize(("reason", "advice"), ADVICE.items())
def test_the_advice_fits_the_reason(reason: str, advice: str) -> None:
    """It names what has to change."""
    assert advice in failure_of(reason).advice


@pytest.mark.parametrize(("reason", "kind"), REASONS.items())
def test_a_reason_has_a_class_and_something_to_do(reason: str, kind: str) -> None:
    """Reasons as AWS words them fall into the class of who has to act."""
    failure = failure_of(reason)
    assert failure.kind == kind
    assert failure.advice.endswith((".", "?"))


def test_every_row_decides_about_some_reason() -> None:
    """No row of the table is hidden behind an earlier one."""
    assert {failure_of(reason) for reason in REASONS} >= set(FAILURES)


def test_every_row_says_where_its_words_were_seen() -> None:
    """An expression without a source is a guess."""
    assert [row for row in FAILURES if not row.source] == []
    assert all(re.compile(row.expression) for row in FAILURES)


@pytest.mark.parametrize(
    ("phase", "ending"),
    [
        ("Completed", Ending.COMPLETED),
        ("Failed", Ending.FAILED),
        ("Stopped", Ending.STOPPED),
        ("MaxRuntimeExceeded", Ending.MAX_RUNTIME_EXCEEDED),
        ("MaxWaitTimeExceeded", Ending.MAX_WAIT_TIME_EXCEEDED),
        ("Stopping", None),
        ("Uploading", None),
    ],
)
def test_three_kinds_of_stopped_are_told_apart(phase: str, ending: Ending | None) -> None:
    """The primary status is Stopped for all three; the secondary one says which."""
    assert ended_by(described(phases=("Starting", "Training", phase))) is ending


def test_an_ending_that_the_library_does_not_know_is_a_stop() -> None:
    """AWS may add secondary statuses; the primary one then decides, and the wait ends."""
    job = described(phases=("Training", "Stopped"), SecondaryStatus="SomethingNew")
    assert ended_by(job) is Ending.STOPPED


def test_a_policy_accepts_its_own_ending_only() -> None:
    """Accepting the runtime limit accepts neither a person's stop nor a failure."""
    policies = {"on_max_runtime_exceeded": "accept", "on_stopped": "fail"}
    accepted = [ending for ending in Ending if counts(ending, policies)]  # pyright: ignore[reportArgumentType]
    assert accepted == [Ending.COMPLETED, Ending.MAX_RUNTIME_EXCEEDED]


def test_capacity_is_lacking_after_a_capacity_error() -> None:
    """A failure of another class is no reason to try other machines."""
    lacking = described(phases=("Starting", "Failed"), FailureReason="CapacityError: none")
    broken = described(phases=("Training", "Failed"), FailureReason="AlgorithmError: exit code 1")
    assert lacked_capacity(lacking)
    assert not lacked_capacity(broken)


def test_capacity_is_lacking_where_a_spot_job_waited_in_vain() -> None:
    """At its wait limit a job that never trained had no machines; one that trained had them, for a while."""
    assert lacked_capacity(described(phases=("Starting", "MaxWaitTimeExceeded")))
    assert not lacked_capacity(described(phases=("Starting", "Training", "MaxWaitTimeExceeded")))
