"""Provides the results of a training job as outputs: `TrainingResult`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Self, Unpack, cast

import pulumi
from pulumi import Output, ResourceOptions, dynamic
from pydantic import Field
from typing_extensions import TypedDict

from sagemaker_constructs.api.mistakes import DeclarationError
from sagemaker_constructs.program.arguments import refuse, wrong_options
from sagemaker_constructs.program.aws_access import aws_access
from sagemaker_constructs.program.job_properties import DECIDING_MODEL
from sagemaker_constructs.program.stack_settings import stack_name
from sagemaker_constructs.program.status_row import StatusRow
from sagemaker_constructs.program.wait import Wait
from sagemaker_constructs.program.waiting import until_ended
from sagemaker_constructs.providers import TrainingResultProvider
from sagemaker_constructs.results.endings import Policy  # noqa: TC001  the options are validated by their types
from sagemaker_constructs.results.job_name import wrong_name
from sagemaker_constructs.results.logs import Logs  # noqa: TC001
from sagemaker_constructs.run import TrainingRun

if TYPE_CHECKING:
    from sagemaker_constructs.api.deferred import Input

_TYPE = "pulumi-python:dynamic/sagemaker:TrainingResult"


class ResultOptions(TypedDict, total=False):
    """The options of a `TrainingResult`."""

    on_stopped: Policy
    """Whether a job that was stopped by StopTrainingJob counts as a result. Default `fail`."""
    on_max_runtime_exceeded: Policy
    """Whether one that reached its runtime limit counts. It may have written a model. Default `fail`."""
    on_max_wait_time_exceeded: Policy
    """Whether one that reached its wait limit counts. Default `fail`."""
    timeout: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None
    """Maximum seconds to wait in one `up`; then the wait fails and the job keeps running. Default: until the job
    ends."""
    stop_on_timeout: bool
    """Whether the job is stopped then; requires `timeout`. Default: no."""
    logs: Logs | None
    """Whether to show the job's log while waiting: `tail` for the last lines of each poll, `all` for every line, at
    most 200 a poll. Credentials and secrets are masked. Default: no; the last lines of a job that failed are always
    shown."""


class TrainingResult(dynamic.Resource, module="sagemaker", name="TrainingResult"):
    """The result of a training job: `up` waits for the job to end, and fails if the job fails.

    All results of a program wait at the same time and share their API calls. The wait ends with the job, with `timeout`
    or with Ctrl-C; in the last two cases the job keeps running and stays in the state, and the next `up` continues to
    wait. A recorded result does not change, and nothing is waited for, until the job is replaced.

    Args:
        name: the resource's name.
        job: the job, or the last of its fallbacks, or the name of a job that this stack does not own.
        region: AWS Region of a job that is given by its name. Default: the stack's.
        opts: the usual resource options.
        **options: see `ResultOptions`.

    Raises:
        DeclarationError: the job is of another type, an option is unknown or mistyped, or the Region is missing.
    """

    training_job_name: Output[str]
    """The run whose result it is."""
    training_job_arn: Output[str]
    training_job_status: Output[str]
    """`Completed`; `Stopped` where that is accepted."""
    secondary_status: Output[str]
    ended_by: Output[str]
    """`completed`, `stopped`, `max_runtime_exceeded` or `max_wait_time_exceeded`."""
    failure_reason: Output[str]
    """In AWS's words; empty where there is none."""
    model_artifacts: Output[str]
    """S3 URI of the model; empty where a job that was stopped left none."""
    final_metrics: Output[dict[str, float]]
    """The last value of each metric."""
    training_seconds: Output[int]
    """From the start to the end of training; 0 where it never started."""
    billable_seconds: Output[int]
    """Billed seconds of each machine."""
    instance_seconds: Output[int]
    """Billed seconds of all machines together."""
    spot_saving_percent: Output[float]
    """(1 - billable / training seconds) x 100."""
    start_time: Output[str]
    """When training started, ISO 8601 in UTC; empty if it never did."""
    end_time: Output[str]
    """When training ended, ISO 8601 in UTC; empty if it never started."""
    transitions: Output[list[dict[str, str]]]
    """The secondary statuses with their times: `status`, `start_time`, `end_time`, `status_message`."""
    attempts: Output[list[dict[str, Any]]]
    """Every run that was made for the result: `training_job_name`, `training_job_status`, `secondary_status`,
    `instance_type`, `instance_count`, `failure_reason`."""
    console_address: Output[str]
    """The job's page in the AWS console."""
    log_address: Output[str]
    """The job's log in the AWS console."""
    region: Output[str]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Keep the type token in subclasses: it is in the URN of every result there is."""
        super().__init_subclass__(module="sagemaker", name="TrainingResult", **kwargs)

    def __init__(
        self,
        name: str,
        job: TrainingRun | Input[str],
        *,
        region: Input[str] | None = None,
        opts: ResourceOptions | None = None,
        **options: Unpack[ResultOptions],
    ) -> None:
        mistakes = [
            *_wrong_job(job),
            *wrong_options(TrainingResult, ResultOptions, options),
            *wrong_combinations(options),
        ]
        refuse(DeclarationError, f"TrainingResult {name!r}", mistakes)
        self._declare(name, job, region, opts, options)

    @classmethod
    def declared(cls, name: str, run: TrainingRun, opts: ResourceOptions | None, options: ResultOptions) -> Self:
        """The result of a run whose options a component has validated already."""
        result = cls.__new__(cls)
        result._declare(name, run, None, opts, options)  # noqa: SLF001  of this class
        return result

    def _declare(
        self,
        name: str,
        job: TrainingRun | Input[str],
        region: Input[str] | None,
        opts: ResourceOptions | None,
        options: ResultOptions,
    ) -> None:
        run = job if isinstance(job, TrainingRun) else None
        training_job_name = Output.from_input(run.effective_job_name if run else cast("Input[str]", job))
        access = run.first.aws_access if run else aws_access(name, opts, region)
        job_region = run.first.region if run else access.region
        secrets = Output.from_input(run.secret_paths if run else None)
        attempts = run.attempts if run else []
        fallbacks = len(attempts) > 1
        row, owner = StatusRow(name, _TYPE, opts.parent if opts else None), stack_name()

        async def ended(
            name: str, region: str, stored: str | None, secret_members: list[str] | None
        ) -> list[str | None]:
            if wrong_name(name):
                return [name, None]  # the provider reports it

            def wait() -> Wait:
                return Wait(
                    name,
                    row,
                    options.get("timeout"),
                    options.get("logs"),
                    secret_members or (),
                    may_be_new=run is not None,
                )

            return [name, await until_ended(wait, region, owner, stored)]

        async def missing() -> str | None:
            if run is None or pulumi.runtime.is_dry_run() or await training_job_name.future():
                return None
            return await run.first.urn.future()

        known = (job_region, access.for_waits)
        for earlier in attempts[:-1]:  # the row shows these runs, too: before the last of them is registered
            first_secrets = run.first.secret_paths if run else None
            Output.all(earlier, *known, first_secrets).apply(lambda each: ended(*each))
        waited = Output.all(training_job_name, *known, secrets).apply(lambda each: ended(*each))
        super().__init__(
            TrainingResultProvider(),
            name,
            {
                **dict.fromkeys(_OUTPUTS),
                **options,
                "by_name": None if run else True,
                "claim": None if fallbacks or run is None else run.claim,
                "first": run.first.training_job_name if fallbacks and run else None,
                "training_job_name": waited.apply(lambda end: end[0]),
                "missing_job": Output.from_input(cast("Any", missing())),
                "cut_short": waited.apply(lambda end: end[1]),
                "runs": Output.all(*attempts).apply(_distinct) if fallbacks else None,
                "model_artifacts": secrets.apply(_marked) if fallbacks else run.model_artifacts if run else None,
                "aws_settings": access.stored,
                "owner": owner,
                "region": job_region,
                "secret_members": secrets,
                "state_identity": run.owning_state if run else None,
            },
            opts,
        )


_OUTPUTS = (
    "attempts",
    "billable_seconds",
    "console_address",
    "end_time",
    "ended_by",
    "failure_reason",
    "final_metrics",
    "instance_seconds",
    "log_address",
    "secondary_status",
    "spot_saving_percent",
    "start_time",
    "training_job_arn",
    "training_job_status",
    "training_seconds",
    "transitions",
)
"""Outputs that are not inputs: the engine gives only those that the resource asked for."""


def wrong_combinations(options: ResultOptions) -> list[str]:
    """The options of a result that cannot be combined, or that one of them requires, a sentence each."""
    if options.get("stop_on_timeout") and options.get("timeout") is None:
        return ["stop_on_timeout requires timeout"]
    return []


def _wrong_job(job: object) -> list[str]:
    if isinstance(job, Output | TrainingRun):
        return []  # the provider validates the name when it is known
    if isinstance(job, str):
        return wrong_name(job)
    expected = "a TrainingJob, a TrainingFallback, or the name of a job"
    of_a_result = "; for the job of another result, its training_job_name" * isinstance(job, TrainingResult)
    return [f"job: got a {type(job).__name__}, expected {expected}{of_a_result}"]


def _marked(secret_paths: list[str] | None) -> Output[str] | None:
    """A secret text where an output path of the runs is a secret: the engine marks the output of the same name, too.

    The address itself is not known before the run that counts is.
    """
    return Output.secret("") if DECIDING_MODEL.intersection(secret_paths or ()) else None


def _distinct(names: list[str]) -> list[str]:
    """The runs without repetition: a fallback that was not needed has the name of the run before it."""
    return list(dict.fromkeys(names))
