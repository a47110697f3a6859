"""How the job is run, whatever it trains: limits, retries, network and switches."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, TypeAlias

from sagemaker_constructs.api.constraints import Items, Text, Whole
from sagemaker_constructs.api.deferred import Input
from sagemaker_constructs.api.shape import Shape

SecurityGroupId: TypeAlias = Annotated[str, Text(0, 32, r"[-0-9a-zA-Z]+")]
SubnetId: TypeAlias = Annotated[str, Text(0, 32, r"[-0-9a-zA-Z]+")]


class StoppingCondition(Shape):
    """How long the job may take. At a limit the container gets SIGTERM and 120 seconds to save its model."""

    max_runtime_in_seconds: Input[Annotated[int | timedelta, Whole(1)]] | None = None
    """Longest time of running, over all attempts. Seconds or a `timedelta`; default 1 day, at most 28 days."""
    max_wait_time_in_seconds: Input[Annotated[int | timedelta, Whole(1)]] | None = None
    """Longest time of waiting for spot capacity and running together. Seconds or a `timedelta`; not below
    `max_runtime_in_seconds`, and only for spot training."""
    max_pending_time_in_seconds: Input[Annotated[int | timedelta, Whole(1800, 2419200)]] | None = None
    """Longest time of waiting for accelerated machines. Seconds or a `timedelta`; 30 minutes to 28 days."""


class RetryStrategy(Shape):
    """Another attempt when the service itself failed (InternalServerError), never when the algorithm did."""

    maximum_retry_attempts: Input[Annotated[int, Whole(1, 30)]]
    """How many attempts more, 1 to 30."""


class VpcConfig(Shape):
    """The VPC that the job's machines are connected to."""

    security_group_ids: Input[Annotated[Sequence[Input[SecurityGroupId]], Items(1, 5)]]
    """1 to 5 security groups of the VPC; for distributed training they let the machines talk to each other."""
    subnets: Input[Annotated[Sequence[Input[SubnetId]], Items(1, 16)]]
    """1 to 16 private subnets, with at least two free addresses for each machine."""


class RemoteDebugConfig(Shape):
    """Access to the running container through AWS Systems Manager."""

    enable_remote_debug: Input[bool] | None = None
    """True lets sessions in. Default false."""


class InfraCheckConfig(Shape):
    """Health check of the machines before training."""

    enable_infra_check: Input[bool] | None = None
    """True checks first, which takes a little longer. Default false."""


class SessionChainingConfig(Shape):
    """Access control by the tags of the session that creates the job."""

    enable_session_tag_chaining: Input[bool] | None = None
    """True hands the creator's session tags on to the execution role. Default false."""
