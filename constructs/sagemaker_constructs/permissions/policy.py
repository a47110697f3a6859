"""Writes the two policies of an execution role: its permissions and its trust.

Input: what the jobs need, and the scope in which they run. Output: JSON, with sorted keys and statements.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pulumi import RunError

from sagemaker_constructs.permissions.statements import statements
from sagemaker_constructs.permissions.trust import SAGEMAKER

if TYPE_CHECKING:
    from sagemaker_constructs.permissions.needs import Needs
    from sagemaker_constructs.permissions.scope import Scope

LONGEST_POLICY = 10_240
"""Characters of all inline policies of a role together, without white space (IAM User Guide, "quotas")."""


class PolicyTooLongError(RunError):
    """The jobs need more permissions than the inline policy of one role can contain."""


class RoleRefusedError(RunError):
    """A role's arguments are wrong, or an existing role cannot be used by a training job."""


def policy_document(needs: Needs, scope: Scope, *, jobs: int = 1) -> str:
    """The policy that allows a role what the jobs need.

    Args:
        needs: what the jobs use.
        scope: where the jobs run.
        jobs: how many they are, for the error.

    Raises:
        PolicyTooLongError: the policy is longer than IAM accepts.
    """
    document = {"Version": "2012-10-17", "Statement": [each.document() for each in statements(needs, scope)]}
    text = json.dumps(document, sort_keys=True, separators=(",", ":"))
    if len(text) > LONGEST_POLICY:
        raise PolicyTooLongError(
            f"inline policy of the role: got {len(text):,} characters for {jobs} jobs, expected at most "
            f"{LONGEST_POLICY:,}, which is IAM's quota: use several roles, or S3 locations with common prefixes"
        )
    return text


def trust_document(needs: Needs, scope: Scope) -> str:
    """The trust policy: only SageMaker, and only for training jobs of this account and Region.

    Source: SageMaker Developer Guide, "security-confused-deputy-prevention". Rules of Debugger and the profiler run as
    processing jobs; session tags require sts:TagSession ("model-access-training-data-abac").
    """
    kinds = ["training-job", *(["processing-job"] if "rules" in needs.features else [])]
    statement = {
        "Sid": "SageMaker",
        "Effect": "Allow",
        "Action": ["sts:AssumeRole", *(["sts:TagSession"] if "session_tags" in needs.features else [])],
        "Principal": {"Service": SAGEMAKER},
        "Condition": {
            "StringEquals": {"aws:SourceAccount": scope.account},
            "ArnLike": {"aws:SourceArn": [scope.arn("sagemaker", f"{kind}/*") for kind in sorted(kinds)]},
        },
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, sort_keys=True, separators=(",", ":"))
