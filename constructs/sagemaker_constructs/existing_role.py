"""Looks up an execution role that exists already: `TrainingRole.from_existing`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi_aws as aws
from pulumi import Output

from sagemaker_constructs.addresses.arns import ROLE_FORM, Arn, parse_arn
from sagemaker_constructs.permissions.policy import RoleRefusedError
from sagemaker_constructs.permissions.trust import trust_problem
from sagemaker_constructs.program.arguments import ValueArgument, refuse, value_mistakes
from sagemaker_constructs.program.invokes import lookup_errors
from sagemaker_constructs.program.resource_arns import arn_of

if TYPE_CHECKING:
    from pulumi import InvokeOptions

    from sagemaker_constructs.api.deferred import Input
    from sagemaker_constructs.program.job_properties import HasArn

_ROLE = "the ARN of a role, or a role resource"
_ARGUMENTS = {"role": ValueArgument(_ROLE, "arn", pattern=ROLE_FORM, required=True)}


class ExistingRole:
    """An execution role that this stack does not manage."""

    arn: Output[str]
    """The role's ARN."""
    name: Output[str]
    """The role's name."""

    def __init__(self, arn: Output[str]) -> None:
        self.arn = arn
        self.name = arn.apply(lambda known: _parsed(known).resource_name)


def existing_role(role: HasArn | Input[str], *, check: bool, opts: InvokeOptions | None) -> ExistingRole:
    """The role of an ARN or of a resource, on request with its trust policy checked.

    Raises:
        RoleRefusedError: it is not a role, does not exist, or does not trust SageMaker.
    """
    refuse(RoleRefusedError, "TrainingRole.from_existing", value_mistakes(_ARGUMENTS, {"role": role}))
    arn = arn_of(role)
    if check:  # at once where the ARN is known, so that a mistake is the program's own error
        arn = _checked(arn, opts) if isinstance(arn, str) else arn.apply(lambda known: _checked(known, opts))
    return ExistingRole(Output.from_input(arn))


def _checked(arn: str, opts: InvokeOptions | None) -> str:
    """The ARN, if its role exists and trusts SageMaker."""
    parsed = _parsed(arn)
    expected = "an existing role of the stack's account; check=False skips this lookup"
    with lookup_errors(RoleRefusedError, f"role: got {arn!r}", expected):
        found = aws.iam.get_role(name=parsed.resource_name, opts=opts)
    if found.arn is None:  # pyright: ignore[reportUnnecessaryComparison]  by the mocks of a unit test
        return arn
    if found.arn != arn:
        raise RoleRefusedError(f"role: got {arn!r}, expected {found.arn!r}, the role of that name in this account")
    problem = trust_problem(found.assume_role_policy, parsed.account)
    if problem:
        raise RoleRefusedError(
            f"role {arn} does not let sagemaker.amazonaws.com assume it: {problem}. No job can run with it: change its "
            "trust policy, or use a TrainingRole"
        )
    return arn


def _parsed(arn: str) -> Arn:
    """The parts of an ARN, which is not validated yet where it was an Output."""
    parsed = parse_arn(arn)
    if parsed is None:
        raise RoleRefusedError(f"role: got {arn!r}, expected {_ROLE}")
    return parsed
