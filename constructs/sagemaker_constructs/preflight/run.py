"""A look at a job's surroundings while `pulumi preview` runs, for what would make the job fail.

Only a preview looks, and only for a job that is new, replaced or changed. What is not known yet is not looked at. What
is found is said on the job's row, where several jobs have it in common on the first one's. Nothing of it stops an
update; only credentials of another account than the job's do.
"""

from __future__ import annotations

import asyncio
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

import pulumi
from pulumi import Output
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.settings import get_monitor

from sagemaker_constructs.addresses.arns import parse_arn
from sagemaker_constructs.api.masking import masked
from sagemaker_constructs.api.mistakes import DeclarationError
from sagemaker_constructs.api.tree import values_at
from sagemaker_constructs.aws.account import AwsAccountReader, CachedAccountReader
from sagemaker_constructs.aws.answers import secret_texts
from sagemaker_constructs.aws.errors import FORBIDDEN_ACCOUNT, ReconcileError, ServiceError
from sagemaker_constructs.permissions.member_paths import part
from sagemaker_constructs.preflight.checks import CHECKS, Check
from sagemaker_constructs.program.job_properties import MEMBERS
from sagemaker_constructs.program.stack_settings import settings_of
from sagemaker_constructs.reconcile.bag import PLANNED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sagemaker_constructs.aws.account import AccountReader

_PATIENCE = 30
"""Seconds that one check may take."""


def run_checks(job: pulumi.Resource, status: Output[Any], properties: Mapping[str, Any], *, own_role: bool) -> None:
    """Run the checks and report what they find, when what they need is known; returns at once.

    Args:
        job: whose row the findings belong to.
        status: an output of the job that a preview knows only where the job stays as it is.
        properties: the properties of the job as the program has them.
        own_role: whether this stack makes the role, whose policy may change in the same update.
    """
    if not pulumi.runtime.is_dry_run():
        return
    # The members as the provider has validated them, and what it has planned; the options as they were declared, for a
    # preview does not know an output that is no input. A component of a test has neither.
    outputs = [*PLANNED, *(name for name in MEMBERS if properties.get(name) is not None)]
    checked = {**properties, **{name: getattr(job, name, properties.get(name)) for name in outputs}}

    async def examine() -> None:
        if await status.is_known():
            return  # the job stays as it is: nothing will start
        secret_paths = getattr(job, "secret_paths", None)
        identity = properties.get("state_identity")
        is_of_a_state = isinstance(identity, Output) and await identity.is_known()  # that of a new stack is not
        for check in CHECKS.values():
            if own_role and check.of_a_foreign_role:
                continue
            members = part(properties, check.members)
            written = [value for path in check.members for value in values_at(members, path) if isinstance(value, str)]
            known = Output.all(
                job=part(checked, check.members),
                region=properties["region"],
                stored=properties.get("aws_settings"),
                written=written,
                secret_paths=secret_paths,
                state_identity=identity if is_of_a_state else None,
            )
            known.apply(lambda found, check=check: _look(job, check, found))

    Output.from_input(examine())


def require_account(name: str, properties: Mapping[str, Any]) -> None:
    """Reject a preview whose credentials are of an account that is not allowed, or not that of the job's role.

    Args:
        name: the job, for the error.
        properties: its properties as the program has them.
    """
    if not pulumi.runtime.is_dry_run() or isinstance(get_monitor(), MockMonitor):
        return
    place = Output.all(properties["region"], properties["aws_settings"])
    place.apply(lambda place: verify_account(name, *place))
    Output.all(place, properties["role_arn"]).apply(lambda known: verify_account(name, *known[0], role=known[1]))


async def verify_account(name: str, region: str, stored: str | None, *, role: str | None = None) -> None:
    """Compare the account of the credentials with that of a role. Where nobody may look, AWS itself will refuse.

    Raises:
        DeclarationError: the accounts differ, or the settings do not allow this one.
    """
    if settings_of(stored).skip_requesting_account_id:
        return
    reader = _run(pulumi.runtime.get_root_resource()).surroundings[region, stored]
    try:
        account = await asyncio.wait_for(asyncio.to_thread(reader.account), _PATIENCE)
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


async def _look(job: pulumi.Resource, check: Check, found: Mapping[str, Any]) -> None:
    region = found["region"]
    members = {**found["job"], **{name: found[name] for name in ("region", "state_identity", "written")}}
    secrets = secret_texts(found["job"], found["secret_paths"] or ())
    run = _run(pulumi.runtime.get_root_resource())
    try:
        surroundings = run.surroundings[region, found["stored"]]  # not in the thread, for all its checks share them
        look = asyncio.to_thread(lambda: list(check.find(surroundings, members)))
        sentences = await asyncio.wait_for(look, _PATIENCE)
    except TimeoutError:
        run.cannot_look(check, f"no answer in {_PATIENCE} seconds")
    except ServiceError as error:
        run.cannot_look(None if _of_every_look(error) else check, masked(str(error), secrets))
    except ReconcileError as error:  # the settings, before anything is asked
        run.cannot_look(None, str(error))
    else:
        log = pulumi.log.info if check.harmless else pulumi.log.warn
        for sentence in sentences:
            run.say(masked(sentence, secrets), lambda said: log(said, job))


class _Run:
    """What one run of the program asks, and has said."""

    def __init__(self) -> None:
        self._said: set[str] = set()
        self.surroundings: Mapping[_Place, AccountReader] = _SurroundingsByPlace()

    def cannot_look(self, check: Check | None, why: str) -> None:
        """Nobody may look at what is checked; None for a reason that all checks have in common, which is said once."""
        what = f"{check.what} cannot be looked at" if check else "cannot look"
        self.say(f"preflight: {what}: {why}", pulumi.log.info, once_for=what)

    def say(self, sentence: str, log: Callable[[str], None], *, once_for: str | None = None) -> None:
        """Say it, unless it was said."""
        if (once_for or sentence) not in self._said:
            self._said.add(once_for or sentence)
            log(sentence)


_Place = tuple[str, str | None]
"""A Region, and the AWS settings that the job stores, if it does."""


class _SurroundingsByPlace(dict[_Place, "AccountReader"]):
    """Surroundings that are asked each question once, by Region and settings."""

    def __missing__(self, place: _Place) -> AccountReader:
        region, stored = place
        self[place] = cast("AccountReader", CachedAccountReader(AwsAccountReader(settings_of(stored), region)))
        return self[place]


@lru_cache(maxsize=1)
def _run(stack: pulumi.Resource | None) -> _Run:
    """The run of a stack's program; a program may run several times in one process."""
    del stack
    return _Run()


def _of_every_look(error: ServiceError) -> bool:
    """Whether the cause is in the credentials or on the way to AWS."""
    of_the_way = error.no_access and not error.denied
    return of_the_way or error.code in _OF_THE_CREDENTIALS or str(error).startswith("AssumeRole for ")


_OF_THE_CREDENTIALS = frozenset(
    {"AuthFailure", FORBIDDEN_ACCOUNT, "InvalidAccessKeyId", "InvalidSignatureException", "SignatureDoesNotMatch"}
)
"""What other services than SageMaker say of credentials, and what a stack does."""
