"""`TrainingJob`: a SageMaker training job as a declared resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, Unpack, cast

import pulumi
from pulumi import Output, ResourceOptions, dynamic

from sagemaker_constructs.api.mistakes import DeclarationError
from sagemaker_constructs.preflight.run import look_around
from sagemaker_constructs.program.arguments import refuse
from sagemaker_constructs.program.job_properties import (
    MEMBERS,
    OUTPUTS,
    JobOptions,
    job_properties,
    waiting_for,
    wrong_fallbacks,
)
from sagemaker_constructs.program.stack_settings import stack_region
from sagemaker_constructs.providers import TrainingJobProvider

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sagemaker_constructs.api.deferred import Input
    from sagemaker_constructs.api.spec import TrainingJobSpec
    from sagemaker_constructs.program.job_properties import HasArn, HasVpcConfig
    from sagemaker_constructs.reconcile.decisions import OnDelete, OnFailure, OnMissing
    from sagemaker_constructs.result import ResultOptions, TrainingResult


class TrainingJob(dynamic.Resource, module="sagemaker", name="TrainingJob"):
    """A training job that `up` starts only where none fits.

    The job is named after its configuration: the same configuration is the same job, in this stack and in any other.
    Creating the resource starts the job and returns; it never waits for training.

    Args:
        name: the resource's name, and by default the prefix of the job's.
        spec: what to train, with what, on what.
        role: the execution role, unless the spec has a `role_arn`.
        network: the network for the job's machines, unless the spec has a `vpc_config`. Default: none, which is
            SageMaker's own network.
        region: AWS Region. Default: `aws:region` of the stack, then AWS_REGION, then AWS_DEFAULT_REGION.
        name_prefix: prefix of the job's name. Default: the resource's name. Ignored where the spec names the job.
        on_delete: what destroying or replacing the resource does with its job: `stop` it where it runs and keep the
            record (default), `delete` the record too, or `retain` it as it is.
        on_failure: `retrain` (default) starts a new run with the next `up` after a run failed or was stopped;
            `keep` leaves it.
        on_missing: `keep` (default) says that the job was deleted elsewhere; `retrain` trains again.
        strict: True, or the top-level members (a name, or several) for which a change that says nothing about the
            model means a new job all the same.
        retrain_on_new_data: whether other objects under the input prefixes mean a new job. Default: no; the
            addresses are compared, not what lies behind them. Looks at 100,000 objects a prefix at most.
        pin_image: whether another image behind the same tag means a new job. Default: no.
        preflight: whether a preview looks for what would make a new job fail, as far as that is known: the role's
            trust and permissions, objects under the input prefixes, the image, quotas, free addresses. Default: yes.
            What it finds is said and stops nothing.
        opts: the usual resource options.

    Raises:
        DeclarationError: the role, the network or the Region is missing or given twice.
    """

    training_job_name: Output[str]
    """The job's name."""
    arn: Output[str]
    """The job's ARN."""
    training_job_status: Output[str]
    """`InProgress`, `Completed`, `Failed`, `Stopping`, `Stopped`; `Missing` where it was deleted elsewhere."""
    secondary_status: Output[str]
    """What the job was doing when it was looked at last."""
    failure_reason: Output[str]
    """Why the job failed, in AWS's words; empty where it said nothing."""
    model_artifacts: Output[str]
    """S3 URI at which the model is, or will be."""
    adopted: Output[bool]
    """Whether another stack owns the job; such a job is never stopped or deleted here."""
    claim: Output[str]
    """Which resource has the job, and since which `up`; empty where another stack owns it."""
    fingerprint: Output[str]
    """What the job's name is made of: twelve hexadecimal digits of the members that define the model."""
    creation_time: Output[str]
    """When the job was created, ISO 8601; empty until the job is looked at again."""
    region: Output[str]
    """The job's Region."""
    secret_paths: Output[list[str] | None]
    """Paths of the declared values that are secrets, which are never shown. Known in a preview."""

    # The members, as they are declared, or as DescribeTrainingJob repeats them for a job that is only read.
    algorithm_specification: Output[dict[str, Any] | None]
    checkpoint_config: Output[dict[str, Any] | None]
    debug_hook_config: Output[dict[str, Any] | None]
    debug_rule_configurations: Output[list[dict[str, Any]] | None]
    enable_inter_container_traffic_encryption: Output[bool | None]
    enable_managed_spot_training: Output[bool | None]
    enable_network_isolation: Output[bool | None]
    environment: Output[dict[str, str] | None]
    experiment_config: Output[dict[str, Any] | None]
    hyper_parameters: Output[dict[str, str] | None]
    infra_check_config: Output[dict[str, Any] | None]
    input_data_config: Output[list[dict[str, Any]] | None]
    mlflow_config: Output[dict[str, Any] | None]
    model_package_config: Output[dict[str, Any] | None]
    output_data_config: Output[dict[str, Any] | None]
    profiler_config: Output[dict[str, Any] | None]
    profiler_rule_configurations: Output[list[dict[str, Any]] | None]
    remote_debug_config: Output[dict[str, Any] | None]
    resource_config: Output[dict[str, Any] | None]
    retry_strategy: Output[dict[str, Any] | None]
    role_arn: Output[str | None]
    serverless_job_config: Output[dict[str, Any] | None]
    session_chaining_config: Output[dict[str, Any] | None]
    stopping_condition: Output[dict[str, Any] | None]
    tags: Output[list[dict[str, str]] | None]
    tensor_board_output_config: Output[dict[str, Any] | None]
    vpc_config: Output[dict[str, Any] | None]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Keep the type token in subclasses: it is in the URN of every job there is."""
        super().__init_subclass__(module="sagemaker", name="TrainingJob", **kwargs)

    def __init__(
        self,
        name: str,
        spec: TrainingJobSpec,
        *,
        role: HasArn | Input[str] | None = None,
        network: HasVpcConfig | None = None,
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
    ) -> None:
        self._spec: TrainingJobSpec | None = spec
        self._options = JobOptions(
            role=role,
            network=network,
            region=region,
            name_prefix=name_prefix,
            on_delete=on_delete,
            on_failure=on_failure,
            on_missing=on_missing,
            strict=strict,
            retrain_on_new_data=retrain_on_new_data,
            pin_image=pin_image,
        )
        properties = job_properties(name, spec, self._options)
        self.secret_paths = properties["secret_members"]
        super().__init__(TrainingJobProvider(), name, properties, waiting_for(self._options, opts))
        nothing = Output.from_input(None)  # known in a preview, as an output of the engine is not
        for member in set(MEMBERS) - set(properties):
            setattr(self, member, nothing)
        if preflight:
            look_around(self, self.training_job_status, properties, own_role=isinstance(role, pulumi.Resource))

    @classmethod
    def get(
        cls,
        resource_name: str,
        training_job_name: Input[str],
        *,
        region: Input[str] | None = None,
        opts: ResourceOptions | None = None,
    ) -> Self:
        """A job that exists, read and never changed: its outputs, its tags and what DescribeTrainingJob repeats.

        A member that it does not repeat is empty. The job must be there when the preview is.

        Args:
            resource_name: the name of the resource.
            training_job_name: the name of the job. Where there is none, the update fails.
            region: the job's Region. Default: the stack's.
            opts: the usual resource options.
        """
        job = cls.__new__(cls)
        properties = {**dict.fromkeys((*OUTPUTS, *MEMBERS)), "region": region or stack_region(resource_name)}
        opts = ResourceOptions.merge(opts, ResourceOptions(id=training_job_name))
        job._options, job._spec = JobOptions(region=region), None  # noqa: SLF001  a job of this class
        job.secret_paths = Output.from_input(cast("Any", None))
        dynamic.Resource.__init__(job, TrainingJobProvider(), resource_name, properties, opts)
        return job

    def result(
        self,
        name: str | None = None,
        *,
        fallbacks: Sequence[TrainingJobSpec] = (),
        opts: ResourceOptions | None = None,
        **options: Unpack[ResultOptions],
    ) -> TrainingResult:
        """The job's result: wait for its end, show how far it is, fail where it fails.

        Args:
            name: the result's name. Default: the job's.
            fallbacks: what to train instead, in this order, where AWS has no machines: the spec with another
                resource_config, vpc_config or without spot. Each becomes a `TrainingFallback` with the job's options.
            opts: the usual resource options, for the result and the fallbacks.
            **options: those of `TrainingResult`.
        """
        from sagemaker_constructs.fallback import TrainingFallback  # noqa: PLC0415  they are made of jobs
        from sagemaker_constructs.result import TrainingResult  # noqa: PLC0415

        name = name or self.pulumi_resource_name
        refuse(DeclarationError, f"TrainingResult {name!r}", wrong_fallbacks(self._spec, fallbacks))
        run: TrainingJob | TrainingFallback = self
        for number, spec in enumerate(fallbacks, start=1):
            run = TrainingFallback(f"{name}-fallback-{number}", spec, after=run, opts=opts, **self._options)
        return TrainingResult(name, run, opts=opts, **options)
