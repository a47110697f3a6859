"""Writes the policy of a role that may preview and refresh stacks, and change nothing.

Input: the scope of the jobs. Output: a policy document: a row for each kind of call. What the stack's other resources
need to be refreshed follows pulumi-aws, which reads each of them whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sagemaker_constructs.permissions.scope import Scope


@dataclass(frozen=True, slots=True)
class _Row:
    sid: str
    actions: tuple[str, ...]
    resource: str
    """Of SageMaker in the scope; `*` where the action has no narrower resource, or where names are not known before."""
    why: str


ROWS: tuple[_Row, ...] = (
    _Row(
        "Jobs",
        ("sagemaker:DescribeTrainingJob", "sagemaker:ListTags"),
        "training-job/*",
        "is there a job of this configuration, and whose is it",
    ),
    _Row("Search", ("sagemaker:Search",), "*", "all jobs of the stack in one call"),
    _Row("Account", ("sts:GetCallerIdentity",), "*", "the account of the credentials"),
    _Row(
        "Checks",
        (
            "ec2:DescribeSubnets",
            "ecr:BatchGetImage",
            "iam:GetRole",
            "iam:SimulatePrincipalPolicy",
            "s3:ListBucket",
            "servicequotas:ListServiceQuotas",
        ),
        "*",
        "role, image, quotas, data and subnets of the jobs that start",
    ),
    _Row("Prices", ("pricing:GetProducts",), "*", "what a job costs at most"),
    _Row(
        "Network",
        (
            "ec2:DescribeAvailabilityZones",
            "ec2:DescribeFlowLogs",
            "ec2:DescribeInternetGateways",
            "ec2:DescribeManagedPrefixLists",
            "ec2:DescribeNatGateways",
            "ec2:DescribeNetworkAcls",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribePrefixLists",
            "ec2:DescribeRouteTables",
            "ec2:DescribeSecurityGroupRules",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeVpcAttribute",
            "ec2:DescribeVpcEndpoints",
            "ec2:DescribeVpcs",
        ),
        "*",
        "existing networks, and those of the stack in a refresh",
    ),
    _Row(
        "Refresh",
        (
            "iam:GetRolePolicy",
            "iam:ListAttachedRolePolicies",
            "iam:ListRolePolicies",
            "kms:DescribeKey",
            "kms:GetKeyPolicy",
            "kms:GetKeyRotationStatus",
            "kms:ListAliases",
            "kms:ListResourceTags",
            "s3:GetAccelerateConfiguration",
            "s3:GetBucket*",
            "s3:GetEncryptionConfiguration",
            "s3:GetLifecycleConfiguration",
            "s3:GetObject",
            "s3:GetObjectTagging",
            "s3:GetReplicationConfiguration",
        ),
        "*",
        "roles, keys, buckets and objects of the stack, in a refresh",
    ),
)


def preview_policy(scope: Scope) -> dict[str, Any]:
    """The policy document of a role that previews and refreshes."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": row.sid,
                "Effect": "Allow",
                "Action": list(row.actions),
                "Resource": row.resource if row.resource == "*" else scope.arn("sagemaker", row.resource),
            }
            for row in ROWS
        ],
    }
