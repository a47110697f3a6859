"""`ExistingRole`: an execution role from elsewhere, looked at and left as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi_aws as aws

from sagemaker_constructs.permissions.policy import RoleRefusedError
from sagemaker_constructs.permissions.trust import distrust
from sagemaker_constructs.program.invokes import looking_up

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
        RoleRefusedError: the role is not there, another one has its name, or it does not.
    """
    expected = "a role of the stack's account that is there; without check=True it is not looked up"
    with looking_up(RoleRefusedError, f"role: got {arn!r}", expected):
        found = aws.iam.get_role(name=_name(arn), opts=opts)
    if found.arn != arn:
        raise RoleRefusedError(f"role: got {arn!r}, expected {found.arn!r}, which is the role of that name here")
    reason = distrust(found.assume_role_policy, arn.split(":")[4])
    if reason:
        raise RoleRefusedError(
            f"role {arn} does not let sagemaker.amazonaws.com assume it, so that no job can run with it: {reason}; "
            "change that, or let TrainingRole make one"
        )
    return arn
