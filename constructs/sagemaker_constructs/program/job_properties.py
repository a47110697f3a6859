"""What a program declares of a job, as the properties of its resource.

Input: a spec, which may hold Outputs, and the options. Output: the property bag, or everything that is wrong at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypedDict, cast

import pulumi
from pulumi import Output, ResourceOptions

from sagemaker_constructs.api.mistakes import DeclarationError
from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.program.arguments import refuse
from sagemaker_constructs.program.stack_settings import stack_default_tags, stack_name, stack_region

if TYPE_CHECKING:
    from sagemaker_constructs.api.deferred import Input
    from sagemaker_constructs.api.operation import VpcConfig
    from sagemaker_constructs.reconcile.decisions import OnDelete, OnFailure, OnMissing


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


class JobOptions(TypedDict, total=False):
    """The options of a `TrainingJob`, for what is made like one."""

    role: HasArn | Input[str] | None
    network: HasVpcConfig | None
    region: Input[str] | None
    name_prefix: str | None
    on_delete: OnDelete
    on_failure: OnFailure
    on_missing: OnMissing
    strict: bool | str | Iterable[str]
    retrain_on_new_data: bool
    pin_image: bool


def job_properties(name: str, spec: TrainingJobSpec, options: JobOptions) -> dict[str, Any]:
    """The properties of a job's resource.

    Raises:
        DeclarationError: the role, the network or the Region is missing or given twice.
    """
    role, network, strict = options.get("role"), options.get("network"), options.get("strict", False)
    refuse(DeclarationError, f"TrainingJob {name!r}", wrong_arguments(spec, role, network))
    members = spec.to_members()
    role_arn = role if role is None or isinstance(role, str | Output) else role.arn
    _supply(members, "role_arn", "role", role_arn)
    _supply(members, "vpc_config", "network", network.vpc_config.to_members() if network else None)
    if "role_arn" not in members:
        raise DeclarationError(f"{name!r}: got no role, expected role=… or a role_arn in the spec")
    return {
        **dict.fromkeys(OUTPUTS),
        **members,
        "default_tags": stack_default_tags() or None,
        "name_prefix": None if "training_job_name" in members else options.get("name_prefix") or name,
        "on_delete": options.get("on_delete", "stop"),
        "on_failure": options.get("on_failure", "retrain"),
        "on_missing": options.get("on_missing", "keep"),
        "pin_image": options.get("pin_image", False),
        "retrain_on_new_data": options.get("retrain_on_new_data", False),
        "owner": stack_name(),
        "region": options.get("region") or stack_region(name),
        "secret_members": _secret_members(members),
        "strict": strict if isinstance(strict, bool) else sorted([strict] if isinstance(strict, str) else strict),
    }


def wrong_arguments(spec: object, role: object, network: object) -> Iterator[str]:
    """What is wrong with the arguments of a job that are objects, a sentence each."""
    if not isinstance(spec, TrainingJobSpec):
        yield f"spec: got a {type(spec).__name__}, expected a TrainingJobSpec"
    if not (role is None or isinstance(role, str | Output) or hasattr(role, "arn")):
        yield f"role: got a {type(role).__name__}, expected an ARN, or a role that has one"
    if not (network is None or hasattr(network, "vpc_config")):
        yield f"network: got a {type(network).__name__}, expected a TrainingNetwork, or what else has a vpc_config"


def wrong_fallbacks(spec: TrainingJobSpec | None, fallbacks: Sequence[object]) -> Iterator[str]:
    """What is wrong with the fallbacks of a job, a sentence each."""
    if isinstance(fallbacks, TrainingJobSpec):
        yield "fallbacks: got one spec, expected a list of them"
        return
    tried: list[object] = [spec]
    for position, each in enumerate(fallbacks):
        if not isinstance(each, TrainingJobSpec):
            yield f"fallbacks[{position}]: got a {type(each).__name__}, expected a TrainingJobSpec"
        elif each in tried:
            yield f"fallbacks[{position}]: got what is tried before it, expected other machines, subnets or no spot"
        tried.append(each)


def waiting_for(options: JobOptions, opts: ResourceOptions | None) -> ResourceOptions:
    """The resource options, with the role and the network of the job as what it depends on."""
    waits_for = [each for each in (options.get("role"), options.get("network")) if isinstance(each, pulumi.Resource)]
    return ResourceOptions.merge(ResourceOptions(depends_on=waits_for), opts)


OUTPUTS = (
    "adopted",
    "arn",
    "claim",
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
MEMBERS = tuple(TrainingJobSpec.model_fields)


def _supply(members: dict[str, Any], member: str, argument: str, value: Any) -> None:
    if value is None:
        return
    if member in members:
        raise DeclarationError(f"{argument} and spec.{member}: got both, expected one of them")
    members[member] = value


def _secret_members(members: Mapping[str, Any]) -> Output[list[str] | None]:
    """The paths, without list positions, of the values that are secrets: a provider gets them as plain values."""

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
        for item in value:
            yield from _outputs(path, item)
