"""Builds the properties of a job's resource from what a program declares.

Input: a spec, which may hold Outputs, the role, the network, the Region and the options. Output: the property bag that
is registered with the engine, or everything that is wrong, a sentence each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol, cast

import pulumi
from pulumi import Output, ResourceOptions

from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.program.aws_access import AwsAccess, explicit_provider
from sagemaker_constructs.program.stack_settings import find_region, no_region, stack_name
from sagemaker_constructs.reconcile.declared_values import DECLARED_VALUES, digests_of
from sagemaker_constructs.reconcile.options import JobOptions as Options

if TYPE_CHECKING:
    from sagemaker_constructs.api.deferred import Input
    from sagemaker_constructs.api.operation import VpcConfig
    from sagemaker_constructs.program.job_options import JobOptions


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


@dataclass(frozen=True)
class Declaration:
    """A job as a program declares it."""

    spec: TrainingJobSpec
    role: HasArn | Input[str] | None = None
    network: HasVpcConfig | None = None
    region: Input[str] | None = None
    options: JobOptions = field(default_factory=lambda: cast("JobOptions", {}))

    def mistakes(self, opts: ResourceOptions | None, *, makes_role: bool = False) -> Iterator[str]:
        """What is wrong with the arguments but for the options, a sentence each.

        Args:
            opts: the resource options, whose provider may have the Region.
            makes_role: whether a component makes the role where none is given.
        """
        yield from self._wrong_types()
        if isinstance(self.spec, TrainingJobSpec):  # pyright: ignore[reportUnnecessaryIsInstance]  people pass anything
            if self.role is not None and self.spec.role_arn is not None:
                yield "role cannot be combined with role_arn in the spec"
            if self.network is not None and self.spec.vpc_config is not None:
                yield "network cannot be combined with vpc_config in the spec"
            if self.role is None and self.spec.role_arn is None and not makes_role:
                yield "role is required: give role=…, or role_arn in the spec"
        if self.region is None and explicit_provider("aws", opts) is None and find_region() is None:
            yield no_region()

    def depending(self, opts: ResourceOptions | None) -> ResourceOptions:
        """The resource options, with the role and the network as what the job depends on."""
        resources = [each for each in (self.role, self.network) if isinstance(each, pulumi.Resource)]
        return ResourceOptions.merge(ResourceOptions(depends_on=resources), opts)

    def with_spec(self, spec: TrainingJobSpec) -> Declaration:
        """The same for another spec."""
        return replace(self, spec=spec)

    def _wrong_types(self) -> Iterator[str]:
        role, network = self.role, self.network
        if not isinstance(self.spec, TrainingJobSpec):  # pyright: ignore[reportUnnecessaryIsInstance]
            yield f"spec: got a {type(self.spec).__name__}, expected a TrainingJobSpec"
        if not (role is None or isinstance(role, str | Output) or hasattr(role, "arn")):
            yield f"role: got a {type(role).__name__}, expected an ARN, or a role that has one"
        if not (network is None or hasattr(network, "vpc_config")):
            yield f"network: got a {type(network).__name__}, expected a TrainingNetwork, or an object with a vpc_config"


def job_properties(
    kind: type[pulumi.Resource],
    name: str,
    declaration: Declaration,
    access: AwsAccess,
    opts: ResourceOptions | None,
    *,
    identity: Output[str],
) -> dict[str, Any]:
    """The properties of a job's resource.

    Args:
        kind: the class of the resource.
        name: its name.
        declaration: the job, without mistakes.
        access: its Region and AWS settings.
        opts: the resource options, of which the parent and `retain_on_delete` are used.
        identity: that of the state.
    """
    members = declaration.spec.to_members()
    role, network = declaration.role, declaration.network
    if role is not None:
        members["role_arn"] = role if isinstance(role, str | Output) else role.arn
    if network is not None:
        members["vpc_config"] = network.vpc_config.to_members()
    options = dict(Options.model_validate(declaration.options))
    if opts is not None and opts.retain_on_delete:
        options["on_delete"] = "retain"  # the engine deletes nothing, and the job's tags tell so
    secrets = secret_paths({**members, "default_tags": access.default_tags})
    if "tags" in members:
        members["tags"] = tag_mapping(members["tags"])
    declared = {
        **members,
        **options,
        "name_prefix": None if "training_job_name" in members else options["name_prefix"] or name,
        "declared_as": _declared_as(kind, name, opts),
        "aws_settings": access.stored,
        "default_tags": access.default_tags,
        "ignore_tags": access.ignore_tags,
        "owner": stack_name(),
        "region": access.region,
        "state_identity": identity,
        "secret_members": secrets,
        "model_artifacts": _mark(members.get("output_data_config")),
    }
    return {**dict.fromkeys(OUTPUTS), **declared, DECLARED_VALUES: declared_values(declared)}


def tag_mapping(tags: Any) -> Any:
    """Tags as every resource of pulumi-aws has them, so that a program's transformation can add some.

    A list where a key is not known yet, for it cannot be that of a mapping.
    """
    if isinstance(tags, Output):
        return cast("Output[Any]", tags).apply(tag_mapping)
    if not isinstance(tags, list) or not all(isinstance(tag, Mapping) and isinstance(tag["key"], str) for tag in tags):
        return tags
    return {tag["key"]: tag["value"] for tag in tags}


def secret_paths(members: Mapping[str, Any]) -> Output[list[str] | None] | None:
    """The paths, without list positions, of the values that are secrets: a provider receives them as plain values."""
    outputs = list(_outputs("", members))
    if not outputs:
        return None

    async def paths() -> list[str] | None:
        return sorted({path for path, value in outputs if await value.is_secret()}) or None

    return Output.from_input(cast("Any", paths()))


def declared_values(properties: Mapping[str, Any]) -> Output[list[str]]:
    """The digests of the values that may be shown: those that are known, and no secrets."""

    async def digests() -> list[str]:
        found = [*digests_of(properties)]
        for path, output in _outputs("", properties):
            if not await output.is_secret():
                found += digests_of({path: await output.future(with_unknowns=True)})
        return sorted(set(found))

    return Output.from_input(cast("Any", digests()))


def with_marked(declared: Output[list[str] | None], outputs: Mapping[str, Output[Any]]) -> Output[list[str] | None]:
    """The declared paths, and the members that the engine marks as secret without one: a transform made them so."""

    async def paths() -> list[str] | None:
        found = await declared.future() or []
        known = {path.partition(".")[0] for path in found}
        marked = [name for name, value in outputs.items() if name not in known and await value.is_secret()]
        return sorted([*found, *marked]) or None

    return Output.from_input(cast("Any", paths()))


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
            yield f"fallbacks[{position}] must differ from what is tried before it: other machines, subnets or no spot"
        tried.append(each)


def _mark(output_data_config: Any) -> Output[str] | None:
    """A text that is a secret where the output path is one, in the place of what `check` plans.

    The engine marks a property that a provider answers as a secret where the input of the same name is one.
    """
    outputs = _outputs("", {"output_data_config": output_data_config})
    deciding = next((value for path, value in outputs if path in DECIDING_MODEL), None)
    return None if deciding is None else deciding.apply(lambda _: "")


DECIDING_MODEL = frozenset({"output_data_config", "output_data_config.s3_output_path"})
"""Where an Output decides `model_artifacts`."""


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


def _declared_as(kind: type[pulumi.Resource], name: str, opts: ResourceOptions | None) -> Input[str]:
    """Type path and name of the resource: its URN without the stack and the project, which may be renamed."""
    token = f"pulumi-python:{kind._resource_type_name}"  # noqa: SLF001  # pyright: ignore  of every dynamic resource
    parent = opts.parent if opts else None
    if parent is None:
        return f"{token}::{name}"

    async def below_parent() -> str:  # an Output of its own: that of the URN depends on the parent, and so on this
        urn = str(await parent.urn.future())
        return f"{urn[: urn.rfind('::')].split('::', 2)[2]}${token}::{name}"

    return Output.from_input(cast("Any", below_parent()))


def _outputs(path: str, value: Any) -> Iterable[tuple[str, Output[Any]]]:
    if isinstance(value, Output):
        yield path, cast("Output[Any]", value)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _outputs(f"{path}.{key}" if path else key, item)
    elif isinstance(value, list):
        for item in value:
            yield from _outputs(path, item)
