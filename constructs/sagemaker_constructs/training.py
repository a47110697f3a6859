"""`Training`: a role, a job and its result in one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from pulumi import ComponentResource, Output, ResourceOptions

from sagemaker_constructs.job import TrainingJob
from sagemaker_constructs.result import TrainingResult  # noqa: TC001  the SDK evaluates a resource's annotations
from sagemaker_constructs.role import TrainingRole

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sagemaker_constructs.api.deferred import Input
    from sagemaker_constructs.api.spec import TrainingJobSpec
    from sagemaker_constructs.job import HasArn, HasVpcConfig
    from sagemaker_constructs.reconcile.decisions import OnDelete, OnFailure
    from sagemaker_constructs.result import ResultOptions
    from sagemaker_constructs.role import HasKey


class Training(ComponentResource):
    """Train a model, wait for it, and hand it on.

    Args:
        name: the name of the component and of its parts, and the prefix of the job's name.
        spec: what to train, with what, on what.
        network: the network for the job's machines. Default: SageMaker's own.
        role: the execution role. Default: a `TrainingRole` that allows what the spec and its fallbacks need.
        also_reads: what the role may read beside the spec's inputs; see `TrainingRole`. Default: nothing.
        buckets: each `TrainingBucket` that the job uses, for its key; see `TrainingRole`. Default: none.
        read_keys: KMS keys of other buckets that the job reads; see `TrainingRole`. Default: none.
        write_keys: KMS keys of other buckets that the job writes. Default: none.
        fallbacks: what to train instead where AWS has no machines; see `TrainingJob.result`. Default: nothing.
        region: AWS Region. Default: the stack's.
        on_delete: what becomes of the job when the component goes: `stop` (default), `delete` or `retain`.
        on_failure: whether the next `up` starts a new run after one failed: `retrain` (default) or `keep`.
        opts: the usual resource options; the job starts after what `depends_on` names, such as its data.
        **options: those of `TrainingResult`, with its defaults: no timeout, no log, and only a job that completed
            is a result.

    Raises:
        ValueError: the role, the network or the Region is missing or given twice.
        RoleRefusedError, PolicyTooLongError: as `TrainingRole` does.
    """

    role: TrainingRole | None
    """The role that was made for the job; None where one was given."""
    job: TrainingJob
    result: TrainingResult
    model_artifacts: Output[str]
    """S3 URI of the model."""

    def __init__(
        self,
        name: str,
        spec: TrainingJobSpec,
        *,
        network: HasVpcConfig | None = None,
        role: HasArn | Input[str] | None = None,
        fallbacks: Iterable[TrainingJobSpec] = (),
        also_reads: Input[Iterable[Input[str]]] = (),
        buckets: Iterable[HasKey] = (),
        read_keys: Input[Iterable[HasArn | Input[str]]] = (),
        write_keys: Input[Iterable[HasArn | Input[str]]] = (),
        region: Input[str] | None = None,
        on_delete: OnDelete = "stop",
        on_failure: OnFailure = "retrain",
        opts: ResourceOptions | None = None,
        **options: Unpack[ResultOptions],
    ) -> None:
        super().__init__("sagemaker-constructs:index:Training", name, {}, opts)
        child = ResourceOptions(parent=self)
        specs = [spec, *fallbacks]
        makes_role = role is None and spec.role_arn is None
        self.role = (
            TrainingRole(
                name,
                specs,
                network=network,
                region=region,
                also_reads=also_reads,
                buckets=buckets,
                read_keys=read_keys,
                write_keys=write_keys,
                opts=child,
            )
            if makes_role
            else None
        )
        self.job = TrainingJob(
            name,
            spec,
            role=self.role or role,
            network=network,
            region=region,
            on_delete=on_delete,
            on_failure=on_failure,
            opts=ResourceOptions(parent=self, depends_on=opts.depends_on if opts else None),
        )
        self.result = self.job.result(name, fallbacks=specs[1:], opts=child, **options)
        self.model_artifacts = self.result.model_artifacts
        self.register_outputs({"model_artifacts": self.model_artifacts})
