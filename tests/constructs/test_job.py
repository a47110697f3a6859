"""A training job as it is placed: its type, its inputs, its secrets, and what it waits for."""

# pyright: reportPrivateUsage=false
# Dependencies are only in the registrations themselves, which the graph does not keep.

from __future__ import annotations

import inspect
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import graphs
import pulumi
import pulumi_aws as aws
import pytest
from google.protobuf import json_format
from graphs import ACCOUNT, graph
from policy_cases import SMALLEST
from pulumi import Output, ResourceOptions
from pulumi.runtime.settings import SETTINGS

from sagemaker_constructs import TrainingJob, TrainingJobSpec, VpcConfig
from sagemaker_constructs.reconcile.declared_values import DECLARED_VALUES, foreign_paths
from sagemaker_constructs.reconcile.options import JobOptions
from sagemaker_constructs.run import TrainingRun

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TYPE = "pulumi-python:dynamic/sagemaker:TrainingJob"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/trainer"
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
OPTIONS = {
    "name_prefix": "model",
    "on_delete": "stop",
    "on_failure": "retrain",
    "on_missing": "keep",
    "pin_image": False,
    "retrain_on_new_data": False,
    "owner": "None/project/stack",  # the mocks have no organization
    "region": "eu-west-1",
    "strict": False,
    "declared_as": f"{TYPE}::model",
}


class MyJob(TrainingJob):
    """A job of a user's own class."""


class Network:
    """A network that somebody else made."""

    vpc_config = VpcConfig(security_group_ids=["sg-1"], subnets=["subnet-1"])


