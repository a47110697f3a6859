"""Whether a trust policy lets SageMaker assume a role for a job."""

from __future__ import annotations

import json
from typing import Any

import pytest

from localaws.server.training.trust import trusts

ACCOUNT = "123456789012"
JOB = f"arn:aws:sagemaker:eu-central-1:{ACCOUNT}:training-job/job"


def trusted(*statements: dict[str, Any]) -> bool:
    """Whether a policy of statements, each completed to an Allow for SageMaker, lets the role be assumed."""
    usual = {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [usual | statement for statement in statements]})
    return trusts(document, account=ACCOUNT, job_arn=JOB)


@pytest.mark.parametrize(
    "statement",
    [
        {},
        {"Principal": {"Service": ["ec2.amazonaws.com", "sagemaker.amazonaws.com"]}},
        {"Principal": "*"},
        {"Action": ["sts:AssumeRole", "sts:SetSourceIdentity"]},
        {"Action": "sts:*"},
        {"Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}}},
        {
            "Condition": {
                "StringEquals": {"AWS:sourceaccount": [ACCOUNT, "1"]},
                "ArnLike": {"aws:SourceArn": f"{JOB[:-3]}*"},
            }
        },
    ],
)
def test_a_policy_that_speaks_of_sagemaker_is_enough(statement: dict[str, Any]) -> None:
    """Lists, wildcards and the two conditions against the confused deputy are understood."""
    assert trusted(statement)


@pytest.mark.parametrize(
    "statement",
    [
        {"Principal": {"Service": "ec2.amazonaws.com"}},
        {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}},
        {"Action": "sts:TagSession"},
        {"Effect": "Deny"},
        {"Condition": {"StringEquals": {"aws:SourceAccount": "999999999999"}}},
        {"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:sagemaker:*:*:processing-job/*"}}},
        {"Condition": {"StringEquals": {"sts:ExternalId": "secret"}}},
    ],
)
def test_a_policy_that_does_not_is_not(statement: dict[str, Any]) -> None:
    """Another principal, action or account, or a condition that SageMaker can not satisfy, refuses."""
    assert not trusted(statement)


def test_a_deny_wins() -> None:
    """An Allow beside a Deny allows nothing."""
    assert not trusted({}, {"Effect": "Deny"})
