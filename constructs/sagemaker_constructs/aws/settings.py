"""Reads the AWS settings of a stack, or of an explicit `aws.Provider`, in the form of pulumi-aws.

Input: the stack's configuration under `aws:`, or the inputs of a provider; structured values are JSON text in both.
Output: `AwsSettings`. A setting that decides account or route and cannot be followed is an error.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from sagemaker_constructs.aws.errors import ReconcileError

AccountId = Annotated[str, BeforeValidator(lambda value: f"{value:012d}" if isinstance(value, int) else value)]
"""An account id; `pulumi config set --path` writes one without quotes, which is then a number."""


Secret = Annotated[SecretStr, PlainSerializer(lambda secret: secret.get_secret_value())]
"""A value that no log shows; `AwsSettings.stored` writes it out."""


def _one_file(files: tuple[str, ...]) -> tuple[str, ...]:
    if len(files) > 1:
        raise PydanticCustomError("files", "more than one file is not supported: put the profile into one of them")
    return files


def _unsupported_no_proxy(_: str) -> str:
    raise PydanticCustomError(
        "no_proxy", "is not supported: set HTTPS_PROXY and NO_PROXY in the environment instead of the proxy settings"
    )


Files = Annotated[tuple[str, ...], AfterValidator(_one_file)]
"""Paths of which boto3 reads one."""


_CONFIG = ConfigDict(alias_generator=to_camel, defer_build=True, extra="ignore", frozen=True, populate_by_name=True)
"""Names of pulumi-aws; a process that needs no settings does not wait for their validators."""


class AssumeRole(BaseModel):
    """One role to assume; several are assumed one after the other (`aws:assumeRoles`)."""

    model_config = ConfigDict(
        defer_build=True, alias_generator=to_camel, frozen=True, extra="ignore", populate_by_name=True
    )

    role_arn: str
    session_name: str = "pulumi"
    external_id: str | None = None
    duration: str | None = None
    """Such as `1h30m`, Go's notation; default one hour."""
    policy: str | None = None
    policy_arns: tuple[str, ...] = ()
    source_identity: str | None = None
    tags: Mapping[str, str] = Field(default_factory=dict)
    transitive_tag_keys: tuple[str, ...] = ()


class WebIdentity(BaseModel):
    """A role to assume by an identity provider's token, before the others (`aws:assumeRoleWithWebIdentity`)."""

    model_config = ConfigDict(
        defer_build=True, alias_generator=to_camel, frozen=True, extra="ignore", populate_by_name=True
    )

    role_arn: str
    session_name: str = "pulumi"
    duration: str | None = None
    policy: str | None = None
    policy_arns: tuple[str, ...] = ()
    web_identity_token: Secret | None = None
    web_identity_token_file: str | None = None

    @model_validator(mode="after")
    def _has_one_token(self) -> Self:
        if (self.web_identity_token is None) == (self.web_identity_token_file is None):
            raise PydanticCustomError("token", "requires either webIdentityToken or webIdentityTokenFile")
        return self


TagValue = Annotated[str, BeforeValidator(lambda value: f"{value:g}" if type(value) in (int, float) else value)]
"""A tag's value; `pulumi config set --path` writes a number without quotes here, too."""


class DefaultTags(BaseModel):
    """Tags for everything that the stack creates (`aws:defaultTags`)."""

    model_config = _CONFIG

    tags: Mapping[str, TagValue] = Field(default_factory=dict)


class IgnoreTags(BaseModel):
    """Tags that others put on what the stack creates, and that are left as they are (`aws:ignoreTags`)."""

    model_config = ConfigDict(
        defer_build=True, alias_generator=to_camel, frozen=True, extra="ignore", populate_by_name=True
    )

    keys: tuple[str, ...] = ()
    key_prefixes: tuple[str, ...] = ()