@pytest.fixture(autouse=True)
def _region(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stack's Region, and no other."""
    for name in ("AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    pulumi.runtime.set_all_config({})


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The registrations as they go to the engine, by name."""
    found: dict[str, Any] = {}
    register = graphs._Monitor.RegisterResource

    def noting(self: Any, request: Any) -> Any:
        found[request.name] = request
        return register(self, request)

    monkeypatch.setattr(graphs._Monitor, "RegisterResource", noting)
    return found


def spec(**others: Any) -> TrainingJobSpec:
    """The smallest job, without a role."""
    members = {name: value for name, value in SMALLEST.items() if name != "role_arn"}
    return TrainingJobSpec(**{**members, **others})


def inputs(members: Callable[[], Mapping[str, Any]] = dict, /, **options: Any) -> Mapping[str, Any]:
    """The inputs of a job that are recorded, without its provider. What may hold Outputs is made in the program."""

    def program() -> None:
        made: dict[str, Any] = {"role": ROLE, **options}
        made = {name: value() if callable(value) else value for name, value in made.items()}
        TrainingJob("model", spec(**members()), **made)

    placed = graph(program).of("TrainingJob")["model"]
    return {name: value for name, value in placed.items() if name not in ("__provider", DECLARED_VALUES)}


@pytest.mark.parametrize("kind", [TrainingJob, MyJob])
def test_the_type_is_the_same_in_subclasses(kind: type[TrainingJob]) -> None:
    """It is in the URN of every job there is: another one would be another resource."""
    found = graph(lambda: kind("model", spec(), role=ROLE))
    assert [each.type for each in found.placed] == [TYPE.replace("TrainingJob", "StateIdentity"), TYPE]


def test_the_inputs_are_the_members_and_the_options() -> None:
    """Under snake_case names, as diffs and `ignore_changes` have them; nothing else, and no output."""
    assert inputs() == {**spec().to_members(), "role_arn": ROLE, **OPTIONS}


def test_every_option_is_handed_on() -> None:
    """As the provider reads them."""
    given = {
        "name_prefix": "other",
        "on_delete": "delete",
        "on_failure": "keep",
        "on_missing": "retrain",
        "pin_image": True,
        "retrain_on_new_data": True,
        "region": "us-east-1",
        "strict": ["role_arn", "environment"],
    }
    assert set(given) >= set(JobOptions.model_fields)
    found = inputs(**given)
    assert {name: found[name] for name in given} == {**given, "strict": ["environment", "role_arn"]}


def test_a_name_given_by_hand_has_no_prefix() -> None:
    """The provider tells the two apart by that."""
    found = inputs(lambda: {"training_job_name": "mine"}, name_prefix="ignored")
    assert found["training_job_name"] == "mine"
    assert "name_prefix" not in found


def test_secrets_stay_secret_and_are_named(requests: dict[str, Any]) -> None:
    """The engine hands them to the provider as plain values; their paths say which they are, without positions."""
    inputs(
        lambda: {
            "environment": {"KEY": Output.secret("hidden"), "STAGE": Output.from_input("test")},
            "tags": {"who": Output.secret("hidden")},
            "hyper_parameters": Output.secret({"a": "hidden"}),
        }
    )
    found = json_format.MessageToDict(requests["model"].object)
    secret = {**SECRET, "value": "hidden"}
    assert found["environment"] == {"KEY": secret, "STAGE": "test"}
    assert found["tags"] == {"who": secret}
    assert found["hyper_parameters"] == {**SECRET, "value": {"a": "hidden"}}
    assert found["secret_members"] == ["environment.KEY", "hyper_parameters", "tags.value"]


@pytest.mark.parametrize("whole", [False, True])
def test_the_model_of_a_secret_path_is_a_secret(requests: dict[str, Any], whole: bool) -> None:
    """The engine marks what the provider plans as a secret where the input of the same name is one."""
    path = "s3://hidden/models"

    def config() -> Any:
        return Output.secret({"s3_output_path": path}) if whole else {"s3_output_path": Output.secret(path)}

    inputs(lambda: {"output_data_config": config()})
    assert json_format.MessageToDict(requests["model"].object)["model_artifacts"] == {**SECRET, "value": ""}


@pytest.mark.parametrize("secret", ["", "first", "other", "first and other"])
def test_so_is_the_model_of_a_result_with_fallbacks(requests: dict[str, Any], secret: str) -> None:
    """Which run counts is not known yet: the path of any of them may be the one."""

    def program() -> None:
        path: Any = "s3://hidden/models"

        def run(which: str) -> TrainingJobSpec:
            config = {"s3_output_path": Output.secret(path) if which in secret else path}
            return spec(output_data_config=config, enable_network_isolation=which == "other")

        TrainingJob("model", run("first"), role=ROLE).result("result", fallbacks=[run("other")])

    graph(program)
    found = json_format.MessageToDict(requests["result"].object)
    assert found.get("model_artifacts") == ({**SECRET, "value": ""} if secret else None)
    assert found.get("secret_members") == (["output_data_config.s3_output_path"] if secret else None)


def test_without_secrets_nothing_is_named() -> None:
    """An Output is not a secret yet."""
    assert "secret_members" not in inputs(lambda: {"environment": {"A": Output.from_input("b")}})


def test_values_that_may_be_shown_are_told_apart_from_those_of_transforms() -> None:
    """Plain values and those of Outputs, at any depth, as the provider gets them; a secret is none of them."""

    def program() -> None:
        found = {"KEY": Output.secret("hidden"), "STAGE": Output.from_input("test"), "DEPTH": 4}
        TrainingJob("model", spec(environment=found, tags={"who": "us"}), role=Output.from_input(ROLE))

    placed = {**graph(program).of("TrainingJob")["model"]}
    del placed["__provider"]
    environment = {"KEY": "hidden", "STAGE": "test", "DEPTH": "4"}  # as the provider gets it, which knows no secrets
    assert foreign_paths({**placed, "environment": environment}) == ("environment.KEY",)
    assert foreign_paths({**placed, "environment": {"STAGE": "test", "DEPTH": "4"}}) == ()
    assert foreign_paths({**placed, "role_arn": "another", "tags": {"who": "them"}, "environment": {"DEPTH": "5"}}) == (
        "environment.DEPTH",
        "role_arn",
        "tags.who",
    )


@pytest.mark.parametrize("role", [ROLE, lambda: Output.from_input(ROLE)])
def test_a_role_is_an_arn_or_what_will_be_one(role: Any) -> None:
    """An Output has every attribute, so it must not be taken for something that has an ARN."""
    assert inputs(role=role)["role_arn"] == ROLE


def test_a_role_of_pulumi_aws_is_taken_and_waited_for(requests: dict[str, Any]) -> None:
    """By its ARN."""

    def program() -> None:
        TrainingJob("model", spec(), role=aws.iam.Role("trainer", assume_role_policy="{}"))

    found = graph(program)
    assert found.of("TrainingJob")["model"]["role_arn"] == ROLE
    assert [urn.rpartition("::")[2] for urn in requests["model"].dependencies] == ["trainer"]


def test_what_the_user_waits_for_is_waited_for_too(requests: dict[str, Any]) -> None:
    """Beside the role."""

    def program() -> None:
        policy = aws.iam.Policy("policy", policy="{}")
        role = aws.iam.Role("trainer", assume_role_policy="{}")
        TrainingJob("model", spec(), role=role, opts=ResourceOptions(depends_on=[policy], protect=True))

    graph(program)
    assert sorted(urn.rpartition("::")[2] for urn in requests["model"].dependencies) == ["policy", "trainer"]
    assert requests["model"].protect


def test_a_network_brings_its_vpc_config() -> None:
    """Without one the job is in SageMaker's own network."""
    assert inputs(network=Network())["vpc_config"] == {"security_group_ids": ["sg-1"], "subnets": ["subnet-1"]}
    assert "vpc_config" not in inputs()


def test_role_and_network_may_be_in_the_spec() -> None:
    """Then nothing else is needed."""
    found = inputs(lambda: {"role_arn": ROLE, "vpc_config": Network.vpc_config}, role=None)
    assert (found["role_arn"], found["vpc_config"]["subnets"]) == (ROLE, ["subnet-1"])


@pytest.mark.parametrize(
    ("others", "options", "sentence"),
    [
        ({}, {"role": None}, r"role is required: give role=…, or role_arn in the spec"),
        ({"role_arn": ROLE}, {}, r"role cannot be combined with role_arn in the spec"),
        ({"vpc_config": Network.vpc_config}, {"network": Network()}, r"network cannot be combined with vpc_config"),
    ],
)
def test_a_role_and_a_network_are_given_once(others: Any, options: Any, sentence: str) -> None:
    """Else the program ends with what is wrong."""
    with pytest.raises(ValueError, match=sentence):
        inputs(lambda: others, **options)


def test_the_region_is_looked_for_where_pulumi_aws_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The argument, the stack's setting, then the environment, in this order."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-north-1")
    pulumi.runtime.set_all_config({"aws:region": "eu-central-1"})
    assert inputs(region="us-east-1")["region"] == "us-east-1"
    assert inputs()["region"] == "eu-central-1"
    pulumi.runtime.set_all_config({})
    assert inputs()["region"] == "eu-west-1"
    monkeypatch.delenv("AWS_REGION")
    assert inputs()["region"] == "eu-north-1"


def test_without_any_region_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that sets one."""
    monkeypatch.delenv("AWS_REGION")
    monkeypatch.setenv("AWS_CONFIG_FILE", "no-such-file")
    with pytest.raises(ValueError, match="region is required: pulumi config set aws:region <region>"):
        inputs()


def test_a_region_may_be_an_output() -> None:
    """Such as that of a provider."""
    assert inputs(region=lambda: Output.from_input("us-east-1"))["region"] == "us-east-1"


def test_its_outputs_are_attributes() -> None:
    """The engine gives a program only those that the resource asked for."""
    outputs: dict[str, Output[Any]] = {}

    def program() -> None:
        job = TrainingJob("model", spec(), role=ROLE)
        for name in ("adopted", "arn", "creation_time", "failure_reason", "fingerprint", "model_artifacts", "region"):
            outputs[name] = getattr(job, name)
        for name in ("secondary_status", "training_job_name", "training_job_status"):
            outputs[name] = getattr(job, name)

    graph(program)
    assert {name for name, value in outputs.items() if not isinstance(value, Output)} == set()


def test_its_outputs_are_awaited_with_its_registration() -> None:
    """Not one by one: each step of that wait takes time for every output that is pending, so for all jobs' outputs."""
    left: list[int] = []
    sdk: Any = SETTINGS

    def program() -> None:
        job = TrainingJob("model", spec(), role=ROLE)
        outputs = [each._data for each in vars(job).values() if isinstance(each, Output)]
        left.extend([len(outputs), len(sdk.outputs.intersection(outputs))])

    graph(program)
    assert left[0] > 30
    assert left[1] == 0


def test_a_property_without_a_value_is_no_output_of_a_job() -> None:
    """Unless it is a member or an output: the SDK takes time for each, which hundreds of jobs would feel."""
    made: list[TrainingJob] = []
    graph(lambda: made.append(TrainingJob("model", TrainingJobSpec.from_members(SMALLEST), role=ROLE)))
    outputs = {name for name, value in vars(made[0]).items() if isinstance(value, Output)}
    assert outputs.isdisjoint(("aws_settings", "default_tags", "ignore_tags", "secret_members"))
    assert {"adopted", "tags", "owner", "on_delete"} < outputs


def test_importing_it_does_not_load_pulumi_aws() -> None:
    """A program that only wants jobs need not wait for it."""
    source = "import sys; from sagemaker_constructs import TrainingJob; sys.exit('pulumi_aws' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", source], check=False).returncode == 0


def test_every_member_can_be_read_off_a_job() -> None:
    """Declared or not, typed, and with the numbers that a hyperparameter may be declared as."""
    annotated = {name for name in inspect.get_annotations(TrainingRun) if name in TrainingJobSpec.model_fields}
    assert annotated == set(TrainingJobSpec.model_fields)
    seen: list[Any] = []

    def program() -> None:
        spec = TrainingJobSpec.from_members({**SMALLEST, "hyper_parameters": {"depth": 4}})
        job = TrainingJob("model", spec, role=ROLE)
        Output.all(job.hyper_parameters, job.vpc_config).apply(seen.append)

    graph(program)
    assert seen == [[{"depth": "4"}, None]]
