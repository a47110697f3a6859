"""`TrainingRole`: the execution role that SageMaker assumes for a job, made from what the job needs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Protocol

import pulumi
import pulumi_aws as aws
from pulumi import ComponentResource, InvokeOptions, InvokeOutputOptions, Output, ResourceOptions

from sagemaker_constructs.existing_role import ExistingRole, trusted
from sagemaker_constructs.permissions.locations import location
from sagemaker_constructs.permissions.needs import Needs, needs_of, relevant, switches
from sagemaker_constructs.permissions.policy import RoleRefusedError, policy_document, trust_document
from sagemaker_constructs.permissions.scope import Scope
from sagemaker_constructs.program.arguments import One, Several, listed_specs, refuse, several, wrong_ones, wrong_tags

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sagemaker_constructs.api.deferred import Input
    from sagemaker_constructs.api.spec import TrainingJobSpec
    from sagemaker_constructs.program.job_properties import HasArn, HasVpcConfig


class HasKey(Protocol):
    """A `TrainingBucket`, or what else has a name and a KMS key."""

    @property
    def name(self) -> Output[str]:
        """The bucket's name."""
        ...

    @property
    def key(self) -> Output[str | None]:
        """The key that encrypts the bucket's objects, if it is one of one's own."""
        ...


_POLICY = r"arn:[\w-]+:iam::(?:aws|\d{12}):policy/\S+"
_SEVERAL = {
    "also_reads": Several("addresses in S3", deferred=True),
    "read_keys": Several("KMS keys, by ARN, id or alias, or as resources", "arn", deferred=True),
    "write_keys": Several("KMS keys, by ARN, id or alias, or as resources", "arn", deferred=True),
    "pull_through_caches": Several("prefixes of ECR repositories", deferred=True),
    "buckets": Several("TrainingBuckets", "key", text=False),
    "policies": Several("ARNs of managed policies, or the policies", "arn", pattern=_POLICY),
}
_ONE = {
    "path": One("an IAM path, which begins and ends with a slash, such as /teams/", pattern=r"/([\x21-\x7e]+/)?"),
    "permissions_boundary": One("the ARN of a managed policy", pattern=_POLICY),
    "region": One("a Region"),
    "role": One("the ARN of a role, or a role", "arn", pattern=r"arn:[\w-]+:iam::\d{12}:role/\S+", required=True),
}


