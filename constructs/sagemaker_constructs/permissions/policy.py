"""The documents of an execution role: who may assume it, and what it allows.

Input: the members of one or more jobs, all known, and where they run. Output: JSON, named and sorted.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pulumi import RunError

from sagemaker_constructs.permissions.needs import Members, Needs, needs_of
from sagemaker_constructs.permissions.statements import statements
from sagemaker_constructs.permissions.trust import SAGEMAKER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sagemaker_constructs.permissions.statement_row import Scope

LONGEST_POLICY = 10_240
"""Characters of all inline policies of a role together, white space not counted (IAM User Guide, "quotas")."""


class PolicyTooLongError(RunError):
    """The jobs need more than one role's inline policy can say."""


class RoleRefusedError(RunError):
    """A role that cannot be made as it is asked for, or one from elsewhere that no job could run with."""


def policy_document(jobs: Iterable[Members], scope: Scope, also: Needs | None = None) -> str:
    """The policy that lets a role run `jobs`.

    Args:
        jobs: members of CreateTrainingJob under their snake_case names.
        scope: where the jobs run.
        also: what the jobs use and their requests do not tell.

    Raises:
        PolicyTooLongError: the policy is longer than IAM takes.
    """
    listed = list(jobs)
    needs = needs_of(listed) | (also or Needs())
    document = {"Version": "2012-10-17", "Statement": [each.document() for each in statements(needs, scope)]}
    text = json.dumps(document, sort_keys=True, separators=(",", ":"))
    if len(text) > LONGEST_POLICY:
        raise PolicyTooLongError(
            f"the policy of this role: got {len(text):,} characters for {len(listed)} jobs, expected at most "
            f"{LONGEST_POLICY:,}, which is what IAM takes: give the jobs several roles, or locations with common "
            "prefixes"
        )
    return text


def trust_document(scope: Scope, needs: Needs | None = None) -> str:
    """The trust policy: SageMaker, and only for jobs of this account and Region.

    Source: SageMaker Developer Guide, "security-confused-deputy-prevention". Rules of Debugger and the profiler run as
    processing jobs; session tags are handed on with sts:TagSession ("model-access-training-data-abac").
    """
    features = needs.features if needs else frozenset[str]()
    kinds = ["training-job", *(["processing-job"] if "rules" in features else [])]
    statement = {
        "Sid": "SageMaker",
        "Effect": "Allow",
        "Action": ["sts:AssumeRole", *(["sts:TagSession"] if "session_tags" in features else [])],
        "Principal": {"Service": SAGEMAKER},
        "Condition": {
            "StringEquals": {"aws:SourceAccount": scope.account},
            "ArnLike": {"aws:SourceArn": [scope.arn("sagemaker", f"{kind}/*") for kind in sorted(kinds)]},
        },
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, sort_keys=True, separators=(",", ":"))
