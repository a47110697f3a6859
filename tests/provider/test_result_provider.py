"""What the engine calls for a result and for a fallback."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any, TypeVar

import dill
import pytest
from pulumi.dynamic import Config, ConfigureRequest, DiffResult
from pulumi.output import Unknown

from sagemaker_constructs.api.tag_keys import OWNER_TAG, SETTLED_TAG
from sagemaker_constructs.aws.answers import ExistingJob
from sagemaker_constructs.providers import TrainingFallbackProvider, TrainingResultProvider
from sagemaker_constructs.results.conclude import NoResultError
from sagemaker_constructs.testing import FakeTrainingJobs

OWNER = "organization/project/stack"
DECLARED_AS = "pulumi-python:dynamic/sagemaker:TrainingFallback::second"
ROLE = "arn:aws:iam::123456789012:role/training"


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> FakeTrainingJobs:
    """The jobs that the providers find."""
    made = FakeTrainingJobs()
    for provider in (TrainingResultProvider, TrainingFallbackProvider):
        monkeypatch.setattr(provider, "connect", made.connect)
    return made


def exists(cloud: FakeTrainingJobs, name: str, secondary: str = "Completed", **members: Any) -> None:
    """A job of the stack is there."""
    primary = {"Completed": "Completed", "Failed": "Failed", "Stopped": "Stopped"}.get(secondary, "InProgress")
    answer = {
        "TrainingJobName": name,
        "TrainingJobArn": cloud.arn_prefix + name,
        "TrainingJobStatus": primary,
        "SecondaryStatus": secondary,
        "CreationTime": datetime(2026, 5, 1, tzinfo=UTC),
        **members,
    }
    cloud.add(ExistingJob(answer), owner=OWNER)


Provider = TypeVar("Provider", TrainingResultProvider, TrainingFallbackProvider)


def configured(provider: Provider) -> Provider:
    """The provider in a stack without settings."""
    provider.configure(ConfigureRequest(Config({}, "project")))
    return provider


@pytest.mark.parametrize("provider", [TrainingResultProvider, TrainingFallbackProvider])
def test_a_state_stores_a_provider_by_name(provider: type) -> None:
    """By reference and without state: neither a new version of the code nor another machine changes it."""
    stored = dill.dumps(provider(), recurse=True)
    assert provider.__module__.encode() in stored
    assert len(base64.b64encode(stored)) < 150
    assert provider.__module__ == "sagemaker_constructs.providers"
    assert provider.serialize_as_secret_always is False


RESULT = {"training_job_name": "penguins", "region": "eu-west-1", "owner": OWNER, "model_artifacts": "s3://planned"}


def test_a_result_stores_what_came_out_and_not_what_was_planned(cloud: FakeTrainingJobs) -> None:
    """An accepted stop without a model has none."""
    exists(cloud, "penguins", "Stopped")
    made = configured(TrainingResultProvider()).create({**RESULT, "on_stopped": "accept"})
    assert made.id == "penguins"
    assert made.outs is not None
    assert made.outs["model_artifacts"] == ""
    assert made.outs["on_stopped"] == "accept"


def test_a_failed_job_makes_no_result(cloud: FakeTrainingJobs) -> None:
    """The engine records nothing then, and asks again with the next up."""
    exists(cloud, "penguins", "Failed", FailureReason="AlgorithmError: exit code 1")
    with pytest.raises(NoResultError, match=r"failed \(algorithm\)"):
        configured(TrainingResultProvider()).create(RESULT)


def test_another_run_is_another_result(cloud: FakeTrainingJobs) -> None:
    """Also one whose name is not known yet; other options are none. Nothing is asked of AWS."""
    provider = configured(TrainingResultProvider())
    recorded = {**RESULT, "ended_by": "completed"}
    assert provider.diff("penguins", recorded, {**RESULT, "training_job_name": Unknown()}).replaces == [
        "training_job_name"
    ]
    assert provider.diff("penguins", recorded, {**RESULT, "region": "us-east-1"}).replaces == ["region"]
    assert provider.diff("penguins", recorded, {**RESULT, "timeout": 5.0}).replaces == []
    assert cloud.calls == []


def test_another_run_under_the_same_name_is_another_result(cloud: FakeTrainingJobs) -> None:
    """As after a job was deleted elsewhere and trained again; a job that merely changes in the preview is none."""
    provider = configured(TrainingResultProvider())
    recorded = {**RESULT, "claim": "a:1"}
    assert provider.diff("penguins", recorded, {**RESULT, "claim": "a:2"}).replaces == ["claim"]
    unknown = provider.check(recorded, {**RESULT, "claim": Unknown()}).inputs
    assert unknown["claim"] == "a:1"
    assert provider.diff("penguins", recorded, unknown).replaces == []
    assert cloud.calls == []


def test_other_options_judge_the_same_result(cloud: FakeTrainingJobs) -> None:
    """What was recorded stays; a policy that does not accept it any more fails."""
    exists(cloud, "penguins", "Stopped")
    provider = configured(TrainingResultProvider())
    recorded = provider.create({**RESULT, "on_stopped": "accept"}).outs or {}
    again = provider.update("penguins", recorded, {**RESULT, "on_stopped": "accept", "timeout": 5.0}).outs or {}
    assert (again["timeout"], again["model_artifacts"]) == (5.0, "")
    with pytest.raises(NoResultError):
        provider.update("penguins", recorded, {**RESULT, "on_stopped": "fail"})


def test_how_a_wait_ended_is_no_change_of_a_result() -> None:
    """Where nobody could look, an unchanged stack is unchanged; a result that is to be made has to know."""
    provider = configured(TrainingResultProvider())
    given_up = {**RESULT, "cut_short": "AWS did not answer"}
    assert provider.check(RESULT, dict(given_up)).inputs == RESULT
    assert provider.check({}, dict(given_up)).inputs == given_up
    assert provider.check(RESULT, {**given_up, "training_job_name": Unknown()}).inputs["cut_short"]


def test_what_is_no_name_is_refused_once_it_is_known() -> None:
    """A name that the program knows is refused there."""
    provider = configured(TrainingResultProvider())
    (failure,) = provider.check({}, {**RESULT, "training_job_name": "no name"}).failures
    assert failure.reason.startswith("job: got 'no name', expected a job's name")
    assert provider.check({}, {**RESULT, "training_job_name": Unknown()}).failures == []


def test_a_result_is_read_from_the_state() -> None:
    """A job that ended does not change, and its record may be gone."""
    recorded = {**RESULT, "ended_by": "completed"}
    assert configured(TrainingResultProvider()).read("penguins", recorded).outs == recorded


def fallback_inputs(provider: TrainingFallbackProvider, after: str = "first") -> dict[str, Any]:
    """The checked inputs of a fallback for a job."""
    declared = {
        "after": after,
        "declared_as": DECLARED_AS,
        "name_prefix": "second",
        "on_delete": "stop",
        "on_failure": "retrain",
        "owner": OWNER,
        "region": "eu-west-1",
        "role_arn": ROLE,
        "algorithm_specification": {
            "training_image": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1",
            "training_input_mode": "File",
        },
        "output_data_config": {"s3_output_path": "s3://bucket/models"},
        "resource_config": {"instance_type": "ml.m5.large", "instance_count": 1.0, "volume_size_in_gb": 1.0},
    }
    checked = provider.check({}, declared)
    assert not checked.failures
    return checked.inputs


def diff(provider: TrainingFallbackProvider, id_: str, outs: dict[str, Any], program: dict[str, Any]) -> DiffResult:
    """What `up` finds for a fallback that is in the state."""
    inputs = provider.check({**program, "after": outs["after"]}, dict(program)).inputs
    return provider.diff(id_, outs, inputs)


def test_a_fallback_is_named_as_a_job_is() -> None:
    """Its own run's name is planned; which run counts follows from its status."""
    inputs = fallback_inputs(configured(TrainingFallbackProvider()))
    assert inputs["training_job_name"].startswith("second-")
    assert inputs["arn"].endswith(inputs["training_job_name"])


