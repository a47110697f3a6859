"""`Training`, results and fallbacks as they are placed: what they consist of, and what each is given."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from graphs import ACCOUNT, Graph, graph
from policy_cases import SMALLEST

from sagemaker_constructs import (
    DeclarationError,
    OutputDataConfig,
    ResourceConfig,
    RoleRefusedError,
    Training,
    TrainingBucket,
    TrainingFallback,
    TrainingJob,
    TrainingJobSpec,
    TrainingResult,
)

if TYPE_CHECKING:
    from collections import Counter

ROLE = f"arn:aws:iam::{ACCOUNT}:role/trainer"
RESULT = "pulumi-python:dynamic/sagemaker:TrainingResult"


@pytest.fixture(autouse=True)
def _region(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stack's Region, and no other."""
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    pulumi.runtime.set_all_config({})


def spec(instance_type: str = "ml.m5.large", **members: Any) -> TrainingJobSpec:
    """The smallest job on a machine type."""
    machines = ResourceConfig(instance_type=instance_type, instance_count=1, volume_size_in_gb=1)
    declared: dict[str, Any] = {**SMALLEST, "resource_config": machines, **members}
    return TrainingJobSpec(**declared)


def parents(found: Graph) -> dict[str, str]:
    """The parent's type of each type of resource that the library makes."""
    return {each.type.rpartition(":")[2]: each.parent for each in found.placed}


def test_a_training_is_a_role_a_job_and_a_result() -> None:
    """All under the component, all of its name; the defaults are those of the parts."""
    found = graph(lambda: Training("penguins", spec()).model_artifacts)
    under = "sagemaker-constructs:index:Training"
    assert {parents(found)[each] for each in ("TrainingRole", "TrainingJob", "TrainingResult")} == {under}
    (job,) = found.of("TrainingJob").values()
    assert (job["on_delete"], job["on_failure"], job["name_prefix"]) == ("stop", "retrain", "penguins")
    (result,) = found.of("TrainingResult").values()
    assert not {"timeout", "logs", "on_stopped"} & set(result)


def test_a_training_uses_the_role_that_it_is_given() -> None:
    """As an ARN, or in the spec."""
    assert "TrainingRole" not in graph(lambda: Training("a", spec(), role=ROLE).model_artifacts).counts()
    assert "TrainingRole" not in graph(lambda: Training("a", spec(role_arn=ROLE)).model_artifacts).counts()


def test_a_training_hands_its_options_to_its_parts() -> None:
    """Those of the job and those of the result."""
    found = graph(
        lambda: (
            Training(
                "a", spec(), role=ROLE, on_delete="delete", on_failure="keep", timeout=60, on_stopped="accept"
            ).model_artifacts
        )
    )
    (job,), (result,) = found.of("TrainingJob").values(), found.of("TrainingResult").values()
    assert (job["on_delete"], job["on_failure"]) == ("delete", "keep")
    assert (result["timeout"], result["on_stopped"]) == (60, "accept")


@pytest.mark.parametrize("argument", ["also_reads", "read_keys", "write_keys"])
def test_a_string_is_not_taken_for_a_list(argument: str) -> None:
    """As in the role that it makes."""
    wrong: dict[str, Any] = {argument: "s3://data/"}
    with pytest.raises(RoleRefusedError, match=f"{argument}: got 's3://data/', expected a list, each item"):
        graph(lambda: Training("a", spec(), **wrong).model_artifacts)


def test_the_role_of_a_training_may_use_the_keys_of_its_buckets() -> None:
    """As in the role that it makes."""

    def program() -> Any:
        bucket = TrainingBucket("b", key="alias/models")
        output = OutputDataConfig(s3_output_path=bucket.uri("models"))
        return Training("a", spec(output_data_config=output), buckets=[bucket]).model_artifacts

    assert '"alias/models"' in graph(program).of("RolePolicy")["a"]["policy"]


def test_the_role_of_a_training_is_for_its_region() -> None:
    """Not for the stack's."""
    found = graph(lambda: Training("a", spec(), region="us-east-1").model_artifacts)

    assert ":us-east-1:" in found.of("Role")["a"]["assumeRolePolicy"]


