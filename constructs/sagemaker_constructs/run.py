"""`TrainingRun`: what a `TrainingJob` and a `TrainingFallback` have in common, one run of a training job."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from pulumi import Output, ResourceOptions, dynamic

from sagemaker_constructs.garbage import collect_less
from sagemaker_constructs.program.job_properties import MEMBERS, OUTPUTS, tag_mapping, with_marked
from sagemaker_constructs.program.mocks import with_mocks

if TYPE_CHECKING:
    from collections.abc import Callable

    from sagemaker_constructs.program.aws_access import AwsAccess


class TrainingRun(dynamic.Resource, module="sagemaker", name="TrainingRun"):
    """One run of a training job as a resource. Not to be made itself: see `TrainingJob` and `TrainingFallback`."""

    provider: ClassVar[type[dynamic.ResourceProvider]]
    """The provider of the class."""

    training_job_name: Output[str]
    """The job's name."""
    arn: Output[str]
    """The job's ARN."""
    training_job_status: Output[str]
    """`InProgress`, `Completed`, `Failed`, `Stopping`, `Stopped`; `Missing` where it was deleted elsewhere, `NotNeeded`
    for a fallback that was not needed."""
    secondary_status: Output[str]
    """The job's secondary status when it was read last."""
    failure_reason: Output[str]
    """Why the job failed, in AWS's words; empty where it said nothing."""
    model_artifacts: Output[str]
    """S3 URI at which the model is, or will be."""
    adopted: Output[bool]
    """Whether another stack owns the job; such a job is never stopped or deleted by this one."""
    claim: Output[str]
    """Which resource has the job, and since which `up`; empty where another stack owns it."""
    fingerprint: Output[str]
    """What the job's name is made of: twelve hexadecimal digits of the members that define the model."""
    creation_time: Output[str]
    """When the job was created, ISO 8601; empty until the job is read again."""
    region: Output[str]
    """The job's Region."""

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
    tags: Output[dict[str, str] | None]
    tensor_board_output_config: Output[dict[str, Any] | None]
    vpc_config: Output[dict[str, Any] | None]

    def __init_subclass__(cls, *, name: str = "", **kwargs: Any) -> None:
        """Keep the type token in subclasses, for it is in every URN.

        Pulumi reads the annotations of the class itself anew for every resource, and those of its bases never. The
        outputs are what the engine has without conversion, so the class has none.
        """
        token = name or cls._resource_type_name.rpartition(":")[2]
        super().__init_subclass__(**{**kwargs, "module": "sagemaker", "name": token})
        cls.__annotations__ = {}

    def _register(self, name: str, properties: dict[str, Any], access: AwsAccess, opts: ResourceOptions | None) -> None:
        """Register the resource.

        A member that is not declared is None, in a preview too, unless a transform adds it.
        """
        if not with_mocks():
            collect_less()
        self.aws_access = access
        """With what the job is reached, and so its results and fallbacks, too."""
        self.owning_state: Output[str] | None = properties.get("state_identity")
        """The identity of the state that owns the job; None for a job that is only read."""
        self._declared_secret_paths: Output[list[str] | None] | None = properties["secret_members"]
        self._undeclared = frozenset(MEMBERS) - set(properties)
        given = {name: value for name, value in properties.items() if value is not None or name in _WITH_OUTPUT}
        super().__init__(self.provider(), name, {**dict.fromkeys(self._undeclared), **given}, opts)
        _leave_to_registration(self)

    @property
    def secret_paths(self) -> Output[list[str] | None]:
        """Paths of the values that are secrets, which are never shown. Known in a preview."""
        outputs = {member: output for member in MEMBERS if (output := vars(self).get(member)) is not None}
        return with_marked(Output.from_input(cast("Any", self._declared_secret_paths)), outputs)

    @property
    def first(self) -> TrainingRun:
        """The run that is tried first."""
        return self

    @property
    def effective_job_name(self) -> Output[str]:
        """Name of the run that counts: this one."""
        return self.training_job_name

    @property
    def attempts(self) -> list[Output[str]]:
        """Names of the runs that may count, in the order in which they are tried."""
        return [self.training_job_name]


_WITH_OUTPUT = frozenset((*MEMBERS, *OUTPUTS))
"""Properties that are outputs though there is no value for them; any other one would cost time for nothing."""


def _leave_to_registration(run: TrainingRun) -> None:
    """Take the outputs of a run out of those that the SDK awaits one by one.

    They are resolved with the registration, which it awaits too. Each step of the other wait takes time for every
    output that is pending, so for hundreds of jobs it would take minutes.
    """
    for output in vars(run).values():
        untrack = getattr(output, "_untrack", None)  # private: where the SDK has none, only time is lost
        if untrack is not None:
            untrack()


def _member(name: str, form: Callable[[Any], Any] | None = None) -> property:
    """The output of a member; None, in a preview too, where it is neither declared nor added by a transform.

    A transformation of the program, which runs before the resource has outputs, finds it as of any other resource.

    Args:
        name: the member.
        form: makes the value of the output.
    """

    def read(run: TrainingRun) -> Output[Any]:
        found: Output[Any] | None = vars(run).get(name)
        output = found
        if output is None or name in run._undeclared:  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
            output = Output.from_input(cast("Any", _unless_absent(found)))
        return output.apply(form) if form else output

    return property(read)


for each in MEMBERS:
    if each == "tags":
        setattr(TrainingRun, each, _member(each, tag_mapping))  # states may have a list
    elif each != "training_job_name":
        setattr(TrainingRun, each, _member(each))


async def _unless_absent(output: Output[Any] | None) -> Any:
    """The output, or None where the engine has none: a preview does not know that of itself."""
    absent = output is None or not (await output.is_known() or await output.future(with_unknowns=True) is not None)
    return None if absent else output
