"""`TrainingRole`: the execution role that SageMaker assumes for a job, made from what the job needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws
from pulumi import ComponentResource, InvokeOutputOptions, Output, ResourceOptions

from sagemaker_constructs.policy import Place, policy_document, trust_document

if TYPE_CHECKING:
    from sagemaker_constructs.api.spec import TrainingJobSpec
    from sagemaker_constructs.job import HasVpcConfig


class TrainingRole(ComponentResource):
    """An IAM role for one job, or for several, that allows what they need and nothing else.

    A `TrainingJob` that is given this role waits for its policy, not only for the role.

    Args:
        name: the resource's name; the role's own name is this and a random suffix.
        spec: the job, or the jobs, that run with the role.
        network: the network that the jobs are given beside their spec, if any.
        path: IAM path of the role. Default `/`.
        permissions_boundary: ARN of a policy that bounds the role. Default: none.
        tags: tags of the role. Default: none but the stack's default tags.
        opts: the usual resource options.
    """

    arn: Output[str]
    """The role's ARN."""
    name: Output[str]
    """The role's name."""
    role: aws.iam.Role
    policy: aws.iam.RolePolicy
    """What the role may do."""

    def __init__(
        self,
        name: str,
        spec: TrainingJobSpec | Iterable[TrainingJobSpec],
        *,
        network: HasVpcConfig | None = None,
        path: pulumi.Input[str] | None = None,
        permissions_boundary: pulumi.Input[str] | None = None,
        tags: Mapping[str, pulumi.Input[str]] | None = None,
        opts: ResourceOptions | None = None,
    ) -> None:
        super().__init__("sagemaker-constructs:index:TrainingRole", name, {}, opts)
        place = _place(InvokeOutputOptions(parent=self))
        jobs = [_members(each, network) for each in _several(spec)]
        self.role = aws.iam.Role(
            name,
            assume_role_policy=place.apply(trust_document),
            path=path,
            permissions_boundary=permissions_boundary,
            tags=tags,
            opts=ResourceOptions(parent=self),
        )
        self.policy = aws.iam.RolePolicy(
            name,
            role=self.role.name,
            policy=Output.all(place=place, jobs=jobs).apply(
                lambda known: policy_document(known["jobs"], known["place"])
            ),
            opts=ResourceOptions(parent=self),
        )
        self.arn = self.role.arn
        self.name = self.role.name
        self.register_outputs({"arn": self.arn, "name": self.name})


def _several(spec: TrainingJobSpec | Iterable[TrainingJobSpec]) -> list[TrainingJobSpec]:
    from sagemaker_constructs.api.spec import TrainingJobSpec  # noqa: PLC0415

    return [spec] if isinstance(spec, TrainingJobSpec) else list(spec)


def _members(spec: TrainingJobSpec, network: HasVpcConfig | None) -> dict[str, Any]:
    members = spec.to_members()
    return {**members, "vpc_config": network.vpc_config.to_members()} if network else members


def _place(opts: InvokeOutputOptions) -> Output[Place]:
    return Output.all(
        aws.get_partition_output(opts=opts).partition,
        aws.get_region_output(opts=opts).region,
        aws.get_caller_identity_output(opts=opts).account_id,
    ).apply(lambda known: Place(*known))
