"""`TrainingJob`: a SageMaker training job as a declared resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, Unpack

import pulumi
from pulumi import ResourceOptions

from sagemaker_constructs.api.mistakes import DeclarationError
from sagemaker_constructs.fallback import TrainingFallback
from sagemaker_constructs.preflight.preview import announce_job
from sagemaker_constructs.program.arguments import refuse, wrong_options
from sagemaker_constructs.program.aws_access import aws_access
from sagemaker_constructs.program.job_options import JobOptions
from sagemaker_constructs.program.job_properties import (
    MEMBERS,
    OUTPUTS,
    Declaration,
    job_properties,
    wrong_fallbacks,
)
from sagemaker_constructs.providers import TrainingJobProvider
from sagemaker_constructs.result import TrainingResult
from sagemaker_constructs.run import TrainingRun
from sagemaker_constructs.state_identity import StateIdentity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sagemaker_constructs.api.deferred import Input
    from sagemaker_constructs.api.spec import TrainingJobSpec
    from sagemaker_constructs.program.job_properties import HasArn, HasVpcConfig
    from sagemaker_constructs.result import ResultOptions


class TrainingJob(TrainingRun, name="TrainingJob"):
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
        preflight: whether a preview looks for a job that exists already, and for what would make a new one fail, as far
            as that is known: trust and permissions of a role of another stack, objects under the input prefixes, the
            buckets' Regions, the image, quotas, free addresses. Default: yes. What it finds are warnings; they stop
            nothing. The job is announced either way.
        opts: the usual resource options.
        **options: see `JobOptions`.

    Raises:
        DeclarationError: an argument or an option is wrong, or the role, the network or the Region is missing or given
            twice.
    """

    provider = TrainingJobProvider

    def __init__(
        self,
        name: str,
        spec: TrainingJobSpec,
        *,
        role: HasArn | Input[str] | None = None,
        network: HasVpcConfig | None = None,
        region: Input[str] | None = None,
        preflight: bool = True,
        opts: ResourceOptions | None = None,
        **options: Unpack[JobOptions],
    ) -> None:
        declaration = Declaration(spec, role, network, region, options)
        mistakes = [*declaration.mistakes(opts), *wrong_options(TrainingJob, JobOptions, options)]
        refuse(DeclarationError, f"TrainingJob {name!r}", mistakes)
        self._declare(name, declaration, preflight=preflight, opts=opts)

    @classmethod
    def declared(cls, name: str, declaration: Declaration, *, preflight: bool, opts: ResourceOptions | None) -> Self:
        """A job of a declaration that a component has validated already."""
        job = cls.__new__(cls)
        job._declare(name, declaration, preflight=preflight, opts=opts)  # noqa: SLF001  of this class
        return job

    def _declare(self, name: str, declaration: Declaration, *, preflight: bool, opts: ResourceOptions | None) -> None:
        self._declaration: Declaration | None = declaration
        access = aws_access(name, opts, declaration.region)
        identity = StateIdentity.of(access, opts).identity
        properties = job_properties(type(self), name, declaration, access, opts, identity=identity)
        self._register(name, properties, access, declaration.depending(opts))
        if access.provider is not self.get_provider("aws:index:Resource"):
            raise DeclarationError(
                f"TrainingJob {name!r}: a transformation changes the aws.Provider of the job, whose settings are read "
                "from the resource options: give the provider there"
            )
        own_role = isinstance(declaration.role, pulumi.Resource)
        announce_job(self, self.id, properties, own_role=own_role, look=preflight)

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

        A member that it does not repeat is empty. The job must exist when the preview runs.

        Args:
            resource_name: the name of the resource.
            training_job_name: the name of the job. Where there is none, the update fails.
            region: the job's Region. Default: the stack's.
            opts: the usual resource options.
        """
        job = cls.__new__(cls)
        properties: dict[str, Any] = dict.fromkeys((*OUTPUTS, *MEMBERS))
        access = aws_access(resource_name, opts, region)
        properties |= {"aws_settings": access.stored, "ignore_tags": access.ignore_tags, "region": access.region}
        properties["secret_members"] = None
        job._declaration = None  # noqa: SLF001  a job of this class
        by_name = ResourceOptions.merge(opts, ResourceOptions(id=training_job_name))
        job._register(resource_name, properties, access, by_name)  # noqa: SLF001
        return job

    def result(
        self,
        name: str | None = None,
        *,
        fallbacks: Sequence[TrainingJobSpec] = (),
        opts: ResourceOptions | None = None,
        **options: Unpack[ResultOptions],
    ) -> TrainingResult:
        """The job's result: wait for its end, show its progress, fail where it fails.

        Args:
            name: the result's name. Default: the job's.
            fallbacks: what to train instead, in this order, where AWS has no capacity: the spec with another
                resource_config, vpc_config or without spot. Each becomes a `TrainingFallback` with the job's options.
            opts: the usual resource options, for the result and the fallbacks.
            **options: those of `TrainingResult`.
        """
        name = name or self.pulumi_resource_name
        declaration = self._declaration
        spec = declaration.spec if declaration else None
        refuse(DeclarationError, f"TrainingResult {name!r}", wrong_fallbacks(spec, fallbacks))
        return TrainingResult(name, self.with_fallbacks(name, fallbacks, opts), opts=opts, **options)

    def with_fallbacks(
        self, name: str, fallbacks: Sequence[TrainingJobSpec], opts: ResourceOptions | None
    ) -> TrainingRun:
        """The last of the fallbacks, which are validated already, or the job itself where there are none."""
        run: TrainingRun = self
        for number, spec in enumerate(fallbacks, start=1):
            declaration = (self._declaration or Declaration(spec)).with_spec(spec)
            run = TrainingFallback.declared(f"{name}-fallback-{number}", declaration, after=run, opts=opts)
        return run
