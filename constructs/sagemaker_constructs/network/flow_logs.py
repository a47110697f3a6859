"""Creates the flow log of a network's VPC."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pulumi_aws as aws
from pulumi import ResourceOptions

from sagemaker_constructs.addresses.arns import parse_arn
from sagemaker_constructs.program import current_scope
from sagemaker_constructs.program.physical_names import LOG_GROUP, ROLE, ROLE_POLICY, naming

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sagemaker_constructs.api.deferred import Input
    from sagemaker_constructs.network.parent import Parent


def flow_log(parent: Parent, vpc: Input[str], retention_in_days: int) -> None:
    """A flow log of all traffic in CloudWatch Logs, with its log group and role (VPC User Guide, "flow-logs-iam")."""
    name = f"{parent.name}-flow-log"
    group = aws.cloudwatch.LogGroup(
        name,
        retention_in_days=retention_in_days,
        tags=parent.tags_of(name),
        opts=parent.child,
        **naming(name, LOG_GROUP),
    )
    account = current_scope.account(parent.output_invoke)
    role = aws.iam.Role(
        name,
        assume_role_policy=account.apply(_trusts_flow_logs),
        tags=parent.tags_of(name),
        opts=parent.child,
        **naming(name, ROLE),
    )
    policy = aws.iam.RolePolicy(
        name,
        role=role.name,
        policy=group.arn.apply(_writes_flow_logs),
        opts=parent.child,
        **naming(name, ROLE_POLICY),
    )
    aws.ec2.FlowLog(
        name,
        vpc_id=vpc,
        traffic_type="ALL",
        log_destination=group.arn,
        iam_role_arn=role.arn,
        tags=parent.tags_of(name),
        opts=ResourceOptions.merge(parent.child, ResourceOptions(depends_on=[policy])),
    )


def _trusts_flow_logs(account: str) -> str:
    return _document(
        {
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
            "Condition": {"StringEquals": {"aws:SourceAccount": account}},
        }
    )


def _writes_flow_logs(group: str) -> str:
    return _document(
        {
            "Action": ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            "Resource": [group, f"{group}:log-stream:*"],
        },
        {"Action": "logs:DescribeLogGroups", "Resource": _every_group(group)},
    )


def _every_group(group: str | None) -> str:
    """All log groups of a group's account and Region; anywhere, where mocks give it no ARN."""
    arn = parse_arn(group or "")
    return replace(arn, resource="log-group:*").text if arn else "*"


def _document(*statements: Mapping[str, object]) -> str:
    allowed = [{"Effect": "Allow", **each} for each in statements]
    return json.dumps({"Version": "2012-10-17", "Statement": allowed}, sort_keys=True)
