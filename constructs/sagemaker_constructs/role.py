"""Creates the execution role that SageMaker assumes for training jobs: `TrainingRole`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws
from pulumi import ComponentResource, InvokeOptions, InvokeOutputOptions, Output, ResourceOptions

from sagemaker_constructs.api.confidential import secrets_masked
from sagemaker_constructs.aws.answers import secret_texts
from sagemaker_constructs.existing_role import ExistingRole, existing_role
from sagemaker_constructs.permissions.declared import bucket_key_needs, declared_needs
from sagemaker_constructs.permissions.member_paths import feature_members, role_members
from sagemaker_constructs.permissions.needs import needs_of
from sagemaker_constructs.permissions.policy import policy_document, trust_document
from sagemaker_constructs.program import current_scope
from sagemaker_constructs.program.job_properties import secret_paths
from sagemaker_constructs.program.physical_names import ROLE, ROLE_POLICY, naming
from sagemaker_constructs.program.role_arguments import read_role_arguments

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sagemaker_constructs.api.deferred import Input
    from sagemaker_constructs.api.spec import TrainingJobSpec
    from sagemaker_constructs.program.job_properties import HasArn, HasVpcConfig
    from sagemaker_constructs.program.role_arguments import HasKey


class TrainingRole(ComponentResource):
    """An IAM role that allows what one or more jobs need, and nothing else.

    A `TrainingJob` with this role waits for its policies as well as for the role.

    Args:
        name: the resource's name. The role's physical name is this name with a random suffix, shortened and with
            hyphens in place of characters that IAM does not accept.
        spec: the job, or the jobs, that run with the role.
        network: the network of the jobs, where it is not part of their spec.
        region: Region in which the jobs run. Default: the stack's Region.
        also_reads: S3 addresses that the jobs read beside those in their requests, such as `s3://bucket/images/` for
            the objects that a manifest lists, the model of `source_model_package_arn`, or what the code itself reads.
        buckets: each `TrainingBucket` that the jobs use. A job that reads one may decrypt with its key, a job that
            writes to one may encrypt with it.
        read_keys: KMS keys of other buckets that the jobs read: ARNs, ids, aliases, or key resources.
        write_keys: KMS keys of other buckets that the jobs write to, for models, checkpoints and the like. The
            `kms_key_id` of the output is allowed anyway.
        pull_through_caches: prefixes of ECR repositories that are pull-through caches, such as `docker-hub`.
        policies: managed policies to attach, as ARNs or resources. An attachment is named after its policy, so that
            removing one policy detaches no other. At most one may be an Output, for its name is not known.
        path: IAM path of the role. Default: `/`.
        permissions_boundary: ARN of the role's permissions boundary. Default: none.
        tags: tags of the role. Default: only the stack's default tags.
        opts: the usual resource options.

    Arguments with several values accept any iterable; all but `buckets` and `policies` also accept an Output of a list.

    Raises:
        RoleRefusedError: arguments are wrong. The error lists every mistake.
        PolicyTooLongError: the policy exceeds IAM's quota for the inline policies of a role.
    """

    arn: Output[str]
    """The role's ARN."""
    name: Output[str]
    """The role's name."""
    role: aws.iam.Role
    policy: aws.iam.RolePolicy
    """The role's permissions."""

    def __init__(
        self,
        name: str,
        spec: TrainingJobSpec | Iterable[TrainingJobSpec],
        *,
        network: HasVpcConfig | None = None,
        region: Input[str] | None = None,
        also_reads: Input[Iterable[Input[str]]] = (),
        buckets: Iterable[HasKey] = (),
        read_keys: Input[Iterable[HasArn | Input[str]]] = (),
        write_keys: Input[Iterable[HasArn | Input[str]]] = (),
        pull_through_caches: Input[Iterable[Input[str]]] = (),
        policies: Iterable[HasArn | Input[str]] = (),
        path: Input[str] | None = None,
        permissions_boundary: Input[str] | None = None,
        tags: Mapping[str, Input[str]] | None = None,
        opts: ResourceOptions | None = None,
    ) -> None:
        given = {
            "also_reads": also_reads,
            "buckets": buckets,
            "path": path,
            "permissions_boundary": permissions_boundary,
            "policies": policies,
            "pull_through_caches": pull_through_caches,
            "read_keys": read_keys,
            "region": region,
            "write_keys": write_keys,
        }
        self._arguments = read_role_arguments(name, spec, tags, given)
        super().__init__("sagemaker-constructs:index:TrainingRole", name, {}, opts)
        child = ResourceOptions(parent=self)
        scope = current_scope.scope(InvokeOutputOptions(parent=self), region)
        jobs = [_members(each, network) for each in self._arguments.specs]
        # Apart from the policy: a preview knows what the trust depends on, even where buckets and subnets are unknown.
        trust = Output.all(scope=scope, jobs=[feature_members(each) for each in jobs])
        used = {"jobs": [role_members(each) for each in jobs], "permissions": self._arguments.permissions}
        policy = Output.all(
            scope=scope, bucket_keys=self._arguments.bucket_keys, secret_paths=secret_paths(used), **used
        )
        self.role = aws.iam.Role(
            name,
            assume_role_policy=trust.apply(lambda known: trust_document(needs_of(known["jobs"]), known["scope"])),
            path=path,
            permissions_boundary=permissions_boundary,
            tags=tags,
            opts=child,
            **naming(name, ROLE),
        )
        self.policy = aws.iam.RolePolicy(
            name,
            role=self.role.name,
            policy=policy.apply(self._document_without_secrets),
            opts=child,
            **naming(name, ROLE_POLICY),
        )
        for policy_name, arn in self._arguments.policies.items():
            aws.iam.RolePolicyAttachment(f"{name}-{policy_name}", role=self.role.name, policy_arn=arn, opts=child)
        self.arn = self.role.arn
        self.name = self.role.name
        self.register_outputs({"arn": self.arn, "name": self.name})

    def _document_without_secrets(self, known: Mapping[str, Any]) -> str:
        with secrets_masked(secret_texts(known, known["secret_paths"] or ())):
            return self._document(known)

    def _document(self, known: Mapping[str, Any]) -> str:
        permissions = known["permissions"]
        self._arguments.refuse_late_mistakes(permissions)
        needs = needs_of(known["jobs"])
        if needs.manifests and not permissions["also_reads"]:
            pulumi.log.warn(
                f"{', '.join(sorted(needs.manifests))}: this role cannot read the objects that a manifest lists: pass "
                "their S3 prefixes with also_reads",
                self,
            )
        needs |= declared_needs(**permissions)
        needs |= bucket_key_needs(needs, known["bucket_keys"])
        return policy_document(needs, known["scope"], jobs=len(known["jobs"]))

    @staticmethod
    def from_existing(
        role: HasArn | Input[str], *, check: bool = False, opts: InvokeOptions | None = None
    ) -> ExistingRole:
        """A role that this stack does not manage.

        Args:
            role: the role, or its ARN.
            check: whether to look up the role in the preview, and to refuse it where no role has exactly this ARN, or
                where it does not trust SageMaker for training jobs of its account. The job's preflight checks whether
                it allows what the job needs.
            opts: options of the lookup.

        Raises:
            RoleRefusedError: the role does not exist, or does not trust SageMaker.
        """
        return existing_role(role, check=check, opts=opts)


def _members(spec: TrainingJobSpec, network: HasVpcConfig | None) -> dict[str, Any]:
    members = spec.to_members()
    return {**members, "vpc_config": network.vpc_config.to_members()} if network else members
