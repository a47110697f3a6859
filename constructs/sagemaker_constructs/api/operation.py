"""Defines how the job is run: time limits, retries, network and switches."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, TypeAlias

from sagemaker_constructs.api.constraints import Items, Text, Whole
from sagemaker_constructs.api.deferred import Input
from sagemaker_constructs.api.shape import Shape

SecurityGroupId: TypeAlias = Annotated[str, Text(0, 32, r"[-0-9a-zA-Z]+")]
SubnetId: TypeAlias = Annotated[str, Text(0, 32, r"[-0-9a-zA-Z]+")]


class StoppingCondition(Shape):
    """Time limits of the job. At a limit the container gets SIGTERM and has 120 seconds to save the model."""

    max_runtime_in_seconds: Input[Annotated[int | timedelta, Whole(1)]] | None = None
    """Maximum run time over all attempts. Seconds or a `timedelta`, at most 28 days. Default 86400 (1 day)."""
    max_wait_time_in_seconds: Input[Annotated[int | timedelta, Whole(1)]] | None = None
    """Maximum time of waiting for spot capacity and running together. Seconds or a `timedelta`; at least
    `max_runtime_in_seconds`. Required for spot training, and only valid for it."""
    max_pending_time_in_seconds: Input[Annotated[int | timedelta, Whole(1800, 2419200)]] | None = None
    """Maximum time of waiting for accelerated instances. Seconds or a `timedelta`; 30 minutes to 28 days."""


class RetryStrategy(Shape):
    """Retries after a failure of the service (InternalServerError). A failure of the algorithm is not retried."""

    maximum_retry_attempts: Input[Annotated[int, Whole(1, 30)]]
    """Number of retries, 1 to 30."""


class VpcConfig(Shape):
    """The VPC that the job's instances are connected to."""

    security_group_ids: Input[Annotated[Sequence[Input[SecurityGroupId]], Items(1, 5)]]
    """1 to 5 security groups of the VPC. For distributed training they must allow traffic between the instances."""
    subnets: Input[Annotated[Sequence[Input[SubnetId]], Items(1, 16)]]
    """1 to 16 private subnets with at least two free addresses per instance."""


class RemoteDebugConfig(Shape):
    """Access to the running container through AWS Systems Manager."""

    enable_remote_debug: Input[bool] | None = None
    """True allows sessions. Default false."""


class InfraCheckConfig(Shape):
    """Health check of the instances before training."""

    enable_infra_check: Input[bool] | None = None
    """True runs the check, which makes the start slower. Default false."""


class SessionChainingConfig(Shape):
    """Access control by the session tags of the caller that creates the job."""

    enable_session_tag_chaining: Input[bool] | None = None
    """True passes the caller's session tags to the execution role. Default false."""