class TrainingRole(ComponentResource):
    """An IAM role for one job, or for several, that allows what they need and nothing else.

    A `TrainingJob` that is given this role waits for its policies, not only for the role.

    Args:
        name: the resource's name; the role's own name is this and a random suffix.
        spec: the job, or the jobs, that run with the role.
        network: the network that the jobs are given beside their spec, if any.
        region: where the jobs run. Default: the stack's Region.
        also_reads: addresses in S3 that the jobs read and their requests do not tell, such as `s3://bucket/images/`
            for what a manifest lists, the model of `source_model_package_arn`, or what the code reads by itself.
        buckets: each `TrainingBucket` that the jobs use. Those that read one may decrypt with its key, those that write
            to one may encrypt with it.
        read_keys: KMS keys of other buckets that the jobs read, by ARN, id or alias, or as resources.
        write_keys: KMS keys of other buckets that the jobs write to, for models, checkpoints and the like. Beside
            `kms_key_id` of the output, which the request tells.
        pull_through_caches: prefixes of ECR repositories that are pull-through caches, such as `docker-hub`.
        policies: managed policies to attach beside the one that is made, by ARN or as resources. An attachment is named
            after its policy, so that taking one out detaches no other; at most one is an Output, which tells no name.
        path: IAM path of the role. Default `/`.
        permissions_boundary: ARN of a policy that bounds the role. Default: none.
        tags: tags of the role. Default: none but the stack's default tags.
        opts: the usual resource options.

    The arguments with several values take any iterable, and all but `buckets` and `policies` also one Output of a list.

    Raises:
        RoleRefusedError: an argument is none of what it takes.
        PolicyTooLongError: the jobs need more than IAM lets one role's inline policy say.
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
        specs, wrong = listed_specs(spec)
        wrong += wrong_tags(tags)
        wrong += wrong_ones(_ONE, {"region": region, "path": path, "permissions_boundary": permissions_boundary})
        given = _given(
            name,
            wrong,
            also_reads=also_reads,
            buckets=buckets,
            read_keys=read_keys,
            write_keys=write_keys,
            pull_through_caches=pull_through_caches,
            policies=policies,
        )
        super().__init__("sagemaker-constructs:index:TrainingRole", name, {}, opts)
        child = ResourceOptions(parent=self)
        scope = _scope(region, InvokeOutputOptions(parent=self))
        attached = {_policy_name(each): each for each in given.pop("policies") or ()}
        keys = [{"bucket": each.name, "key": each.key} for each in given.pop("buckets") or ()]
        jobs = [_members(each, network) for each in specs]
        # What the trust depends on is known in a preview in which buckets and subnets are not.
        trust = Output.all(scope=scope, jobs=[switches(each) for each in jobs])
        policy = Output.all(scope=scope, jobs=[relevant(each) for each in jobs], also=given, keys=keys)
        self.role = aws.iam.Role(
            name,
            assume_role_policy=trust.apply(lambda known: trust_document(known["scope"], needs_of(known["jobs"]))),
            path=path,
            permissions_boundary=permissions_boundary,
            tags=tags,
            opts=child,
        )
        self.policy = aws.iam.RolePolicy(
            name,
            role=self.role.name,
            policy=policy.apply(self._document),
            opts=child,
        )
        for policy_name, attached_policy in attached.items():
            arn = _arn(attached_policy)
            aws.iam.RolePolicyAttachment(f"{name}-{policy_name}", role=self.role.name, policy_arn=arn, opts=child)
        self.arn = self.role.arn
        self.name = self.role.name
        self.register_outputs({"arn": self.arn, "name": self.name})

    def _document(self, known: Mapping[str, Any]) -> str:
        manifests = needs_of(known["jobs"]).manifests
        if manifests and not known["also"]["also_reads"]:
            pulumi.log.warn(
                f"{', '.join(sorted(manifests))}: a manifest lists data elsewhere, which this role cannot read: name "
                "where they lie with also_reads",
                self,
            )
        also = _given(self._name, (), **known["also"])  # again, now that Outputs are known
        needs = _needs(also)
        used = needs_of(known["jobs"]) | needs
        return policy_document(known["jobs"], known["scope"], needs | _bucket_keys(used, known["keys"]))

    @staticmethod
    def from_existing(
        role: HasArn | Input[str], *, check: bool = False, opts: InvokeOptions | None = None
    ) -> ExistingRole:
        """A role from elsewhere, which is left as it is.

        Args:
            role: the role, or its ARN.
            check: whether the role is looked at in the preview, and refused where it is not there under this very ARN,
                or does not trust SageMaker for training jobs of its account. Whether it allows what a job needs, the
                job's preflight tells.
            opts: options of the look-up.

        Raises:
            RoleRefusedError: the role is not there, or does not trust SageMaker.
        """
        refuse(RoleRefusedError, "TrainingRole.from_existing", wrong_ones(_ONE, {"role": role}))
        arn = _arn(role)
        if check:  # at once where the ARN is known, so that a refusal is the program's own error
            arn = trusted(arn, opts) if isinstance(arn, str) else arn.apply(lambda known: trusted(known, opts))
        return ExistingRole(Output.from_input(arn))


def _given(name: str, others: Iterable[str], **arguments: Any) -> dict[str, Any]:
    """The arguments with several values, resources but policies as their ARNs; refused with others, if any are."""
    lists, wrong = several(_SEVERAL, arguments)
    refuse(RoleRefusedError, f"TrainingRole {name!r}", [*others, *(wrong or _same_names(lists.get("policies") or ()))])
    return {key: _arns(value) if _SEVERAL[key].text and key != "policies" else value for key, value in lists.items()}


def _policy_name(policy: HasArn | Input[str]) -> str:
    """What an attachment is called after: IAM's name of the policy, or the resource's own; an Output tells none."""
    if isinstance(policy, pulumi.Resource):
        return policy.pulumi_resource_name
    arn = _arn(policy)
    return arn.rpartition("/")[2] if isinstance(arn, str) else "output"


def _same_names(policies: Iterable[HasArn | Input[str]]) -> list[str]:
    return [
        f"policies: got {count} that are called {name!r}, expected names that tell the attachments apart, so that none "
        "is detached with another: attach one with an aws.iam.RolePolicyAttachment of your own"
        for name, count in Counter(map(_policy_name, policies)).items()
        if count > 1
    ]


def _arns(values: Any) -> Any:
    return values if isinstance(values, Output) else [_arn(each) for each in values or ()]


def _arn(value: HasArn | Input[str]) -> Input[str]:
    return value if isinstance(value, str | Output) else value.arn


def _members(spec: TrainingJobSpec, network: HasVpcConfig | None) -> dict[str, Any]:
    members = spec.to_members()
    return {**members, "vpc_config": network.vpc_config.to_members()} if network else members


def _needs(also: Mapping[str, list[str]]) -> Needs:
    return Needs(
        inputs=frozenset(location(uri) for uri in also["also_reads"]),
        read_keys=frozenset(also["read_keys"]),
        write_keys=frozenset(also["write_keys"]),
        caches=frozenset(also["pull_through_caches"]),
    )


def _bucket_keys(used: Needs, keys: Iterable[Mapping[str, Any]]) -> Needs:
    """The keys of buckets, each for what the jobs do in its bucket."""
    encrypted = {each["bucket"]: each["key"] for each in keys if each["key"]}
    written = {each.bucket for each in used.outputs | used.checkpoints}
    return Needs(
        read_keys=frozenset(encrypted[bucket] for bucket in encrypted.keys() & used.buckets),
        write_keys=frozenset(encrypted[bucket] for bucket in encrypted.keys() & written),
    )


def _scope(region: Input[str] | None, opts: InvokeOutputOptions) -> Output[Scope]:
    return Output.all(
        aws.get_partition_output(opts=opts).partition,
        aws.get_region_output(opts=opts).region if region is None else region,
        aws.get_caller_identity_output(opts=opts).account_id,
    ).apply(lambda known: Scope(*known))
