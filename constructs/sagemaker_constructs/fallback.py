"""`TrainingFallback`: a training job that is started only where the run before it found no machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

import pulumi
from pulumi import Output, ResourceOptions, dynamic

from sagemaker_constructs.job import TrainingJob
from sagemaker_constructs.program.job_properties import JobOptions, job_properties, waiting_for
from sagemaker_constructs.program.waiting import Wait, until_ended
from sagemaker_constructs.providers import TrainingFallbackProvider

if TYPE_CHECKING:
    from sagemaker_constructs.api.spec import TrainingJobSpec


class TrainingFallback(dynamic.Resource, module="sagemaker", name="TrainingFallback"):
    """A run that stands by for another one: started where that ended for lack of capacity, otherwise never.

    Its own run has its own name, is in the state from the moment that it exists, and follows `on_delete` like any
    job. The run before it is left as it ended: it is tagged, so that the next `up` starts no new run for it.

    Where the choice among machine types is all there is, `instance_preferences` in the spec's resource_config serves
    better: SageMaker itself then takes what it has, in one run. A fallback can change everything else too: counts
    and volumes together with types, subnets, spot or not.

    Args:
        name: the resource's name, and by default the prefix of the job's.
        spec: what to train instead: the spec of the job with other machines.
        after: the job, or the fallback, for which this one stands by.
        opts: the usual resource options.
        **options: those of `TrainingJob`; the Region is that of the job.

    Raises:
        ValueError: the role, the network or the Region is missing or given twice.
    """

    training_job_name: Output[str]
    """The run that counts: this one where it was needed, otherwise the one before."""
    own_job_name: Output[str]
    """The name that is planned for this run."""
    training_job_status: Output[str]
    """As of `TrainingJob`; `NotNeeded` where the run was not needed."""
    secondary_status: Output[str | None]
    failure_reason: Output[str | None]
    model_artifacts: Output[str | None]
    """S3 URI at which this run's model is, or will be."""
    arn: Output[str | None]
    adopted: Output[bool | None]
    region: Output[str]
    secret_paths: Output[list[str] | None]
    """Paths of the declared values that are secrets, which are never shown. Known in a preview."""
    job: TrainingJob
    """The job that is tried first."""
    attempts: list[Output[str]]
    """The runs that may count, in the order in which they are tried."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Keep the type token in subclasses: it is in the URN of every fallback there is."""
        super().__init_subclass__(module="sagemaker", name="TrainingFallback", **kwargs)

    def __init__(
        self,
        name: str,
        spec: TrainingJobSpec,
        *,
        after: TrainingJob | TrainingFallback,
        opts: ResourceOptions | None = None,
        **options: Unpack[JobOptions],
    ) -> None:
        self.job = after if isinstance(after, TrainingJob) else after.job
        properties: dict[str, Any] = {**job_properties(name, spec, options), "region": self.job.region}
        self.secret_paths = properties["secret_members"]

        async def ended(run: str, region: str) -> str:
            await until_ended(lambda: Wait(run), region, properties["owner"])
            return run

        super().__init__(
            TrainingFallbackProvider(),
            name,
            {
                **properties,
                "training_job_name": None,
                "own_job_name": properties.get("training_job_name"),
                "after": pulumi.Output.all(after.training_job_name, self.job.region).apply(lambda known: ended(*known)),
            },
            waiting_for(options, opts),
        )
        before = [after.training_job_name] if isinstance(after, TrainingJob) else after.attempts
        self.attempts = [*before, self.training_job_name]
