"""`TrainingJob`: a SageMaker training job as a declared resource."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol, cast, runtime_checkable

import pulumi
from pulumi import Output, ResourceOptions, dynamic

from sagemaker_constructs.providers import TrainingJobProvider

if TYPE_CHECKING:
    from sagemaker_constructs.api.deferred import Input
    from sagemaker_constructs.api.operation import VpcConfig
    from sagemaker_constructs.api.spec import TrainingJobSpec
    from sagemaker_constructs.reconcile.decisions import OnDelete, OnFailure, OnMissing


@runtime_checkable
class HasArn(Protocol):
    """A role: `TrainingRole`, `aws.iam.Role`, or what else has an ARN."""

    @property
    def arn(self) -> Output[str]:
        """The role's ARN."""
        ...


class HasVpcConfig(Protocol):
    """A network: `TrainingNetwork`, or what else knows subnets and security groups."""

    @property
    def vpc_config(self) -> VpcConfig:
        """Where the job's machines are placed."""
        ...


class TrainingJob(dynamic.Resource, module="sagemaker", name="TrainingJob"):
    """A training job that `up` starts only where none fits.

    The job is named after its configuration: the same configuration is the same job, in this stack and in any other.
    Creating the resource starts the job and returns; it never waits for training.

    Args:
        name: the resource's name, and by default the prefix of the job's.
        spec: what to train, with what, on what.
        role: the execution role, unless the spec has a `role_arn`.
        network: the network for the job's machines, unless the spec has a `vpc_config`. Default: none, which is
            SageMaker's own network.
        region: AWS Region. Default: `aws:region` of the stack, then AWS_REGION, then AWS_DEFAULT_REGION.
        name_prefix: prefix of the job's name. Default: the resource's name. Ignored where the spec names the job.
        on_delete: what destroying or replacing the resource does with its job: `stop` it where it runs and keep the
            record (default), `delete` the record too, or `retain` it as it is.
        on_failure: `retrain` (default) starts a new run with the next `up` after a run failed or was stopped;
            `keep` leaves it.
        on_missing: `keep` (default) says that the job was deleted elsewhere; `retrain` trains again.
        strict: True, or the top-level members for which a change that says nothing about the model means a new job
            all the same.
        retrain_on_new_data: whether other objects under the input prefixes mean a new job. Default: no; the
            addresses are compared, not what lies behind them. Looks at 100,000 objects a prefix at most.
        pin_image: whether another image behind the same tag means a new job. Default: no.
        opts: the usual resource options.

    Raises:
        ValueError: the role, the network or the Region is missing or given twice.
    """

    training_job_name: Output[str]
    """The job's name."""
    arn: Output[str]
    """The job's ARN."""
    training_job_status: Output[str]
    """`InProgress`, `Completed`, `Failed`, `Stopping`, `Stopped`; `Missing` where it was deleted elsewhere."""
    secondary_status: Output[str]
    """What the job was doing when it was looked at last."""
    failure_reason: Output[str | None]
    """Why the job failed, in AWS's words."""
    model_artifacts: Output[str]
    """S3 URI at which the model is, or will be."""
    adopted: Output[bool]
    """Whether another stack owns the job; such a job is never stopped or deleted here."""
    fingerprint: Output[str]
    """What the job's name is made of: twelve hexadecimal digits of the members that define the model."""
    creation_time: Output[str | None]
    """When the job was created, ISO 8601."""
    region: Output[str]
    """The job's Region."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Keep the type token in subclasses: it is in the URN of every job there is."""
        super().__init_subclass__(module="sagemaker", name="TrainingJob", **kwargs)

    def __init__(
        self,
        name: str,
        spec: TrainingJobSpec,
        *,
        role: HasArn | Input[str] | None = None,
        network: HasVpcConfig | None = None,
        region: Input[str] | None = None,
        name_prefix: str | None = None,
        on_delete: OnDelete = "stop",
        on_failure: OnFailure = "retrain",
        on_missing: OnMissing = "keep",
        strict: bool | Iterable[str] = False,
        retrain_on_new_data: bool = False,
        pin_image: bool = False,
        opts: ResourceOptions | None = None,
    ) -> None:
        members = spec.to_members()
        _supply(members, "role_arn", "role", role.arn if isinstance(role, HasArn) else role)
        _supply(members, "vpc_config", "network", network.vpc_config.to_members() if network else None)
        if "role_arn" not in members:
            raise ValueError(f"TrainingJob {name!r}: got no role, expected role=… or a role_arn in the spec")
        properties: dict[str, Any] = {
            **dict.fromkeys(_OUTPUTS),
            **members,
            "name_prefix": None if "training_job_name" in members else name_prefix or name,
            "on_delete": on_delete,
            "on_failure": on_failure,
            "on_missing": on_missing,
            "pin_image": pin_image,
            "retrain_on_new_data": retrain_on_new_data,
            "owner": f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}",
            "region": region or _region(name),
            "secret_members": _secret_members(members),
            "strict": strict if isinstance(strict, bool) else sorted(strict),
        }
        waits_for = [each for each in (role, network) if isinstance(each, pulumi.Resource)]
        super().__init__(
            TrainingJobProvider(),
            name,
            properties,
            ResourceOptions.merge(ResourceOptions(depends_on=waits_for), opts),
        )


_OUTPUTS = (
    "adopted",
    "arn",
    "contents",
    "creation_time",
    "failure_reason",
    "fingerprint",
    "model_artifacts",
    "secondary_status",
    "training_job_name",
    "training_job_status",
)
"""Outputs that are not inputs: the engine gives only those that the resource asked for."""


def _supply(members: dict[str, Any], member: str, argument: str, value: Any) -> None:
    if value is None:
        return
    if member in members:
        raise ValueError(f"{argument} and spec.{member}: got both, expected one of them")
    members[member] = value


def _region(name: str) -> str:
    region = pulumi.Config("aws").get("region") or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    if not region:
        raise ValueError(f"TrainingJob {name!r}: got no Region, expected one: pulumi config set aws:region <region>")
    return region


def _secret_members(members: Mapping[str, Any]) -> Output[list[str] | None]:
    """The paths of the values that are secrets. The engine hands a provider secrets as plain values."""

    async def paths() -> list[str] | None:
        return sorted({path for path, value in _outputs("", members) if await value.is_secret()}) or None

    return Output.from_input(cast("Any", paths()))


def _outputs(path: str, value: Any) -> Iterable[tuple[str, Output[Any]]]:
    if isinstance(value, Output):
        yield path, cast("Output[Any]", value)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _outputs(f"{path}.{key}" if path else key, item)
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _outputs(f"{path}[{position}]", item)
