"""Reads and validates the arguments of a TrainingRole.

Input: the arguments, as a program passed them. Output: `RoleArguments`, or an error that lists every mistake.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import pulumi
from pulumi import Output

from sagemaker_constructs.addresses.arns import POLICY_FORM, parse_arn
from sagemaker_constructs.permissions.policy import RoleRefusedError
from sagemaker_constructs.program.arguments import (
    ListArgument,
    ValueArgument,
    late_list_mistakes,
    read_lists,
    read_specs,
    refuse,
    tag_mistakes,
    value_mistakes,
)
from sagemaker_constructs.program.resource_arns import arn_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sagemaker_constructs.api.deferred import Input
    from sagemaker_constructs.api.spec import TrainingJobSpec
    from sagemaker_constructs.program.job_properties import HasArn


class HasKey(Protocol):
    """A `TrainingBucket`, or another object with a bucket's name and KMS key."""

    @property
    def name(self) -> Output[str]:
        """The bucket's name."""
        ...

    @property
    def key(self) -> Output[str | None]:
        """The KMS key that encrypts the bucket's objects; None for S3's own key."""
        ...


_KEY = ListArgument("the ARN, id or alias of a KMS key, or a key resource", "arn", deferred=True)
_PERMISSIONS = {
    "also_reads": ListArgument("an S3 address", deferred=True),
    "read_keys": _KEY,
    "write_keys": _KEY,
    "pull_through_caches": ListArgument("the prefix of ECR repositories", deferred=True),
}
_RESOURCES = {
    "buckets": ListArgument("a TrainingBucket", "key", text=False),
    "policies": ListArgument("the ARN of a managed policy, or a policy resource", "arn", pattern=POLICY_FORM),
}
_VALUES = {
    "path": ValueArgument("an IAM path that starts and ends with a slash, as in /teams/", pattern=r"/([\x21-\x7e]+/)?"),
    "permissions_boundary": ValueArgument("the ARN of a managed policy", pattern=POLICY_FORM),
    "region": ValueArgument("the name of a Region"),
}


@dataclass(frozen=True, slots=True)
class RoleArguments:
    """Validated arguments of a role."""

    role: str
    """The role as errors name it."""
    specs: list[TrainingJobSpec]
    permissions: Mapping[str, Any]
    """Permissions beside those of the specs: lists, whose items may be Outputs, or Outputs of lists."""
    bucket_keys: list[Mapping[str, Output[Any]]]
    """`bucket` and `key` of each bucket."""
    policies: Mapping[str, Input[str]]
    """ARNs of managed policies, by the names of their attachments."""

    def refuse_late_mistakes(self, permissions: Mapping[str, Any]) -> None:
        """Refuse mistakes in what was an Output.

        Args:
            permissions: `permissions` of these arguments with the values of the Outputs.

        Raises:
            RoleRefusedError: there are mistakes.
        """
        refuse(RoleRefusedError, self.role, late_list_mistakes(_PERMISSIONS, self.permissions, permissions))


def read_role_arguments(name: str, spec: object, tags: object, given: Mapping[str, Any]) -> RoleArguments:
    """The arguments of a role.

    Args:
        name: the role's name.
        spec: the job, or the jobs.
        tags: the role's tags.
        given: the other arguments by name.

    Raises:
        RoleRefusedError: there are mistakes.
    """
    specs, mistakes = read_specs(spec)
    lists, list_mistakes = read_lists(
        {**_PERMISSIONS, **_RESOURCES}, {name: given[name] for name in (*_PERMISSIONS, *_RESOURCES)}
    )
    policies: list[HasArn | Input[str]] = lists["policies"] or []
    refuse(
        RoleRefusedError,
        role := f"TrainingRole {name!r}",
        [
            *mistakes,
            *tag_mistakes(tags),
            *value_mistakes(_VALUES, {name: given[name] for name in _VALUES}),
            *(list_mistakes or _name_mistakes(policies)),
        ],
    )
    return RoleArguments(
        role=role,
        specs=specs,
        permissions={name: _arns(lists[name]) for name in _PERMISSIONS},
        bucket_keys=[{"bucket": each.name, "key": each.key} for each in lists["buckets"] or ()],
        policies={_attachment_name(each): arn_of(each) for each in policies},
    )


def _attachment_name(policy: HasArn | Input[str]) -> str:
    """The name of an attachment: that of the policy in IAM, or of the resource; an Output has none that is known."""
    if isinstance(policy, pulumi.Resource):
        return policy.pulumi_resource_name
    arn = arn_of(policy)
    parsed = parse_arn(arn) if isinstance(arn, str) else None
    return parsed.resource_name if parsed else "output"


def _name_mistakes(policies: Iterable[HasArn | Input[str]]) -> list[str]:
    return [
        f"policies: got {count} named {name!r}, expected unique names: attachments are named after their policies, and "
        "removing one would detach another of its name; attach one with an aws.iam.RolePolicyAttachment of your own"
        for name, count in Counter(map(_attachment_name, policies)).items()
        if count > 1
    ]


def _arns(values: Any) -> Any:
    return values if isinstance(values, Output) else [arn_of(each) for each in values or ()]
