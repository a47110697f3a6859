"""The AWS settings of the stack, as pulumi-aws reads them under `aws:`.

Input: the stack's configuration, where structured values are JSON text. Output: `AwsSettings`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic.alias_generators import to_camel

from sagemaker_constructs.aws.errors import ReconcileError

AccountId = Annotated[str, BeforeValidator(lambda value: f"{value:012d}" if isinstance(value, int) else value)]
"""An account id; `pulumi config set --path` writes one without quotes, which is then a number."""


class AssumeRole(BaseModel):
    """One role to assume; several are assumed one after the other (`aws:assumeRoles`)."""

    model_config = ConfigDict(alias_generator=to_camel, frozen=True, extra="ignore", populate_by_name=True)

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


TagValue = Annotated[str, BeforeValidator(lambda value: f"{value:g}" if type(value) in (int, float) else value)]
"""A tag's value; `pulumi config set --path` writes a number without quotes here, too."""


class DefaultTags(BaseModel):
    """Tags for everything that the stack creates (`aws:defaultTags`)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    tags: Mapping[str, TagValue] = Field(default_factory=dict)


class AwsSettings(BaseModel):
    """What of the `aws:` settings concerns calls to SageMaker. Whatever is absent falls to boto3's own chain."""

    model_config = ConfigDict(alias_generator=to_camel, frozen=True, extra="ignore", populate_by_name=True)

    region: str | None = None
    profile: str | None = None
    access_key: SecretStr | None = None
    secret_key: SecretStr | None = None
    token: SecretStr | None = None
    endpoints: Mapping[str, str] = Field(default_factory=dict)
    """By service, under the names that pulumi-aws uses; its list of one-key mappings is merged."""
    max_retries: int | None = None
    retry_mode: Literal["legacy", "standard", "adaptive"] | None = None
    assume_roles: tuple[AssumeRole, ...] = ()
    default_tags: DefaultTags = DefaultTags()
    allowed_account_ids: tuple[AccountId, ...] = ()
    forbidden_account_ids: tuple[AccountId, ...] = ()
    use_fips_endpoint: bool = False
    use_dualstack_endpoint: bool = False

    @field_validator("endpoints", mode="before")
    @classmethod
    def _merge(cls, value: Any) -> Any:
        listed = value if isinstance(value, list) else [value]
        if not all(isinstance(item, Mapping) for item in listed):
            return value
        return {name: url for item in listed for name, url in item.items() if url}


def aws_settings(get: Callable[[str], Any]) -> AwsSettings:
    """Read the settings. `get` looks a key up in the stack's configuration (`aws:region`), None where it is absent.

    Raises ReconcileError with every key whose value is not of its form; the values may be secrets and are not shown.
    """
    found = {field.alias or name: get(f"aws:{field.alias or name}") for name, field in AwsSettings.model_fields.items()}
    try:
        return AwsSettings.model_validate({name: _parsed(value) for name, value in found.items() if value is not None})
    except ValidationError as error:
        wrong = [f"aws:{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
        raise ReconcileError(f"{'; '.join(wrong)}; pulumi config shows what is set") from None


def _parsed(value: Any) -> Any:
    """A structured value from its JSON. What is none stays text, a number too: an account id has leading zeros."""
    if isinstance(value, str) and value[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
