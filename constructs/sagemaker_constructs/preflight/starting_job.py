"""Collects what is known of a job that a preview starts.

Input: the job's properties as the program has them, and its outputs. Output: a `StartingJob`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi import Output

from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.api.tree import values_at
from sagemaker_constructs.aws.answers import secret_texts
from sagemaker_constructs.permissions.member_paths import FOLDERS, S3
from sagemaker_constructs.reconcile.bag import PLANNED, Properties
from sagemaker_constructs.reconcile.effects import needs_new_job
from sagemaker_constructs.reconcile.options import OPTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pulumi

    from sagemaker_constructs.preflight.readers import Place

_MEMBERS = tuple(TrainingJobSpec.model_fields)
_WRITTEN = (f"{S3}.s3_uri", *FOLDERS["outputs"], *FOLDERS["checkpoints"])
"""Paths of the S3 addresses, of which those count as written that are no output of another resource."""


@dataclass(frozen=True, eq=False)
class StartingJob:
    """A job that this update starts, unless it exists."""

    resource: pulumi.Resource
    known: Mapping[str, Any]
    """The properties that are known, the addresses that are `written` out among them."""
    unknown: frozenset[str]
    """The names of those that are not known yet."""
    secrets: frozenset[str]
    own_role: bool
    """Whether this stack makes the role."""

    @property
    def name(self) -> str:
        """The name of the resource."""
        return self.resource.pulumi_resource_name

    @property
    def place(self) -> Place | None:
        """Region and settings; None while they are not known."""
        unknown = self.unknown.intersection(("region", "aws_settings"))
        return None if unknown else (self.known["region"], self.known.get("aws_settings"))

    @property
    def planned_name(self) -> str | None:
        """The name that the provider has planned; None while it is not known."""
        return self.known.get("training_job_name")

    def declared(self) -> Properties | None:
        """The declaration, to be compared with a job that exists; None while what defines the model is not known."""
        declared = Properties(self.known)
        strict = () if "strict" in self.unknown else declared.options.strict
        compared = {name for name in _MEMBERS if needs_new_job(name, strict)}
        needed = {*compared, "training_job_name", "fingerprint", "owner", "strict"}
        return None if needed & self.unknown else declared


async def starting_job(resource: pulumi.Resource, properties: Mapping[str, Any], *, own_role: bool) -> StartingJob:
    """The job, when it is registered.

    Args:
        resource: the job's resource.
        properties: its properties as the program has them.
        own_role: whether the program has the role as a resource.
    """
    # The members as the provider has validated them, and what it has planned; the options as they were declared, for a
    # preview does not know an output that is no input. A component of a test has neither.
    names = (*PLANNED, *(name for name in _MEMBERS if properties.get(name) is not None))
    values = {**{name: properties.get(name) for name in OPTIONS}, "region": properties["region"]}
    values |= {name: getattr(resource, name, properties.get(name)) for name in names}
    known: dict[str, Any] = {}
    unknown: set[str] = set()
    for name, value in values.items():
        output = Output.from_input(value)
        if not await output.is_known():
            unknown.add(name)
        elif (found := await output.future()) is not None:
            known[name] = found
    known["written"] = [
        uri for path in _WRITTEN for uri in values_at(properties, path) if isinstance(uri, str)
    ]  # an output is none
    paths = await Output.from_input(getattr(resource, "secret_paths", None)).future() or ()
    own_role = own_role or await _is_of_this_stack(properties.get("role_arn"))
    return StartingJob(resource, known, frozenset(unknown), secret_texts(known, paths), own_role)


async def _is_of_this_stack(role_arn: Any) -> bool:
    """Whether a role's ARN is the output of a role in this stack."""
    made_by = await Output.from_input(role_arn).resources()
    return any("iam" in each.pulumi_resource_type and each.pulumi_resource_type.endswith(":Role") for each in made_by)
