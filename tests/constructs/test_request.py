"""The fluent builder."""

from __future__ import annotations

import gc
import time
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from pulumi import UNKNOWN
from request_stub import STUB, formatted

from sagemaker_constructs.api.channels import Channel
from sagemaker_constructs.api.debugger import DebugRuleConfiguration
from sagemaker_constructs.api.members import members_of
from sagemaker_constructs.api.mistakes import InvalidRequest
from sagemaker_constructs.api.resource_config import ResourceConfig
from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.api.tags import Tag
from sagemaker_constructs.request import RETRIES, CreateTrainingJob, adding_name

REQUEST: dict[str, Any] = {
    "TrainingJobName": "churn-1",
    "RoleArn": "arn:aws:iam::123456789012:role/training",
    "AlgorithmSpecification": {"TrainingImage": "image", "TrainingInputMode": "File"},
    "OutputDataConfig": {"S3OutputPath": "s3://bucket/models"},
    "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1},
}
ARN = "arn:aws:sagemaker:us-west-2:123456789012:training-job/churn-1"


@pytest.fixture(autouse=True)
def _no_garbage() -> None:
    """Of other tests: collected while a source is parsed, its tracebacks parse too, which Python 3.11 trips over."""
    gc.collect()


def smallest() -> CreateTrainingJob:
    """The smallest request, said with members and with a shape."""
    return (
        CreateTrainingJob()
        .training_job_name("churn-1")
        .role_arn("arn:aws:iam::123456789012:role/training")
        .algorithm_specification(training_image="image", training_input_mode="File")
        .output_data_config(s3_output_path="s3://bucket/models")
        .resource_config(ResourceConfig(instance_type="ml.m5.xlarge", instance_count=1))
    )


class FakeClient:
    """A client that records what it is to send."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    def create_training_job(self, **request: Any) -> dict[str, str]:
        """Record the request."""
        self.sent.append(request)
        return {"TrainingJobArn": ARN}


class FakeSession:
    """A session that records how it is to make its client."""

    def __init__(self) -> None:
        self.made: list[tuple[str, Any]] = []
        self.fake = FakeClient()

    def client(self, service_name: str, *, config: Any) -> FakeClient:
        """Record the configuration."""
        self.made.append((service_name, config.retries))
        return self.fake


class RawBody:
    """The body of an answer, as urllib3 hands it over."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    def stream(self) -> list[bytes]:
        """The body in one piece."""
        return [self.body]


def no_sleep(_seconds: float) -> None:
    """Pass the time at once."""


def test_stub_is_fresh() -> None:
    """`request.pyi` says what the shapes say; run tests/constructs/request_stub.py after a change of them."""
    assert formatted() == STUB.read_text()


def test_every_member_has_its_methods() -> None:
    """A setting form for each member, an adding form for each collection."""
    for member in members_of(TrainingJobSpec):
        assert callable(getattr(CreateTrainingJob, member.name))
        assert hasattr(CreateTrainingJob, adding_name(member)) == (member.kind.type in {"list", "map"})


def test_build_gives_the_spec() -> None:
    """What was said is what is built."""
    assert smallest().build().to_request() == REQUEST


def test_collections_are_added_to() -> None:
    """The adding form appends, by members or by a shape; the setting form sets the whole."""
    job = (
        smallest()
        .add_hyper_parameter("max_depth", 5)
        .add_hyper_parameter("eta", 0.1)
        .add_environment("STAGE", "test")
        .add_input_data_config(Channel.s3("train", "s3://bucket/train"))
        .add_input_data_config(Channel.s3("validation", "s3://bucket/validation"))
        .tags({"team": "research"})
        .add_tag(key="cost-center", value="7")
        .add_tag(Tag(key="stage", value=""))
        .add_debug_rule_configuration(rule_configuration_name="loss", rule_evaluator_image="rules")
        .add_profiler_rule_configuration(rule_configuration_name="cpu", rule_evaluator_image="rules")
    )
    request = job.build().to_request()

    assert request["HyperParameters"] == {"max_depth": "5", "eta": "0.1"}
    assert request["Environment"] == {"STAGE": "test"}
    assert [channel["ChannelName"] for channel in request["InputDataConfig"]] == ["train", "validation"]
    assert [tag["Key"] for tag in request["Tags"]] == ["team", "cost-center", "stage"]
    assert [rule["RuleConfigurationName"] for rule in request["DebugRuleConfigurations"]] == ["loss"]
    assert [rule["RuleConfigurationName"] for rule in request["ProfilerRuleConfigurations"]] == ["cpu"]
    assert job.hyper_parameters({"eta": 1}).build().to_request()["HyperParameters"] == {"eta": "1"}


