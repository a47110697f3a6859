"""Reads the values in which the environments differ.

Input: the stack's configuration; Pulumi.yaml has the defaults, all as strings, for of values of another type the engine
would report the first that is wrong, and nothing else. Output: `Settings`, or one error with every mistake.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
from pulumi.runtime import get_config_env
from pulumi.runtime.config import CONFIG
from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from sagemaker_constructs.network.address_plan import MOST_ZONES

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


class Settings(BaseModel):
    """What an environment may choose."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rounds: int = Field(ge=1)
    """Boosting rounds."""
    max_depth: int = Field(ge=1, le=20)
    """Depth of a tree at most."""
    instance_type: str = Field(pattern=r"^ml\.[a-z0-9-]+\.[a-z0-9]+$")
    """Machine type, such as `ml.m5.large`."""
    instance_count: int = Field(ge=1)
    """Machines."""
    spot: bool
    """Whether to train on spot capacity."""
    max_runtime_in_seconds: int = Field(ge=60, le=2_419_200)
    """Longest training time, in seconds; at most 28 days (StoppingCondition)."""
    zones: int = Field(ge=1, le=MOST_ZONES)
    """Availability Zones of the network."""
    disposable: bool
    """Whether destroying the stack may delete the bucket with its models."""
    protected: bool = False
    """Whether the bucket cannot be deleted, and the jobs are left as they are when the stack is destroyed."""
    guardrails: str | None = None
    """File of the guardrails, relative to the project's folder, which the provider reads."""

    @field_validator("protected")
    @classmethod
    def _not_disposable(cls, protected: bool, info: ValidationInfo) -> bool:
        if protected and info.data.get("disposable"):
            raise ValueError("expected false in a stack that is disposable")
        return protected


class SettingsError(pulumi.RunError):
    """The stack's configuration has missing, invalid or unknown values. The program ends with this text."""


def settings() -> Settings:
    """The settings of the selected stack.

    Raises:
        SettingsError: a value is missing, invalid or unknown; lists all of them.
    """
    # Config.get would also take a value from an environment variable of its own, such as PULUMI_CONFIG_PROJECT_ROUNDS.
    configuration = {**get_config_env(), **CONFIG.get()}
    namespace = f"{pulumi.get_project()}:"
    values = {key.removeprefix(namespace): value for key, value in configuration.items() if key.startswith(namespace)}
    try:
        return Settings.model_validate_strings(values)
    except ValidationError as error:
        stack = pulumi.get_stack()
        mistakes = "".join(f"\n  - {_mistake(details, stack)}" for details in error.errors())
        raise SettingsError(f"Configuration of stack {stack!r}: {error.error_count()} mistake(s){mistakes}") from None


def _mistake(details: ErrorDetails, stack: str) -> str:
    name = str(details["loc"][0])
    if details["type"] == "extra_forbidden":
        return f"{name}: unknown setting; remove it: pulumi config rm {name} --stack {stack}"
    to_do = f"pulumi config set {name} VALUE --stack {stack}"
    if details["type"] == "missing":
        return f"{name}: missing; set it: {to_do}"
    expected = details["msg"].removeprefix("Value error, ")
    for said, wanted in (("Input should be", "expected"), ("String should match", "expected a text that matches")):
        expected = expected.replace(said, wanted)
    return f"{name}: got {details['input']!r}, {expected}; set it: {to_do}"
