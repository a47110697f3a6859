"""`StateIdentity`: what tells the state of a stack from every other one, so that two never own the same job."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
from pulumi import Output, ResourceOptions, dynamic

from sagemaker_constructs.program.aws_access import explicit_provider
from sagemaker_constructs.program.once_a_run import once_a_run
from sagemaker_constructs.providers import StateIdentityProvider
from sagemaker_constructs.reconcile.identity import BACKEND, TAKE_OVER

if TYPE_CHECKING:
    from sagemaker_constructs.program.aws_access import AwsAccess


class StateIdentity(dynamic.Resource, module="sagemaker", name="StateIdentity"):
    """An identity that the stack's state keeps, for its jobs of one Region and account.

    A program does not make it: the first job does. Nothing in AWS belongs to it but a tag on each job. It is deleted
    after all jobs, and then stops those that an interrupted update has started and no resource has recorded.
    """

    identity: Output[str]
    """A UUID and the backend of the state, `<uuid>@<url>`."""

    def __init__(self, name: str, access: AwsAccess, opts: ResourceOptions | None) -> None:
        properties = {
            "identity": None,
            "region": access.region,
            "aws_settings": access.stored,
            "take_over": _configured(TAKE_OVER),
            "backend_name": _configured(BACKEND),
        }
        super().__init__(StateIdentityProvider(), name, properties, opts)

    @classmethod
    def of(cls, access: AwsAccess, opts: ResourceOptions | None) -> StateIdentity:
        """The identity for the jobs that are reached in this way, made when it is asked for first.

        Args:
            access: how the job is reached.
            opts: the options of the job, whose provider for dynamic resources is used.
        """
        name = "-".join(("training-jobs", *access.scope))
        made = _identities()
        if name not in made:
            dynamic_provider = explicit_provider("pulumi-python", opts)
            made[name] = cls(name, access, ResourceOptions(provider=dynamic_provider))
        return made[name]


@once_a_run
def _identities() -> dict[str, StateIdentity]:
    """Those of the program, by name."""
    return {}


def _configured(key: str) -> str | None:
    namespace, _, name = key.partition(":")
    return pulumi.Config(namespace).get(name)
