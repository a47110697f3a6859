"""`TrainingFallback`: a training job that is started only where the run before it found no capacity."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self, Unpack

from pulumi import Output, ResourceOptions

from sagemaker_constructs.api.mistakes import DeclarationError
from sagemaker_constructs.aws.answers import NOT_NEEDED
from sagemaker_constructs.preflight.preview import announce_fallback
from sagemaker_constructs.program.arguments import refuse, wrong_options
from sagemaker_constructs.program.job_options import JobOptions
from sagemaker_constructs.program.job_properties import Declaration, job_properties
from sagemaker_constructs.program.wait import Wait
from sagemaker_constructs.program.waiting import until_ended
from sagemaker_constructs.providers import TrainingFallbackProvider
from sagemaker_constructs.run import TrainingRun
from sagemaker_constructs.state_identity import StateIdentity

if TYPE_CHECKING:
    from sagemaker_constructs.api.deferred import Input
    from sagemaker_constructs.api.spec import TrainingJobSpec
    from sagemaker_constructs.program.job_properties import HasArn, HasVpcConfig


class TrainingFallback(TrainingRun, name="TrainingFallback"):
    """A run that stands by for another one: started where that ended for lack of capacity, otherwise never.

    It is a job with a name of its own, is in the state from the moment that it exists, and follows `on_delete` like any
    job. The run before it is left as it ended: it is tagged, so that the next `up` starts no new run for it.

    Where the choice among machine types is all that is needed, `instance_preferences` in the spec's resource_config
    serves better: SageMaker itself then takes what it has, in one run. A fallback can change everything else too:
    counts and volumes together with types, subnets, spot or not.

    Args:
        name: the resource's name, and by default the prefix of the job's.
        spec: what to train instead: the spec of the job with other machines.
        after: the job, or the fallback, for which this one stands by.
        role: as of `TrainingJob`.
        network: as of `TrainingJob`.
        region: ignored: the Region is that of the job.
        opts: the usual resource options.
        **options: see `JobOptions`.

    Raises:
        DeclarationError: as of `TrainingJob`.
    """

    provider = TrainingFallbackProvider

    def __init__(
        self,
        name: str,
        spec: TrainingJobSpec,
        *,
        after: TrainingRun,
        role: HasArn | Input[str] | None = None,
        network: HasVpcConfig | None = None,
        region: Input[str] | None = None,
        opts: ResourceOptions | None = None,
        **options: Unpack[JobOptions],
    ) -> None:
        del region
        declaration = Declaration(spec, role, network, after.region, options)
        mistakes = [*declaration.mistakes(opts), *wrong_options(TrainingFallback, JobOptions, options)]
        refuse(DeclarationError, f"TrainingFallback {name!r}", mistakes)
        self._declare(name, declaration, after=after, opts=opts)

    @classmethod
    def declared(cls, name: str, declaration: Declaration, *, after: TrainingRun, opts: ResourceOptions | None) -> Self:
        """A fallback of a declaration that is validated already."""
        fallback = cls.__new__(cls)
        fallback._declare(name, declaration, after=after, opts=opts)  # noqa: SLF001  of this class
        return fallback

    def _declare(
        self, name: str, declaration: Declaration, *, after: TrainingRun, opts: ResourceOptions | None
    ) -> None:
        self._before = after
        access = replace(after.first.aws_access, region=after.first.region)
        identity = StateIdentity.of(after.first.aws_access, opts).identity
        properties = job_properties(type(self), name, declaration, access, opts, identity=identity)

        async def ended(run: str, region: str, stored: str | None) -> str:
            await until_ended(lambda: Wait(run, may_be_new=True), region, properties["owner"], stored)
            return run

        known = Output.all(after.effective_job_name, access.region, access.for_waits)
        before = known.apply(lambda each: ended(*each))
        self._register(name, {**properties, "after": before}, access, declaration.depending(opts))
        announce_fallback(self, self.id, properties)

    @property
    def first(self) -> TrainingRun:
        """The job that is tried first."""
        return self._before.first

    @property
    def effective_job_name(self) -> Output[str]:
        """Name of the run that counts: this one where it was needed, otherwise the one before."""
        known: Output[Any] = Output.all(self.training_job_status, self.training_job_name, self.after)
        return known.apply(lambda run: run[2] if run[0] == NOT_NEEDED else run[1])

    @property
    def attempts(self) -> list[Output[str]]:
        """Names of the runs that may count, in the order in which they are tried."""
        return [*self._before.attempts, self.effective_job_name]

    @property
    def secret_paths(self) -> Output[list[str] | None]:
        """Paths of the values that are secrets in a run that may count: this one, or one before it."""
        known: Output[Any] = Output.all(self._before.secret_paths, super().secret_paths)
        return known.apply(lambda runs: sorted({path for paths in runs for path in paths or ()}) or None)

    after: Output[str]
    """Name of the run that the fallback stands by for, when it has ended."""