def test_a_fallback_that_is_not_needed_starts_nothing(cloud: FakeTrainingJobs) -> None:
    """It stays as it is, and leaves nothing to stop."""
    exists(cloud, "first")
    provider = configured(TrainingFallbackProvider())
    inputs = fallback_inputs(provider)
    made = provider.create(inputs)
    outs = made.outs or {}
    assert (outs["after"], outs["training_job_status"]) == ("first", "NotNeeded")
    assert provider.read(made.id, outs).outs == outs
    found = diff(provider, made.id, outs, inputs)
    assert (found.changes, found.replaces) == (None, [])
    assert (provider.update(made.id, outs, inputs).outs or {}) == outs
    provider.delete(made.id, outs)
    assert cloud.named("create") == cloud.named("stop") == []


def test_a_fallback_that_is_needed_is_a_job_like_any_other(cloud: FakeTrainingJobs) -> None:
    """Started, recorded, compared, and stopped in the end; the run before it is tagged, so that none follows it."""
    exists(cloud, "first", "Failed", FailureReason="CapacityError: none")
    provider = configured(TrainingFallbackProvider())
    inputs = fallback_inputs(provider)
    made = provider.create(inputs)
    outs = made.outs or {}
    name = inputs["training_job_name"]
    assert (made.id, outs["training_job_name"], outs["after"]) == (name, name, "first")
    assert cloud.tagged["first"] == {OWNER_TAG: OWNER, SETTLED_TAG: "continued"}

    assert diff(provider, made.id, outs, inputs).replaces == []
    read = configured(TrainingFallbackProvider()).read(made.id, outs)
    assert (read.id, (read.outs or {})["training_job_name"]) == (name, name)
    other = {**inputs, "hyper_parameters": {"depth": "5"}}
    assert diff(provider, made.id, outs, other).replaces == ["hyper_parameters"]
    provider.delete(made.id, outs)
    assert [request["TrainingJobName"] for (request,) in cloud.named("create")] == [name]
    assert cloud.named("stop") == [(name,)]