def test_every_step_leaves_the_one_before_as_it_was() -> None:
    """Two requests may go on from one."""
    base = smallest().add_hyper_parameter("max_depth", 5)
    deep, wide = base.add_hyper_parameter("eta", 1), base.add_hyper_parameter("gamma", 2)

    assert base.build().to_request()["HyperParameters"] == {"max_depth": "5"}
    assert deep.build().to_request()["HyperParameters"] == {"max_depth": "5", "eta": "1"}
    assert wide.build().to_request()["HyperParameters"] == {"max_depth": "5", "gamma": "2"}


def test_build_lists_every_mistake() -> None:
    """The builder collects; the spec checks."""
    with pytest.raises(InvalidRequest) as caught:
        smallest().resource_config(instance_type="large", instance_count=-1).build()

    assert len(caught.value.mistakes) == 2


def test_value_and_members_together_are_refused() -> None:
    """It is one or the other."""
    method: Any = smallest().resource_config

    with pytest.raises(TypeError, match="a value cannot be combined with members"):
        method(ResourceConfig(), instance_count=1)


def test_adding_to_an_output_is_refused() -> None:
    """A collection that is not known yet cannot be added to."""
    job = smallest().debug_rule_configurations(UNKNOWN)  # pyright: ignore[reportArgumentType]  as an Output is
    rule = DebugRuleConfiguration(rule_configuration_name="loss", rule_evaluator_image="rules")

    with pytest.raises(TypeError, match="debug_rule_configurations was set to an Output"):
        job.add_debug_rule_configuration(rule)


def test_repr_shows_what_was_set_without_credentials() -> None:
    """Nothing is validated yet, so that a credential may be among the values."""
    job = CreateTrainingJob().add_environment("MODE", "fast").add_environment("PASSWORD", "swordfish-4")

    assert repr(job) == "CreateTrainingJob(environment={'MODE': 'fast', 'PASSWORD': '[masked]'})"


def test_send_returns_the_response() -> None:
    """The request goes out in wire form, and what comes back is returned."""
    client = FakeClient()

    assert smallest().send(client) == {"TrainingJobArn": ARN}
    assert client.sent == [REQUEST]


def test_send_applies_customizations_in_order() -> None:
    """The caller has the last word, also about members that this library does not know."""
    client = FakeClient()
    smallest().customize(lambda sent: {**sent, "New": 1}).customize(lambda sent: {**sent, "New": sent["New"] + 1}).send(
        client
    )

    assert client.sent == [{**REQUEST, "New": 2}]


def test_send_needs_what_a_request_needs() -> None:
    """Name and role, which a spec may leave to a resource, are required here; nothing is sent."""
    client = FakeClient()

    with pytest.raises(InvalidRequest, match="training_job_name is required"):
        CreateTrainingJob().output_data_config(s3_output_path="s3://bucket").send(client)
    assert client.sent == []


def test_send_needs_known_values() -> None:
    """An Output can be built into a spec, and not be sent."""
    unknown: Any = UNKNOWN

    with pytest.raises(
        InvalidRequest, match=r"HyperParameters\.eta: got an Output, expected a value that is already known"
    ):
        smallest().add_hyper_parameter("eta", unknown).send(FakeClient())


@pytest.mark.parametrize(("asked", "attempts"), [(None, RETRIES + 1), (0, 1), (5, 6)])
def test_retries_are_configured_on_the_client(asked: int | None, attempts: int) -> None:
    """Two by default, and as many as are asked for."""
    session = FakeSession()
    smallest().send(session, retries=asked)

    assert [("sagemaker", {"mode": "standard", "total_max_attempts": attempts})] == session.made
    assert session.fake.sent == [REQUEST]


def test_client_brings_its_own_retries() -> None:
    """What cannot be done is refused instead of ignored."""
    with pytest.raises(ValueError, match="retries cannot be combined with a client"):
        smallest().send(FakeClient(), retries=1)


def test_throttling_is_retried(monkeypatch: pytest.MonkeyPatch) -> None:
    """With boto3 itself: two refusals and then an answer are an answer."""
    monkeypatch.setattr(time, "sleep", no_sleep)
    answers = [
        (400, b'{"__type": "ThrottlingException", "message": "Rate exceeded"}'),
        (503, b"{}"),
        (200, f'{{"TrainingJobArn": "{ARN}"}}'.encode()),
    ]
    session = boto3.Session("key", "secret", region_name="us-west-2")

    def answer(request: AWSPreparedRequest, **_: Any) -> Any:
        status, body = answers.pop(0)
        return AWSResponse(request.url, status, HTTPHeaders(), RawBody(body))

    session.events.register("before-send.sagemaker.CreateTrainingJob", answer)

    assert smallest().send(session)["TrainingJobArn"] == ARN
    assert answers == []


def test_what_was_given_can_be_changed_afterwards_without_a_trace() -> None:
    """A request is the same for ever, whatever becomes of the mapping that it was made from."""
    given: dict[str, Any] = {"depth": 1}
    request = CreateTrainingJob().hyper_parameters(given)
    given["depth"] = 2
    assert request.members["hyper_parameters"] == {"depth": 1}
