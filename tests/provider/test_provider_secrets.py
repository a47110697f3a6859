"""What the provider says, raises and records has no secret of the program in it, wherever AWS repeats one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sagemaker_constructs.aws.errors import JobConflictError, ReconcileError, ServiceError
from sagemaker_constructs.providers import TrainingJobProvider
from tests.provider.steps import Refused, Resource
from tests.samples import OWNER, Sentences, described, program

if TYPE_CHECKING:
    from collections.abc import Callable

    from sagemaker_constructs.testing import FakeTrainingJobs

HYPER, ENVIRONMENT, TAG, DATA, INNER = ("battery-staple", "correct-horse", "sword-fish", "open-sesame", "inner-circle")
SECRETS = (HYPER, ENVIRONMENT, TAG, DATA, INNER)
ECHO = f"Values '{HYPER}', '{ENVIRONMENT}', '{TAG}', '{INNER}' and the prefix {DATA}/train are not good"
"""As AWS repeats values; of the channel's URI and of the formatted value only the inner part."""
OUTPUTS = ("training_job_name", "fingerprint", "arn", "failure_reason", "claim", "contents", "model_artifacts")


def secretive(**others: Any) -> dict[str, Any]:
    """A job with a secret in each place that people put one."""
    channel = {"s3_data_source": {"s3_data_type": "S3Prefix", "s3_uri": f"s3://bucket/{DATA}/train/"}}
    return program(
        **{
            "hyper_parameters": {"depth": "4", "phrase": HYPER, "formatted": f'{{"room": "{INNER}"}}'},
            "environment": {"PHRASE": ENVIRONMENT},
            "tags": [{"key": "phrase", "value": TAG}],
            "input_data_config": [{"channel_name": "train", "data_source": channel}],
            "secret_members": [
                "environment.PHRASE",
                "hyper_parameters.formatted",
                "hyper_parameters.phrase",
                "input_data_config.data_source.s3_data_source.s3_uri",
                "tags.value",
            ],
            **others,
        }
    )


def assert_hidden(*texts: object) -> None:
    """No secret stands in the texts."""
    found = [(secret, str(text)) for text in texts for secret in SECRETS if secret in str(text)]
    assert not found


def _create(_: FakeTrainingJobs, job: Resource) -> None:
    job.up(secretive())


def _update(_: FakeTrainingJobs, job: Resource) -> None:
    job.up(secretive(tags=[{"key": "phrase", "value": f"{TAG}-2"}]))


def _refresh(_: FakeTrainingJobs, job: Resource) -> None:
    job.refresh()


def _preview(_: FakeTrainingJobs, job: Resource) -> None:
    job.preview(secretive())


def _destroy(_: FakeTrainingJobs, job: Resource) -> None:
    job.destroy()


REFUSALS: dict[str, tuple[str, bool, Callable[[FakeTrainingJobs, Resource], None]]] = {
    "create": ("create", False, _create),
    "update": ("add_tags", True, _update),
    "refresh": ("search", True, _refresh),
    "preview": ("search", True, _preview),
    "destroy": ("stop", True, _destroy),
}