def test_another_run_before_it_is_looked_at_again(cloud: FakeTrainingJobs) -> None:
    """Whether the fallback is needed depends on that run alone."""
    exists(cloud, "first")
    provider = configured(TrainingFallbackProvider())
    inputs = fallback_inputs(provider)
    outs = provider.create(inputs).outs or {}
    assert diff(provider, "x", outs, {**inputs, "after": "first-2"}).replaces == ["after"]
    assert diff(provider, "x", outs, {**inputs, "after": Unknown()}).replaces == ["after"]


def test_another_run_before_it_plans_the_same_run_of_its_own(cloud: FakeTrainingJobs) -> None:
    """One that was started before can be reused, if it is needed."""
    exists(cloud, "first", "Failed", FailureReason="CapacityError: no machines")
    provider = configured(TrainingFallbackProvider())
    inputs = fallback_inputs(provider)
    outs = provider.create(inputs).outs or {}
    program = {**inputs, "after": "first-2"}
    assert diff(provider, outs["training_job_name"], outs, program).replaces == ["after"]
    assert provider.check({}, dict(program)).inputs["training_job_name"] == inputs["training_job_name"]


def test_a_mistake_in_a_fallback_is_refused_in_the_preview() -> None:
    """As in a job."""
    provider = configured(TrainingFallbackProvider())
    checked = provider.check({}, {"after": "first", "name_prefix": "x", "region": "eu-west-1", "owner": OWNER})
    assert checked.failures
