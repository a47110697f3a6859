"""Allows a job to be observed: logs, metrics, remote debugging sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sagemaker_constructs.permissions.statement_row import ROLE_PAGE, StatementRow, Target, every_resource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sagemaker_constructs.permissions.needs import Needs
    from sagemaker_constructs.permissions.scope import Scope


def _kinds(needs: Needs) -> list[str]:
    """What runs: the training job, and processing jobs for its rules."""
    return ["ProcessingJobs", "TrainingJobs"] if "rules" in needs.features else ["TrainingJobs"]


def _logs(needs: Needs, scope: Scope) -> Iterator[Target]:
    """Log groups and streams. A job's stream names start with its name ("logging-cloudwatch"), a rule's do not."""
    groups = {name: scope.arn("logs", f"log-group:/aws/sagemaker/{name}") for name in _kinds(needs)}
    streams = {"TrainingJobs": [name if name == "*" else f"{name}/*" for name in needs.job_names]}
    yield Target(
        [
            *groups.values(),
            *(f"{group}:log-stream:{stream}" for name, group in groups.items() for stream in streams.get(name, ["*"])),
        ]
    )


def _metrics(needs: Needs, _: Scope) -> Iterator[Target]:
    namespaces = [f"/aws/sagemaker/{name}" for name in _kinds(needs)]
    yield Target(("*",), {"StringEquals": {"cloudwatch:namespace": namespaces}})


ROWS: tuple[StatementRow, ...] = (
    StatementRow(
        "Logs",
        ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"),
        _logs,
        ROLE_PAGE,
    ),
    StatementRow(
        "Metrics",
        ("cloudwatch:PutMetricData",),
        _metrics,
        ROLE_PAGE,
        reason="cloudwatch:PutMetricData has no resource type; its condition restricts the namespace",
    ),
    StatementRow(
        "RemoteDebug",
        (
            "ssmmessages:CreateControlChannel",
            "ssmmessages:CreateDataChannel",
            "ssmmessages:OpenControlChannel",
            "ssmmessages:OpenDataChannel",
        ),
        every_resource(lambda needs: "remote_debug" in needs.features),
        "train-remote-debugging",
        reason="the actions of ssmmessages have no resource type",
    ),
)
