"""Reads the name and the AWS settings of the stack that the program runs for.

Input: the stack's configuration and the environment. Output: the settings, or an error that says what to set.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pulumi

from sagemaker_constructs.api.mistakes import DeclarationError
from sagemaker_constructs.aws.clients import profile_region
from sagemaker_constructs.aws.settings import aws_settings, stored_settings
from sagemaker_constructs.program.once_a_run import once_a_run

if TYPE_CHECKING:
    from sagemaker_constructs.aws.settings import AwsSettings


def stack_name() -> str:
    """`organization/project/stack`, which is what the owner of a job is called."""
    return f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"


@once_a_run
def stack_settings() -> AwsSettings:
    """The stack's settings under `aws:`. Raises ReconcileError where one is not of its form."""
    return aws_settings(lambda key: pulumi.Config("aws").get(key.removeprefix("aws:")))


def settings_of(stored: str | None) -> AwsSettings:
    """The settings with which a resource reaches AWS: those that it stores, otherwise the stack's."""
    return stack_settings() if stored is None else stored_settings(stored)


@once_a_run
def find_region() -> str | None:
    """The stack's AWS Region, found where pulumi-aws looks for it; None where nothing says it."""
    config = pulumi.Config("aws")
    return (
        config.get("region")
        or os.environ.get("AWS_REGION")
        or os.environ.get("AWS_DEFAULT_REGION")
        or profile_region(config.get("profile"))
    )


def no_region() -> str:
    """What to do where nothing says the Region."""
    return "region is required: pulumi config set aws:region <region>"


def stack_region(name: str) -> str:
    """The stack's AWS Region.

    Args:
        name: the resource, for the error.

    Raises:
        DeclarationError: nothing says it.
    """
    region = find_region()
    if not region:
        raise DeclarationError(f"{name!r}: {no_region()}")
    return region
