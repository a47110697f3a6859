"""Wrong answers of every kind, through a faulty proxy: each is one sentence, and no job is lost or started twice."""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from pulumi.dynamic import Config, ConfigureRequest

from localaws.faulty_proxy import FaultyProxy
from localaws.wrong_answers import ANSWERS, trials
from sagemaker_constructs import provider_steps
from sagemaker_constructs.aws import training_jobs
from sagemaker_constructs.aws.errors import ReconcileError, ServiceError
from sagemaker_constructs.aws.pace import Rate
from sagemaker_constructs.aws.training_jobs import AwsTrainingJobs
from sagemaker_constructs.providers import DEBUG, TrainingJobProvider, TrainingResultProvider
from sagemaker_constructs.reconcile import presence, removal
from tests.local_aws import SERVICES
from tests.samples import REGION, Sentences, program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sagemaker_constructs.aws.settings import AwsSettings
    from tests.local_aws import LocalAws

TRIALS = pytest.mark.parametrize(("name", "done"), trials())
KINDS = pytest.mark.parametrize("name", ANSWERS)
ENDS = re.compile(r"^[A-Z]\w+ for [^\n]+$")
"""One sentence or two, on one line, that begin with the operation and what it was for."""


@pytest.fixture(scope="module")
def proxy(shared_aws: LocalAws) -> Iterator[FaultyProxy]:
    """A proxy before SageMaker and STS."""
    with FaultyProxy(shared_aws.server.url).listening() as listening:
        yield listening


@pytest.fixture(autouse=True)
def said(proxy: FaultyProxy, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sentences]:
    """What the user is told; nobody pauses between looks, nor between starts once one has been throttled."""
    sentences = Sentences()
    monkeypatch.setenv(DEBUG, "1")
    monkeypatch.setattr(provider_steps, "report", sentences)
    monkeypatch.setattr(presence, "PAUSE", 0)
    monkeypatch.setattr(removal, "PAUSE", 0)
    monkeypatch.setattr(training_jobs, "RATES", dict.fromkeys(training_jobs.RATES, Rate(1_000, 0.001)))
    yield sentences
    proxy.right()


@dataclass(frozen=True)
class Account:
    """The embedded AWS, through the proxy and beside it. The clients are made once: to make one takes a second."""

    aws: LocalAws
    jobs: AwsTrainingJobs
    sagemaker: Any

    def connect(self, settings: AwsSettings, region: str) -> AwsTrainingJobs:
        """The `connect` of a provider."""
        del settings, region
        return self.jobs


@pytest.fixture(scope="module")
def account(shared_aws: LocalAws, proxy: FaultyProxy) -> Account:
    """An account whose SageMaker and STS are behind the proxy; a call is tried once."""
    services = {**dict.fromkeys(SERVICES, shared_aws.server.url), "sagemaker": proxy.url, "sts": proxy.url}
    settings = shared_aws.settings(endpoints=json.dumps([services]), maxRetries="0")
    return Account(shared_aws, AwsTrainingJobs(settings, REGION), shared_aws.server.client("sagemaker", region=REGION))


class Stack:
    """The one job of a stack of its own, by the provider's own calls."""

    def __init__(self, account: Account) -> None:
        self._account = account
        trial = uuid.uuid4().hex
        declared = program(hyper_parameters={"trial": trial}, owner=f"organization/project/{trial}")
        self.inputs = self.provider().check({}, declared).inputs
        self.inputs["role_arn"] = account.aws.role
        self.name = self.inputs["training_job_name"]

    def provider(self, kind: Any = TrainingJobProvider) -> Any:
        """A provider in a process of its own."""
        made = type(kind.__name__, (kind,), {"connect": staticmethod(self._account.connect)})()
        made.configure(ConfigureRequest(Config({}, "project")))
        return made

    def create(self) -> Any:
        """Find the job, or start it."""
        return self.provider().create(dict(self.inputs))

    @property
    def status(self) -> str | None:
        """The job's status, as AWS says without the proxy."""
        try:
            return self._account.sagemaker.describe_training_job(TrainingJobName=self.name)["TrainingJobStatus"]
        except self._account.sagemaker.exceptions.ClientError:
            return None


@pytest.fixture
def stack(account: Account) -> Iterator[Stack]:
    """A stack, of whose job nothing is left running."""
    made = Stack(account)
    yield made
    if made.status == "InProgress":
        account.sagemaker.stop_training_job(TrainingJobName=made.name)


def tried(step: Callable[[], Any]) -> tuple[Any, str]:
    """What a step returns, or the sentence with which it is refused."""
    try:
        return step(), ""
    except ReconcileError as error:
        return None, sentence(error)


def destroyed(stack: Stack, proxy: FaultyProxy, made: Any, operation: str) -> None:
    """Destroy at once, or be told what was received, and destroy later."""
    _, refused = tried(lambda: stack.provider().delete(made.id, made.outs))
    if refused:
        assert re.match(f"{operation} for .*{made.id}", refused)
        proxy.right()
        stack.provider().delete(made.id, made.outs)


