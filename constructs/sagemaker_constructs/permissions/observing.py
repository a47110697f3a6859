"""How a job can be watched: logs, metrics, sessions in its container."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sagemaker_constructs.permissions.row import ROLE_PAGE, Place, Row, Target, anywhere

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sagemaker_constructs.permissions.needs import Needs


def _kinds(needs: Needs) -> list[str]:
    """What runs: the training job, and for its rules processing jobs."""
    return ["ProcessingJobs", "TrainingJobs"] if "rules" in needs.features else ["TrainingJobs"]


def _logs(needs: Needs, place: Place) -> Iterator[Target]:
    """The groups and the streams: a job's begin with its name and a slash ("logging-cloudwatch"), a rule's do not."""
    groups = {name: place.arn("logs", f"log-group:/aws/sagemaker/{name}") for name in _kinds(needs)}
    streams = {"TrainingJobs": [name if name == "*" else f"{name}/*" for name in needs.job_names]}
    yield Target(
        [
            *groups.values(),
            *(f"{group}:log-stream:{stream}" for name, group in groups.items() for stream in streams.get(name, ["*"])),
        ]
    )


def _metrics(needs: Needs, _: Place) -> Iterator[Target]:
    namespaces = [f"/aws/sagemaker/{name}" for name in _kinds(needs)]
    yield Target(("*",), {"StringEquals": {"cloudwatch:namespace": namespaces}})


ROWS: tuple[Row, ...] = (
    Row(
        "Logs",
        ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"),
        _logs,
        ROLE_PAGE,
    ),
    Row(
        "Metrics",
        ("cloudwatch:PutMetricData",),
        _metrics,
        ROLE_PAGE,
        reason="cloudwatch:PutMetricData has no resource type; its condition names the namespace",
    ),
    Row(
        "RemoteDebug",
        (
            "ssmmessages:CreateControlChannel",
            "ssmmessages:CreateDataChannel",
            "ssmmessages:OpenControlChannel",
            "ssmmessages:OpenDataChannel",
        ),
        anywhere(lambda needs: "remote_debug" in needs.features),
        "train-remote-debugging",
        reason="the actions of ssmmessages have no resource type",
    ),
)
