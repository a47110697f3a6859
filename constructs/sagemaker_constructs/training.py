"""`Training`: a role, a job and its result in one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Unpack, cast

from pulumi import ComponentResource, Output, ResourceOptions

from sagemaker_constructs.api.mistakes import DeclarationError
from sagemaker_constructs.job import TrainingJob
from sagemaker_constructs.program.arguments import refuse, wrong_options
from sagemaker_constructs.program.job_options import JobOptions
from sagemaker_constructs.program.job_properties import Declaration, wrong_fallbacks
from sagemaker_constructs.result import ResultOptions, TrainingResult, wrong_combinations
from sagemaker_constructs.role import TrainingRole

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sagemaker_constructs.api.deferred import Input
    from sagemaker_constructs.api.spec import TrainingJobSpec
    from sagemaker_constructs.program.job_properties import HasArn, HasVpcConfig
    from sagemaker_constructs.role import HasKey


class TrainingOptions(JobOptions, ResultOptions, total=False):
    """The options of a `Training`: those of its job and those of its result."""


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
        fallbacks: what to train instead where AWS has no capacity; see `TrainingJob.result`. Default: nothing.
        region: AWS Region. Default: the stack's.
        preflight: whether a preview looks for what would make the job fail. Default: yes.
        opts: the usual resource options; the job starts after what `depends_on` names, such as its data.
        **options: see `JobOptions` and `ResultOptions`.

    Raises:
        DeclarationError: an argument or an option is wrong, missing or given twice.
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
        preflight: bool = True,
        opts: ResourceOptions | None = None,
        **options: Unpack[TrainingOptions],
    ) -> None:
        of_result = cast(
            "ResultOptions", {key: options[key] for key in options if key in ResultOptions.__annotations__}
        )
        of_job = cast("JobOptions", {key: options[key] for key in options if key not in of_result})
        declaration = Declaration(spec, role, network, region, of_job)
        refuse(
            DeclarationError,
            f"Training {name!r}",
            [
                *declaration.mistakes(opts, makes_role=True),
                *wrong_fallbacks(spec, fallbacks),
                *wrong_options(Training, TrainingOptions, options),
                *wrong_combinations(of_result),
            ],
        )
        super().__init__("sagemaker-constructs:index:Training", name, {}, opts)
        child = ResourceOptions(parent=self)
        makes_role = role is None and spec.role_arn is None
        self.role = (
            TrainingRole(
                name,
                [spec, *fallbacks],
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
        self.job = TrainingJob.declared(
            name,
            replace(declaration, role=self.role or role),
            preflight=preflight,
            opts=ResourceOptions(parent=self, depends_on=opts.depends_on if opts else None),
        )
        run = self.job.with_fallbacks(name, fallbacks, child)
        self.result = TrainingResult.declared(name, run, child, of_result)
        self.model_artifacts = self.result.model_artifacts
        self.register_outputs({"model_artifacts": self.model_artifacts})
