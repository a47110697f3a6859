"""The preflight's looks: what is said once for many jobs, and what is said once for many checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from graphs import graph
from policy_cases import SMALLEST, channel
from pulumi import UNKNOWN, Output

from sagemaker_constructs.api.masking import MASK
from sagemaker_constructs.aws.errors import ServiceError
from sagemaker_constructs.preflight import run as preflight

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

JOB = {
    **SMALLEST,
    "role_arn": "arn:aws:iam::123456789012:role/trainer",
    "input_data_config": [channel("train", s3_uri="s3://data/train/")],
    "region": "eu-west-1",
}
QUOTA = "ml.m5.large for training job usage"


def looked(
    monkeypatch: pytest.MonkeyPatch, answer: Callable[[str], Any], *, jobs: int, secret_paths: Sequence[str] = ()
) -> list[str]:
    """What a preview of new jobs says, in an account that answers each question by its name."""

    class Account:
        def __init__(self, *_: object) -> None:
            pass

        def __getattr__(self, question: str) -> Any:
            def asked(*_: object) -> Any:
                return answer(question)

            return asked

    def build() -> None:
        for number in range(jobs):
            job = pulumi.ComponentResource("test:test:Job", f"job-{number}")
            vars(job)["secret_paths"] = list(secret_paths)
            preflight.run_checks(job, Output.from_input(UNKNOWN), JOB, own_role=True)

    monkeypatch.setattr(preflight, "AwsAccountReader", Account)
    pulumi.runtime.set_all_config({})
    return graph(build, preview=True).logged


def test_a_finding_of_many_jobs_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """On the row of the first one."""
    said = looked(monkeypatch, {"holds_objects": False, "has_image": False, "quotas": {}}.get, jobs=13)

    assert sorted(said) == [
        "image 123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1 is not in its repository",
        f"ml.m5.large is not offered for training in eu-west-1: Service Quotas has no {QUOTA!r}",
        "no object is at s3://data/train/: the job fails unless this update or somebody else puts one there",
        "role arn:aws:iam::123456789012:role/trainer does not exist",
    ]


def test_a_secret_in_a_channel_is_in_no_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor in what AWS says of it."""
    path = "input_data_config.data_source.s3_data_source.s3_uri"

    def refuse(question: str) -> Any:
        if question == "holds_objects":
            raise ServiceError("ListObjectsV2", "bucket data", "AccessDenied", "not authorized for s3://data/train/")
        return answers.get(question)

    answers = {"holds_objects": False, "has_image": True, "quotas": {QUOTA: 9.0}, "trust_policy": None}
    found = looked(monkeypatch, answers.get, jobs=1, secret_paths=[path])
    refused = looked(monkeypatch, refuse, jobs=1, secret_paths=[path])

    assert any(each.startswith(f"no object is at {MASK}: the job fails") for each in found)
    assert any(f"not authorized for {MASK}" in each for each in refused)
    assert "s3://data/train" not in "".join([*found, *refused])


@pytest.mark.parametrize(
    "refusal",
    [
        ServiceError("GetCallerIdentity", "the stack", "ForbiddenAccount", "aws:forbiddenAccountIds has 1"),
        ServiceError("GetRole", "role 'trainer'", "InvalidClientTokenId", "The security token is invalid"),
        ServiceError("AssumeRole", "arn:aws:iam::1:role/deploy", "AccessDenied", "not authorized"),
    ],
)
def test_a_cause_that_all_checks_have_in_common_is_said_once(
    monkeypatch: pytest.MonkeyPatch, refusal: ServiceError
) -> None:
    """Not once for each check."""

    def refuse(_: str) -> Any:
        raise refusal

    (said,) = looked(monkeypatch, refuse, jobs=2)
    assert said == f"preflight: cannot look: {refusal}"


def test_what_one_check_may_not_look_at_is_said_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """The others go on."""

    def answer(question: str) -> Any:
        if question == "quotas":
            raise ServiceError("ListServiceQuotas", "SageMaker", "AccessDeniedException", "no")
        return {"trust_policy": '{"Statement": []}', "describe": None}.get(question, True)

    said = looked(monkeypatch, answer, jobs=2)

    assert len(said) == 2
    assert any(each.startswith("preflight: quotas cannot be looked at: ListServiceQuotas") for each in said)
    assert any("does not let sagemaker.amazonaws.com assume it" in each for each in said)


def test_every_run_of_a_program_says_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several may be in one process."""
    answers = {"holds_objects": False, "has_image": True, "quotas": {QUOTA: 9.0}}

    once = looked(monkeypatch, answers.get, jobs=1)
    again = looked(monkeypatch, answers.get, jobs=1)

    assert once == again != []
