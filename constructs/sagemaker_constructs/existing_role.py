"""`ExistingRole`: an execution role from elsewhere, looked at and left as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi_aws as aws

from sagemaker_constructs.lookup import looking_up
from sagemaker_constructs.permissions.policy import RoleRefusedError, trusts_sagemaker

if TYPE_CHECKING:
    from pulumi import InvokeOptions, Output


class ExistingRole:
    """An execution role from elsewhere: `TrainingRole.from_existing`."""

    arn: Output[str]
    """The role's ARN."""
    name: Output[str]
    """The role's name."""

    def __init__(self, arn: Output[str]) -> None:
        self.arn = arn
        self.name = arn.apply(_name)


def _name(arn: str) -> str:
    return arn.rpartition("/")[2]


def trusted(arn: str, opts: InvokeOptions | None) -> str:
    """The ARN, when its role was found to trust SageMaker.

    Raises:
        RoleRefusedError: the role is not there, or does not.
    """
    expected = "a role of the stack's account that is there; without check=True it is not looked up"
    with looking_up(RoleRefusedError, f"role: got {arn!r}", expected):
        trust = aws.iam.get_role(name=_name(arn), opts=opts).assume_role_policy
    if not trusts_sagemaker(trust):
        raise RoleRefusedError(
            f"role {arn}: its trust policy does not let sagemaker.amazonaws.com assume it, so that no job can run with "
            "it: add that statement to the role, or let TrainingRole make one"
        )
    return arn
