"""The values in which the environments differ, typed.

Input: the stack's configuration; Pulumi.yaml has the defaults. Output: `Settings`.
"""

from __future__ import annotations

import pulumi
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What an environment may choose. A value that is not of its form stops the preview."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True)

    rounds: int = Field(ge=1)
    """Boosting rounds."""
    max_depth: int = Field(ge=1, le=20)
    """Depth of a tree at most."""
    instance_type: str
    """Machine type, such as `ml.m5.large`."""
    instance_count: int = Field(ge=1)
    """Machines."""
    spot: bool
    """Whether to train on spot capacity."""
    max_runtime_in_seconds: int = Field(ge=60)
    """Longest training time, in seconds."""
    zones: int = Field(ge=1, le=16)
    """Availability Zones of the network."""
    disposable: bool
    """Whether destroying the stack may delete the bucket with its models."""


def settings() -> Settings:
    """The settings of the selected stack."""
    config = pulumi.Config()
    values = {name: config.get(name) for name in Settings.model_fields}
    return Settings.model_validate({name: value for name, value in values.items() if value is not None})