class AwsSettings(BaseModel):
    """What of the `aws:` settings concerns calls to SageMaker. Whatever is absent falls to boto3's own chain."""

    model_config = ConfigDict(
        defer_build=True, alias_generator=to_camel, frozen=True, extra="ignore", populate_by_name=True
    )

    region: str | None = None
    profile: str | None = None
    access_key: Secret | None = None
    secret_key: Secret | None = None
    token: Secret | None = None
    shared_config_files: Files = ()
    shared_credentials_files: Files = ()
    skip_metadata_api_check: bool = False
    """Whether credentials are not looked for in the metadata of an EC2 instance."""
    ec2_metadata_service_endpoint: str | None = None
    ec2_metadata_service_endpoint_mode: str | None = None
    assume_role_with_web_identity: WebIdentity | None = None
    assume_roles: tuple[AssumeRole, ...] = ()
    sts_region: str | None = None
    endpoints: Mapping[str, str] = Field(default_factory=dict)
    """By service, under the names that pulumi-aws uses; its list of one-key mappings is merged."""
    max_retries: int | None = None
    retry_mode: Literal["legacy", "standard", "adaptive"] | None = None
    default_tags: DefaultTags = Field(default_factory=DefaultTags)
    ignore_tags: IgnoreTags = Field(default_factory=IgnoreTags)
    allowed_account_ids: tuple[AccountId, ...] = ()
    forbidden_account_ids: tuple[AccountId, ...] = ()
    skip_requesting_account_id: bool = False
    """Whether the service has no STS to ask for the account."""
    use_fips_endpoint: bool = False
    use_dualstack_endpoint: bool = False
    s3_use_path_style: bool = False
    s3_us_east1_regional_endpoint: Literal["legacy", "regional"] | None = None
    http_proxy: str | None = None
    https_proxy: str | None = None
    no_proxy: Annotated[str, AfterValidator(_unsupported_no_proxy)] | None = None
    custom_ca_bundle: str | None = None
    insecure: bool = False
    """Whether certificates are not verified."""

    @field_validator("endpoints", mode="before")
    @classmethod
    def _merge(cls, value: Any) -> Any:
        listed = value if isinstance(value, list) else [value]
        if not all(isinstance(item, Mapping) for item in listed):
            return value
        return {name: url for item in listed for name, url in item.items() if url}

    def stored(self) -> str:
        """The settings as a resource stores them: JSON, without what its other properties say. It may hold secrets."""
        dumped = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return json.dumps({name: dumped[name] for name in dumped if name not in STORED_ELSEWHERE}, sort_keys=True)


NAMES = tuple(field.alias or name for name, field in AwsSettings.model_fields.items())
"""The settings under pulumi-aws's names."""
STORED_ELSEWHERE = frozenset({"region", "defaultTags", "ignoreTags"})
"""Those that are properties of their own of a job."""
NO_EFFECT = frozenset(
    {
        "pluginChecksums",
        "pluginDownloadURL",
        "skipCredentialsValidation",
        "skipRegionValidation",
        "tagPolicyCompliance",
        "tokenBucketRateLimiterCapacity",
        "userAgents",
        "version",
    }
)
"""Inputs of an `aws.Provider` that decide neither account nor route, and no tag."""


def aws_settings(get: Callable[[str], Any]) -> AwsSettings:
    """Read the stack's settings. `get` looks a key up in its configuration (`aws:region`), None where it is absent.

    Raises ReconcileError with every key whose value is not of its form; the values may be secrets and are not shown.
    """
    found = {name: get(f"aws:{name}") for name in NAMES}
    return _validated(found, "aws:", "pulumi config shows what is set")


def provider_settings(name: str, inputs: Mapping[str, Any]) -> AwsSettings:
    """Read the settings of an explicit provider.

    Args:
        name: the resource's name, for errors.
        inputs: its inputs under pulumi-aws's names.

    Raises:
        ReconcileError: an input is not of its form, or is none that this version understands.
    """
    where = f"aws.Provider {name!r}: "
    unknown = sorted(key for key in inputs if key not in {*NAMES, *NO_EFFECT} and not key.startswith("__"))
    if unknown:
        raise ReconcileError(
            f"{where}{', '.join(unknown)} may decide account or route, which this version of sagemaker_constructs does "
            "not understand: leave it out, or give the job another provider"
        )
    return _validated(inputs, where, "correct the provider's arguments")


def stored_settings(stored: str) -> AwsSettings:
    """The settings that `AwsSettings.stored` wrote."""
    return _validated(json.loads(stored), "aws_settings: ", "run `pulumi up`, which records them again")


def _validated(found: Mapping[str, Any], where: str, advice: str) -> AwsSettings:
    try:
        return AwsSettings.model_validate({name: _parsed(value) for name, value in found.items() if value is not None})
    except ValidationError as error:
        wrong = [f"{where}{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
        raise ReconcileError(f"{'; '.join(wrong)}; {advice}") from None


def _parsed(value: Any) -> Any:
    """A structured value from its JSON. What is none stays text, a number too: an account id has leading zeros."""
    if isinstance(value, str) and value[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