@pytest.mark.parametrize(("method", "exists", "act"), REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_of_aws_is_masked(
    jobs: FakeTrainingJobs,
    said: Sentences,
    method: str,
    exists: bool,
    act: Callable[[FakeTrainingJobs, Resource], None],
) -> None:
    """In every step of the engine; the rest of the sentence stays."""
    job = Resource()
    if exists:
        job.up(secretive())
    jobs.fail(method, "InternalFailure", ECHO, times=None)

    with pytest.raises(ReconcileError, match=r"InternalFailure: Values '.*' and the prefix .* are not good") as caught:
        act(jobs, job)

    assert_hidden(caught.value, *said)


def test_what_is_only_said_is_masked(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """A preview without permission, and contents that are not there yet."""
    job = Resource()
    jobs.fail("objects", "NoSuchBucket", ECHO)
    job.up(secretive(retrain_on_new_data=True))
    assert any("cannot be compared yet" in each for each in said)
    for method in ("search", "describe"):
        jobs.fail(method, "AccessDeniedException", ECHO, times=None)

    job.preview(secretive())

    assert any("jobs cannot be read" in each for each in said)
    assert_hidden(*said)


def test_a_job_that_has_the_name_is_compared_without_showing_secrets(jobs: FakeTrainingJobs) -> None:
    """Each difference by its path."""
    members = {name: value for name, value in secretive().items() if name not in ("tags", "secret_members")}
    other = {"phrase": "another", "formatted": "another", "depth": "5"}
    options = ("name_prefix", "owner", "region", "declared_as", "state_identity")
    spec = {name: value for name, value in members.items() if name not in options}
    jobs.add(described({**spec, "hyper_parameters": other, "training_job_name": "model"}), owner=OWNER)

    with pytest.raises(JobConflictError, match=r"hyper_parameters\.depth: declared 4, existing 5") as caught:
        Resource().up(secretive(name_prefix=None, training_job_name="model"))

    assert "hyper_parameters.phrase: declared a value that is not shown" in str(caught.value)
    assert_hidden(caught.value)


def test_what_is_recorded_of_a_failure_is_masked(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """The script printed its secrets."""
    job = Resource()
    job.up(secretive())
    jobs.becomes(job.id, "Failed", failure_reason=f"AlgorithmError: {ECHO}")

    job.refresh()
    job.preview(secretive())

    assert job.outputs["failure_reason"].startswith("AlgorithmError: Values '")
    assert any("AlgorithmError" in each for each in said)
    assert_hidden(*said, *(job.outputs[name] for name in OUTPUTS))
    assert_hidden(*jobs.jobs, *({key: value for key, value in jobs.tagged[job.id].items() if key != "phrase"}.items()))


def test_a_mistake_beside_a_secret_does_not_show_it() -> None:
    """A rule may name the value of another member than the one that is wrong."""
    wrong = secretive(resource_config={"instance_type": HYPER, "instance_count": 1, "volume_size_in_gb": 1})

    with pytest.raises(Refused, match=r"resource_config\.instance_type: got ") as caught:
        Resource().up(wrong)

    assert_hidden(caught.value)


def test_a_credential_that_a_transform_put_in_is_masked_by_its_form(jobs: FakeTrainingJobs) -> None:
    """The provider receives plain values and is not told that it is a secret."""
    key = "ghp_" + "0123456789abcdefghijklmnopqrstuvwxyz"
    jobs.fail("create", "ValidationException", f"Value '{key}' at 'outputDataConfig.kmsKeyId' is not good")

    with pytest.raises(ServiceError) as caught:
        Resource().up(program(output_data_config={"s3_output_path": "s3://bucket/models", "kms_key_id": "alias/x"}))

    assert key not in str(caught.value)
    assert key not in caught.value.said


def test_an_unexpected_error_and_what_led_to_it_are_masked(
    jobs: FakeTrainingJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mistake of this library prints every error of the chain."""

    def broken(_: str) -> None:
        raise ReconcileError(f"no {ENVIRONMENT}") from KeyError(HYPER)

    monkeypatch.setattr(jobs, "describe", broken)

    with pytest.raises(ReconcileError) as caught:
        Resource().up(secretive())

    assert_hidden(caught.value, repr(caught.value.__cause__))


def test_secrets_of_one_resource_are_not_masked_for_another(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """A provider serves many; each step knows its own."""
    one = jobs.provider(TrainingJobProvider)
    Resource().up(secretive())
    inputs = one.check({}, program(hyper_parameters={"depth": HYPER})).inputs
    jobs.fail("create", "InternalFailure", f"no {HYPER}", times=None)

    with pytest.raises(ReconcileError, match=f"no {HYPER}"):
        one.create(inputs)

    assert said == []