def test_fallbacks_stand_by_one_for_another() -> None:
    """Each has the job's options and waits for the run before it; the result is of the last one that counts."""

    def program() -> Any:
        job = TrainingJob("penguins", spec(), role=ROLE, on_delete="delete")
        return job.result(fallbacks=[spec("ml.m5.xlarge"), spec("ml.m5.2xlarge")]).training_job_name

    found = graph(program)
    fallbacks = found.of("TrainingFallback")
    assert list(fallbacks) == ["penguins-fallback-1", "penguins-fallback-2"]
    assert [each["resource_config"]["instance_type"] for each in fallbacks.values()] == [
        "ml.m5.xlarge",
        "ml.m5.2xlarge",
    ]
    assert {each["on_delete"] for each in fallbacks.values()} == {"delete"}
    assert {each["role_arn"] for each in fallbacks.values()} == {ROLE}


def test_a_preview_announces_the_job_and_what_a_fallback_may_start() -> None:
    """Without a look at AWS, what may exist already is said to start unless it does."""

    def program() -> Any:
        job = TrainingJob("penguins", spec(), role=ROLE, preflight=False)
        return job.result(fallbacks=[spec("ml.m5.xlarge")]).training_job_name

    fallback, job = sorted(graph(program, preview=True).logged)
    unknown = "a job whose name is not known yet"
    assert job == f"starts {unknown}: 1 x ml.m5.large, at most 24 h (unless that job exists already)"
    assert fallback.startswith("stands by, and starts only if the run before it finds no capacity: ")
    assert fallback.endswith(f"{unknown}: 1 x ml.m5.xlarge, at most 24 h")


def test_a_result_knows_the_members_that_a_transform_made_secret() -> None:
    """The engine marks them; the job's own properties are declared before transforms run."""

    def build() -> None:
        pulumi.runtime.register_stack_transformation(_with_secret_environment)
        job = TrainingJob("penguins", spec(environment={"PLAIN": "plain"}), role=ROLE)
        TrainingResult("result", job)

    assert graph(build).of("TrainingResult")["result"]["secret_members"] == ["environment"]


def _with_secret_environment(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
    if not isinstance(args.resource, TrainingJob):
        return None
    secret = pulumi.Output.secret({"PHRASE": "swordfish"})
    return pulumi.ResourceTransformationResult({**args.props, "environment": secret}, args.opts)


def test_a_result_knows_the_paths_of_its_jobs_secrets() -> None:
    """Not their values: those are looked up where a text is masked."""
    secret = pulumi.Output.secret

    def program() -> Any:
        job = TrainingJob("penguins", spec(environment={"TOKEN": secret("swordfish"), "PLAIN": "plain"}), role=ROLE)
        return job.result().training_job_name

    (result,) = graph(program).of("TrainingResult").values()
    assert result["secret_members"] == ["environment.TOKEN"]
    assert "swordfish" not in repr(result)


def test_a_result_of_a_job_by_name() -> None:
    """Its Region is the stack's, unless it is given."""
    here = graph(lambda: TrainingResult("a", "their-job").training_job_name).of("TrainingResult")["a"]
    there = graph(lambda: TrainingResult("a", "their-job", region="us-east-1").training_job_name)
    assert (here["training_job_name"], here["region"]) == ("their-job", "eu-west-1")
    assert there.of("TrainingResult")["a"]["region"] == "us-east-1"


@pytest.mark.parametrize("kind", [TrainingResult, TrainingFallback])
def test_a_class_of_a_users_own_keeps_the_type(kind: Any) -> None:
    """The type token is in every URN; Pulumi would replace the resource if it changed."""

    class Own(kind):
        """A user's own."""

    def program() -> Any:
        job = TrainingJob("penguins", spec(), role=ROLE)
        if kind is TrainingResult:
            return Own("own", job).region
        return Own("own", spec("ml.m5.xlarge"), after=job, role=ROLE).region

    types = {each.type for each in graph(program).placed if each.name == "own"}
    assert types == {f"pulumi-python:dynamic/sagemaker:{kind.__name__}"}


WRONG_OPTIONS: dict[str, Any] = {"on_stopped": "ignore", "logs": "some", "timeout": 0.0, "time_out": 1}


def test_every_mistake_in_the_options_of_a_result_is_refused_at_once() -> None:
    """Unknown ones too, which Python lets through; with the option, what it got and what it expects."""
    with pytest.raises(DeclarationError) as caught:
        TrainingResult("penguins", "a-job", **WRONG_OPTIONS)
    known = (
        "region, opts, on_stopped, on_max_runtime_exceeded, on_max_wait_time_exceeded, timeout, stop_on_timeout, logs"
    )
    assert str(caught.value).splitlines() == [
        "TrainingResult 'penguins': 4 mistakes",
        f"  - time_out is an unknown option (did you mean timeout?), must be one of {known}",
        "  - on_stopped: got 'ignore', expected one of 'accept' or 'fail'",
        "  - timeout: got 0.0, expected more than 0",
        "  - logs: got 'some', expected one of 'tail' or 'all'",
    ]
    with pytest.raises(DeclarationError, match="time_out is an unknown option"):
        Training("penguins", spec(), role=ROLE, **WRONG_OPTIONS)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"timeout": "10"}, "timeout: got '10', expected a number"),
        ({"timeout": float("nan")}, "timeout: got nan, expected"),
        ({"timeout": 1, "stop_on_timeout": "yes"}, "stop_on_timeout: got 'yes', expected true or false"),
        ({"stop_on_timeout": True}, "stop_on_timeout requires timeout"),
        ({"fallbacks": []}, "fallbacks is an unknown option"),
    ],
)
def test_an_option_of_the_wrong_kind_is_refused(options: dict[str, Any], sentence: str) -> None:
    """Before anybody waits."""
    with pytest.raises(DeclarationError, match=re.escape(sentence)):
        TrainingResult("penguins", "a-job", **options)


