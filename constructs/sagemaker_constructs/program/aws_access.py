"""Finds the AWS settings of a resource: those of its explicit `aws.Provider`, given or inherited, or the stack's.

Input: the resource options. Output: `AwsAccess`: Region, settings to store, tags. An `aws.Provider` object hides most
of its inputs; the engine returns them all by the function that serves resource references, in a preview too.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import pulumi
from pulumi import Output, ProviderResource, ResourceOptions
from pulumi.runtime.config import is_config_secret
from pydantic.alias_generators import to_camel

from sagemaker_constructs.api.deferred import UNKNOWN, is_deferred
from sagemaker_constructs.api.mistakes import DeclarationError
from sagemaker_constructs.aws.clients import profile_region
from sagemaker_constructs.aws.settings import NAMES, STORED_ELSEWHERE, AwsSettings, provider_settings
from sagemaker_constructs.program.stack_settings import find_region, stack_region, stack_settings

if TYPE_CHECKING:
    from sagemaker_constructs.api.deferred import Input


@dataclass(frozen=True)
class AwsAccess:
    """Where a resource is in AWS, and with what it is reached."""

    region: Input[str]
    stored: Input[str] | None
    """What the resource stores as `aws_settings`; None where the engine gives its provider the stack's settings."""
    default_tags: Any
    ignore_tags: Any
    provider: ProviderResource | None = None
    """The explicit `aws.Provider`, if there is one."""
    other_region: str | None = None
    """The resource's own Region, where it is not that of the settings."""

    @property
    def scope(self) -> tuple[str, ...]:
        """What tells it from other ways to reach AWS in the same program; empty for the stack's own settings."""
        return tuple(filter(None, (self.provider and self.provider.pulumi_resource_name, self.other_region)))

    @property
    def for_waits(self) -> Output[str | None]:
        """`stored` for waits: a preview has none, and what a wait returns is no secret because of credentials."""
        return Output.unsecret(Output.from_input(None if pulumi.runtime.is_dry_run() else self.stored))


def aws_access(name: str, opts: ResourceOptions | None, region: Input[str] | None) -> AwsAccess:
    """The settings of a resource.

    Args:
        name: the resource, for errors.
        opts: its options.
        region: its own Region. Default: that of the settings.

    Raises:
        DeclarationError: nothing says the Region.
    """
    provider = explicit_provider("aws", opts)
    if provider is None:
        return _of_stack(name, opts, region)
    if provider not in _READ:
        _READ[provider] = provider.urn.apply(_read)
    found = _READ[provider]
    return AwsAccess(
        region=region or found.apply(_region_of),
        stored=found.apply(lambda inputs: inputs.take(AwsSettings.stored, *set(NAMES) - STORED_ELSEWHERE)),
        default_tags=found.apply(lambda inputs: inputs.take(_default_tags, "defaultTags")),
        ignore_tags=found.apply(lambda inputs: inputs.take(_ignore_tags, "ignoreTags")),
        provider=provider,
        other_region=region if isinstance(region, str) else None,
    )


def explicit_provider(package: str, opts: ResourceOptions | None) -> ProviderResource | None:
    """The provider of a package that the options of a resource name, or that its parent hands down."""
    if opts is None:
        return None
    several = opts.providers or ()
    given = [opts.provider, *(several.values() if isinstance(several, Mapping) else several)]
    own = next((each for each in given if each is not None and each.package == package), None)
    return own or (opts.parent.get_provider(f"{package}:index:Resource") if opts.parent else None)


@dataclass(frozen=True)
class _ProviderInputs:
    """The inputs of an `aws.Provider`."""

    name: str
    settings: AwsSettings
    """Without the inputs that are not known yet."""
    unknown: frozenset[str]
    secret: bool
    """Whether one of them is a secret; which one, the SDK does not tell."""

    def take(self, of: Callable[[AwsSettings], Any], *names: str) -> Any:
        """What follows from the inputs of these names; unknown while one of them is, and a secret where it may be."""
        if self.unknown.intersection(names):
            return UNKNOWN
        value = of(self.settings)
        return Output.secret(value) if self.secret and value is not None else value


_READ: WeakKeyDictionary[ProviderResource, Output[_ProviderInputs]] = WeakKeyDictionary()
"""By provider, for one look serves every resource that has it."""


def _read(urn: str) -> _ProviderInputs:
    """The inputs of a registered provider, as the engine has them after transforms."""
    name = urn.rpartition("::")[2]
    try:
        found = pulumi.runtime.invoke("pulumi:pulumi:getResource", {"urn": urn})
        inputs: Mapping[str, Any] = found.value["state"]
    except Exception as error:  # noqa: BLE001  the SDK raises no class of its own
        raise DeclarationError(
            f"aws.Provider {name!r}: the engine does not tell its settings, so account and Region of the job are not "
            f"known ({error}): create the provider in this program"
        ) from None
    accepted = inputs.keys() & _accepted()
    unknown = frozenset(each for each in accepted if is_deferred(inputs[each]))
    settings = provider_settings(name, {each: inputs[each] for each in accepted - unknown})
    return _ProviderInputs(name, settings, unknown, found.is_secret)


def _accepted() -> set[str]:
    """What the installed pulumi_aws accepts; mocks of unit tests add outputs that are no inputs."""
    import pulumi_aws  # noqa: PLC0415  a program without an explicit provider may not need it

    return {to_camel(name) for name in inspect.signature(pulumi_aws.ProviderArgs).parameters}


def _region_of(inputs: _ProviderInputs) -> Any:
    """The Region of a provider, which is no secret."""
    if inputs.unknown.intersection(("region", "profile")):
        return UNKNOWN
    region = inputs.settings.region or profile_region(inputs.settings.profile)
    if not region:
        raise DeclarationError(f"aws.Provider {inputs.name!r}: region is required")
    return region


def _of_stack(name: str, opts: ResourceOptions | None, region: Input[str] | None) -> AwsAccess:
    settings = stack_settings()
    # An explicit provider for dynamic resources gets nothing of the stack's configuration.
    stored = settings.stored() if explicit_provider("pulumi-python", opts) else None
    return AwsAccess(
        region=region or stack_region(name),
        stored=_secret_like(set(NAMES) - STORED_ELSEWHERE, stored),
        default_tags=_secret_like({"defaultTags"}, _default_tags(settings)),
        ignore_tags=_secret_like({"ignoreTags"}, _ignore_tags(settings)),
        other_region=region if isinstance(region, str) and region != find_region() else None,
    )


def _secret_like(names: Iterable[str], value: Any) -> Any:
    """The value, a secret where one of the stack's settings is."""
    secret = value is not None and any(is_config_secret(f"aws:{name}") for name in names)
    return Output.secret(value) if secret else value


def _default_tags(settings: AwsSettings) -> dict[str, str] | None:
    return dict(settings.default_tags.tags) or None


def _ignore_tags(settings: AwsSettings) -> dict[str, list[str]] | None:
    found = {"keys": list(settings.ignore_tags.keys), "key_prefixes": list(settings.ignore_tags.key_prefixes)}
    return found if any(found.values()) else None
