"""Rejects a preview whose credentials are of an account that is not allowed, or not that of the job's role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi import Output

from sagemaker_constructs.addresses.arns import parse_arn
from sagemaker_constructs.api.mistakes import DeclarationError
from sagemaker_constructs.aws.errors import FORBIDDEN_ACCOUNT, ServiceError
from sagemaker_constructs.preflight.readers import readers_of_run
from sagemaker_constructs.program.mocks import with_mocks
from sagemaker_constructs.program.once_a_run import once_a_run
from sagemaker_constructs.program.stack_settings import settings_of

if TYPE_CHECKING:
    from collections.abc import Mapping


async def require_account(name: str, properties: Mapping[str, Any]) -> None:
    """Verify the account of the credentials of a job that starts, as far as it is known.

    Args:
        name: the job, for the error.
        properties: its properties as the program has them.

    Raises:
        DeclarationError: the job cannot start in that account.
    """
    names = ("region", "aws_settings", "role_arn")
    region, stored, role = (Output.from_input(properties.get(name)) for name in names)
    if with_mocks() or not (await region.is_known() and await stored.is_known()):
        return
    place: tuple[Any, Any] = (await region.future(), await stored.future())
    of_role = await role.future() if await role.is_known() else None
    if (*place, of_role) not in _verified():
        _verified().add((*place, of_role))
        await verify_account(name, *place, role=of_role)


@once_a_run
def _verified() -> set[tuple[str | None, ...]]:
    """The Regions, settings and roles that were verified: hundreds of jobs may have the same."""
    return set()


async def verify_account(name: str, region: str, stored: str | None, *, role: str | None = None) -> None:
    """Compare the account of the credentials with that of a role. Where nobody may look, AWS itself will refuse.

    Raises:
        DeclarationError: the accounts differ, or the settings do not allow this one.
    """
    if settings_of(stored).skip_requesting_account_id:
        return
    readers = readers_of_run()
    try:
        account = await readers.account((region, stored))
    except TimeoutError:
        return
    except ServiceError as error:
        if error.code == FORBIDDEN_ACCOUNT:
            raise DeclarationError(f"TrainingJob {name!r}: {error}") from None
        return
    arn = parse_arn(role) if role else None
    if arn and arn.account != account:
        raise DeclarationError(
            f"TrainingJob {name!r}: role_arn {role!r} is a role of account {arn.account}, but the job would be started "
            f"with credentials of account {account}: use a role of that account, or give the job an aws.Provider with "
            f"credentials of account {arn.account}"
        )
