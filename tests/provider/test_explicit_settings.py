"""A job that stores the AWS settings of an explicit provider: which account each step of the engine reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pulumi.output import Unknown

from sagemaker_constructs.aws.errors import ReconcileError
from sagemaker_constructs.aws.settings import provider_settings
from sagemaker_constructs.providers import TrainingJobProvider, TrainingResultProvider
from sagemaker_constructs.results.conclude import as_before
from sagemaker_constructs.testing import FakeTrainingJobs
from tests.provider.steps import Resource, marshalled, provider
from tests.samples import program

if TYPE_CHECKING:
    from sagemaker_constructs.aws.settings import AwsSettings


def stored(key: str) -> str:
    """The stored settings of a provider with this access key."""
    return provider_settings("p", {"accessKey": key, "secretKey": "x"}).stored()


class Account(FakeTrainingJobs):
    """An account, and the access keys by which it was reached."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: list[str] = []


@pytest.fixture
def accounts(monkeypatch: pytest.MonkeyPatch) -> dict[str, Account]:
    """Two accounts, by the first letter of an access key; the stack's own settings reach `s`."""
    found = {"a": Account(), "b": Account(), "s": Account()}

    def connect(settings: AwsSettings, _region: str) -> Account:
        key = settings.access_key.get_secret_value() if settings.access_key else "stack"
        found[key[0]].keys.append(key)
        return found[key[0]]

    for kind in (TrainingJobProvider, TrainingResultProvider):
        monkeypatch.setattr(kind, "connect", connect)
    return found


def test_each_job_is_started_in_the_account_of_its_settings(accounts: dict[str, Account]) -> None:
    """Two accounts in one process, under one name, and the stack's own beside them."""
    one = provider()
    for settings in (stored("a"), stored("b"), None):
        inputs = one.check({}, marshalled(program(aws_settings=settings))).inputs
        one.create(marshalled(inputs))
    assert [len(account.jobs) for account in accounts.values()] == [1, 1, 1]


def test_a_job_is_deleted_in_the_account_that_it_is_recorded_in(accounts: dict[str, Account]) -> None:
    """`destroy` has nothing but the recorded outputs."""
    job = Resource()
    job.up(program(aws_settings=stored("a"), on_delete="delete"))
    provider().delete(job.id, marshalled(job.outputs))
    assert accounts["a"].named("delete") == [(job.id,)]
    assert accounts["s"].calls == []


def test_new_credentials_look_at_the_job_and_are_recorded(accounts: dict[str, Account]) -> None:
    """Those that are recorded may have expired; the job stays."""
    job = Resource()
    job.up(program(aws_settings=stored("a-yesterday")))
    accounts["a"].keys.clear()
    assert job.up(program(aws_settings=stored("a-today"))) == "updated"
    assert set(accounts["a"].keys) == {"a-today"}
    assert job.outputs["aws_settings"] == stored("a-today")


def test_settings_that_are_not_known_yet_leave_the_recorded_ones(accounts: dict[str, Account], said: list[str]) -> None:
    """Such as a role that this update creates: the preview looks with what there was, and changes nothing."""
    job = Resource()
    job.up(program(aws_settings=stored("a")))
    accounts["a"].becomes(job.id, "Completed")
    diff = job.preview(program(aws_settings=Unknown()))
    assert diff
    assert diff.replaces == []
    assert accounts["s"].calls == []
    assert said == []


def test_a_new_job_whose_settings_are_not_known_yet_is_planned(accounts: dict[str, Account]) -> None:
    """Its name does not depend on them."""
    inputs = provider().check({}, marshalled(program(aws_settings=Unknown()))).inputs
    assert inputs["training_job_name"].startswith("model-")
    assert all(account.calls == [] for account in accounts.values())


def test_other_credentials_do_not_change_a_recorded_result() -> None:
    """It would be an update in every run with credentials that expire."""
    recorded: dict[str, Any] = {"training_job_name": "m-1", "region": "eu-west-1", "aws_settings": "yesterday"}
    assert as_before(recorded, {**recorded, "aws_settings": "today"}) == recorded
    accepting = {**recorded, "aws_settings": "today", "on_stopped": "accept"}
    assert as_before(recorded, dict(accepting)) == accepting


def test_settings_of_another_account_do_not_lose_the_job(accounts: dict[str, Account]) -> None:
    """It is not there, and so neither gone nor trained again."""
    job = Resource()
    job.up(program(aws_settings=stored("a"), on_missing="retrain"))
    accounts["b"].arn_prefix = accounts["b"].arn_prefix.replace("123456789012", "222222222222")
    with pytest.raises(ReconcileError, match=r"in account 123456789012, .* of account 222222222222"):
        job.preview(program(aws_settings=stored("b"), on_missing="retrain"))
    assert accounts["b"].jobs == {}