@pytest.mark.parametrize(
    ("job", "sentence"),
    [
        ("", "job: got '', expected a job's name"),
        (None, "job: got a NoneType, expected a TrainingJob, a TrainingFallback, or the name of a job"),
        (spec(), "job: got a TrainingJobSpec, expected"),
        ("arn:aws:sagemaker:eu-west-1:123456789012:training-job/x", "such as 'x', which is the end of this ARN"),
    ],
)
def test_what_is_no_job_has_no_result(job: Any, sentence: str) -> None:
    """It could be waited for in vain."""
    with pytest.raises(DeclarationError, match=re.escape(sentence)):
        TrainingResult("penguins", job)


def test_a_result_is_no_job() -> None:
    """Its job is meant."""

    def program() -> None:
        result = TrainingResult("penguins", "a-job")
        with pytest.raises(DeclarationError, match="for the job of another result, its training_job_name"):
            TrainingResult("again", result)  # pyright: ignore[reportArgumentType]

    graph(program)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"spec": "spec"}, "spec: got a str, expected a TrainingJobSpec"),
        ({"network": "vpc-1"}, "network: got a str, expected a TrainingNetwork"),
        ({"role": 5}, "role: got a int, expected an ARN"),
        ({"fallbacks": spec()}, "fallbacks: got one spec, expected a list of them"),
        ({"fallbacks": [spec("ml.m5.xlarge"), "b"]}, "fallbacks[1]: got a str, expected a TrainingJobSpec"),
        ({"fallbacks": [spec("ml.m5.xlarge"), spec()]}, "fallbacks[1] must differ from what is tried before it"),
    ],
)
def test_arguments_that_cannot_be_meant_are_refused(arguments: dict[str, Any], sentence: str) -> None:
    """Before a role is made, and by a job's own `result` too."""
    given: dict[str, Any] = {"spec": spec(), "role": ROLE, **arguments}
    with pytest.raises(DeclarationError, match=re.escape(sentence)):
        Training("penguins", **given)
    if "fallbacks" in arguments:
        graph(lambda: _refused_by_the_job(arguments, sentence))


def _refused_by_the_job(arguments: dict[str, Any], sentence: str) -> None:
    job: Any = TrainingJob("penguins", spec(), role=ROLE)
    with pytest.raises(DeclarationError, match=re.escape(sentence)):
        job.result(**arguments)


def test_a_training_takes_every_option_of_a_job() -> None:
    """Otherwise somebody would believe that they are on."""
    job, training = (inspect.signature(each).parameters for each in (TrainingJob, Training))
    assert set(job) <= set(training)
    options = {"strict": True, "on_missing": "retrain", "pin_image": True, "retrain_on_new_data": True}
    given: dict[str, Any] = {**options, "name_prefix": "birds"}
    found = graph(lambda: Training("penguins", spec(), role=ROLE, **given).model_artifacts)
    (placed,) = found.of("TrainingJob").values()
    assert placed.items() >= given.items()


@pytest.mark.parametrize("preview", [True, False])
def test_a_request_is_validated_once_in_the_program(preview: bool, steps: Counter[str]) -> None:
    """When the spec is built: neither the component nor its role, job and result do it again."""

    def program() -> None:
        Training("penguins", TrainingJobSpec(**SMALLEST))

    graph(program, preview=preview)
    assert (steps["validation"], steps["rules"], steps["credentials"]) == (1, 1, 1)
