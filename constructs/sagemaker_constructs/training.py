"""`Training`: a role, a job and its result in one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from pulumi import ComponentResource, Output, ResourceOptions

from sagemaker_constructs.api.mistakes import DeclarationError
from sagemaker_constructs.job import TrainingJob
from sagemaker_constructs.program.arguments import refuse, wrong_options
from sagemaker_constructs.program.job_properties import wrong_arguments, wrong_fallbacks
from sagemaker_constructs.result import ResultOptions, TrainingResult
from sagemaker_constructs.role import TrainingRole

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sagemaker_constructs.api.deferred import Input
    from sagemaker_constructs.api.spec import TrainingJobSpec
    from sagemaker_constructs.program.job_properties import HasArn, HasVpcConfig
    from sagemaker_constructs.reconcile.decisions import OnDelete, OnFailure, OnMissing
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
        name_prefix: as of `TrainingJob`, like the next seven, and with its defaults.
        on_delete: what becomes of the job when the component goes: `stop` (default), `delete` or `retain`.
        on_failure: whether the next `up` starts a new run after one failed: `retrain` (default) or `keep`.
        on_missing: whether it does after the job was deleted elsewhere: `keep` (default) or `retrain`.
        strict: members for which a change that says nothing about the model means a new job all the same.
        retrain_on_new_data: whether other objects under the input prefixes do. Default: no.
        pin_image: whether another image behind the same tag does. Default: no.
        preflight: whether a preview looks for what would make the job fail. Default: yes.
        opts: the usual resource options; the job starts after what `depends_on` names, such as its data.
        **options: those of `TrainingResult`, with its defaults: no timeout, no log, and only a job that completed
            is a result.

    Raises:
        DeclarationError: an argument is none, is missing or given twice.
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
        fallbacks: Sequence[TrainingJobSpec] = (),
        also_reads: Input[Iterable[Input[str]]] = (),
        buckets: Iterable[HasKey] = (),
        read_keys: Input[Iterable[HasArn | Input[str]]] = (),
        write_keys: Input[Iterable[HasArn | Input[str]]] = (),
        region: Input[str] | None = None,
        name_prefix: str | None = None,
        on_delete: OnDelete = "stop",
        on_failure: OnFailure = "retrain",
        on_missing: OnMissing = "keep",
        strict: bool | str | Iterable[str] = False,
        retrain_on_new_data: bool = False,
        pin_image: bool = False,
        preflight: bool = True,
        opts: ResourceOptions | None = None,
        **options: Unpack[ResultOptions],
    ) -> None:
        refuse(
            DeclarationError,
            f"Training {name!r}",
            [
                *wrong_arguments(spec, role, network),
                *wrong_fallbacks(spec, fallbacks),
                *wrong_options(ResultOptions, options),
            ],
        )
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
            name_prefix=name_prefix,
            on_delete=on_delete,
            on_failure=on_failure,
            on_missing=on_missing,
            strict=strict,
            retrain_on_new_data=retrain_on_new_data,
            pin_image=pin_image,
            preflight=preflight,
            opts=ResourceOptions(parent=self, depends_on=opts.depends_on if opts else None),
        )
        self.result = self.job.result(name, fallbacks=specs[1:], opts=child, **options)
        self.model_artifacts = self.result.model_artifacts
        self.register_outputs({"model_artifacts": self.model_artifacts})