def sentence(error: ReconcileError) -> str:
    """The error's text, which is one line about one call."""
    assert ENDS.match(str(error).split(" Whether this update", maxsplit=1)[0])
    assert "Traceback" not in str(error)
    assert "KeyError" not in str(error)
    return str(error)


@TRIALS
def test_a_job_is_started_once_whatever_is_answered(stack: Stack, proxy: FaultyProxy, name: str, *, done: bool) -> None:
    """It is recorded where it was started; where it was not, or where nobody knows, the next update starts one."""
    answer = ANSWERS[name]
    proxy.wrong("CreateTrainingJob", answer, done=done)
    if done or answer.needs_service:
        made = stack.create()
    else:
        with pytest.raises(ReconcileError) as caught:
            stack.create()
        text = sentence(caught.value)
        assert text.startswith(f"CreateTrainingJob for job '{stack.name}': ")
        stop = f"aws sagemaker stop-training-job --training-job-name {stack.name} --region eu-west-1"
        assert text.endswith(stop) is not answer.refused
        proxy.right()
        made = stack.create()
    assert (made.id, made.outs["adopted"]) == (stack.name, False)
    assert proxy.calls.count("CreateTrainingJob") <= 1 + (not done)
    assert stack.status == "InProgress"


@KINDS
def test_no_other_job_is_started_beside_one_that_cannot_be_described(
    stack: Stack, proxy: FaultyProxy, name: str
) -> None:
    """AWS says that the name is taken; whether that job fits cannot be seen."""
    stack.create()
    proxy.wrong("DescribeTrainingJob", ANSWERS[name])
    before = proxy.calls.count("CreateTrainingJob")
    with pytest.raises(ServiceError) as caught:
        stack.create()
    assert sentence(caught.value).startswith(f"DescribeTrainingJob for job '{stack.name}': ")
    assert proxy.calls.count("CreateTrainingJob") == before + 1


@KINDS
@pytest.mark.parametrize("operation", ["DescribeTrainingJob", "Search"])
def test_a_job_is_never_taken_for_a_missing_one(stack: Stack, proxy: FaultyProxy, name: str, operation: str) -> None:
    """A refresh and a preview report what was received, or find the job in another way."""
    made = stack.create()
    proxy.wrong(operation, ANSWERS[name])
    provider = stack.provider()
    read, refused = tried(lambda: provider.read(made.id, made.outs))
    compared, also_refused = tried(
        lambda: provider.diff(made.id, made.outs, provider.check(stack.inputs, dict(stack.inputs)).inputs)
    )
    assert (read is None) is bool(refused)
    assert (compared is None) is bool(also_refused)
    assert read is None or read.outs["training_job_status"] == "InProgress"
    assert compared is None or not compared.replaces
    assert all(text.startswith(f"{operation} for job") for text in (refused, also_refused) if text)


@KINDS
@pytest.mark.parametrize("operation", ["DescribeTrainingJob", "ListTags"])
def test_a_job_that_cannot_be_read_is_not_given_up(stack: Stack, proxy: FaultyProxy, name: str, operation: str) -> None:
    """A destroy stops it, or says what was received and does so later."""
    made = stack.create()
    proxy.wrong(operation, ANSWERS[name])
    destroyed(stack, proxy, made, operation)
    assert stack.status in ("Stopping", "Stopped")


@TRIALS
def test_a_destroy_that_succeeds_has_stopped_the_job(
    stack: Stack, proxy: FaultyProxy, name: str, *, done: bool
) -> None:
    """Whatever is answered to the stop, which needs no answer."""
    made = stack.create()
    proxy.wrong("StopTrainingJob", ANSWERS[name], done=done)
    destroyed(stack, proxy, made, "StopTrainingJob")
    assert stack.status in ("Stopping", "Stopped")


@KINDS
def test_a_result_that_cannot_be_read_is_one_sentence(stack: Stack, proxy: FaultyProxy, name: str) -> None:
    """Not the lack of a result."""
    made = stack.create()
    result = {"training_job_name": made.id, "region": "eu-west-1", "owner": "organization/project/stack"}
    proxy.wrong("DescribeTrainingJob", ANSWERS[name])
    with pytest.raises(ServiceError) as caught:
        stack.provider(TrainingResultProvider).create(result)
    assert sentence(caught.value).startswith(f"DescribeTrainingJob for job '{made.id}': ")


@KINDS
def test_an_account_that_cannot_be_verified_is_one_sentence(stack: Stack, proxy: FaultyProxy, name: str) -> None:
    """A job that is not found is not taken for a deleted one."""
    made = stack.create()
    proxy.wrong("GetCallerIdentity", ANSWERS[name])  # an answer that could be read would be remembered
    other = {**made.outs, "training_job_name": "nobody", "claim": ""}
    with pytest.raises(ServiceError) as caught:
        stack.provider().delete("nobody", other)
    assert sentence(caught.value).startswith("GetCallerIdentity for ")
