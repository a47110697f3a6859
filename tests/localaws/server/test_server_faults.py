"""Faults that are asked for, and what clients see of them."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args
from urllib.error import HTTPError

import pytest
from botocore.exceptions import ConnectionClosedError
from server_support import LASTING, TRUST, Server, Trainer, refusal

from localaws.server.fault_kinds import Kind, Parameters
from tests.localaws.eventually import eventually

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("throttle", "ThrottlingException: Rate exceeded"),
        ("internal", "InternalFailure: "),
        ("expired", "ExpiredTokenException: The security token included in the request is expired"),
        ("denied", "AccessDeniedException: "),
        ("quota", "ResourceLimitExceeded: The account-level service limit"),
    ],
)
def test_a_call_is_refused_as_often_as_asked(server: Server, trainer: Trainer, kind: str, expected: str) -> None:
    """Once, with AWS's code; the next call passes."""
    server.control("POST", "faults", {"kind": kind, "operation": "CreateTrainingJob", "times": 1})

    assert trainer.refusal().startswith(expected)
    assert trainer.create()


def test_a_refusal_can_say_anything(server: Server, trainer: Trainer) -> None:
    """Code, message and status are parameters; a rule without times holds until it is cleared."""
    parameters = {"code": "TeapotException", "message": "short and stout", "status": 418}
    server.control("POST", "faults", [{"kind": "error", "operation": "*.Create*", "parameters": parameters}])

    assert [trainer.refusal() for _ in range(2)] == ["TeapotException: short and stout"] * 2
    server.control("DELETE", "faults")
    assert trainer.create()


def test_a_fault_can_meet_one_job_only(server: Server, trainer: Trainer) -> None:
    """The pattern is on the job's name."""
    server.control("POST", "faults", {"kind": "throttle", "match": "unlucky-*"})

    assert trainer.create(TrainingJobName="lucky-1")
    assert trainer.refusal(TrainingJobName="unlucky-1").startswith("ThrottlingException")


@pytest.mark.parametrize(("service", "call"), [("ec2", "describe_vpcs"), ("iam", "list_roles"), ("s3", "list_buckets")])
def test_other_services_are_refused_in_their_own_protocol(server: Server, service: str, call: str) -> None:
    """The error is understood by the service's client."""
    server.control("POST", "faults", {"kind": "throttle", "operation": f"{service}.*"})

    assert refusal(getattr(server.client(service), call)) == "ThrottlingException: Rate exceeded"


def test_a_lost_answer_leaves_a_job_behind(server: Server, trainer: Trainer) -> None:
    """The job exists, though its creator saw the connection close."""
    server.control("POST", "faults", {"kind": "lost", "operation": "CreateTrainingJob", "times": 1})
    request = trainer.request(Environment=LASTING)

    with pytest.raises(ConnectionClosedError):
        trainer.sagemaker.create_training_job(**request)
    assert trainer.describe(request["TrainingJobName"])["TrainingJobStatus"] == "InProgress"


def test_a_reset_happens_before_anything(server: Server, trainer: Trainer) -> None:
    """No job comes of it."""
    server.control("POST", "faults", {"kind": "reset", "operation": "CreateTrainingJob", "times": 1})
    request = trainer.request()

    with pytest.raises(ConnectionClosedError):
        trainer.sagemaker.create_training_job(**request)
    assert "not found" in refusal(trainer.sagemaker.describe_training_job, TrainingJobName=request["TrainingJobName"])


def test_a_new_role_can_take_its_time(server: Server, trainer: Trainer, iam: IAMClient) -> None:
    """The role is not assumable at first; waiting helps."""
    long, short = (
        {"kind": "propagation", "match": f"{length}-*", "parameters": {"seconds": seconds}}
        for length, seconds in (("long", 600), ("short", 0.2))
    )
    server.control("POST", "faults", [long, short])
    role = iam.create_role(RoleName="fresh", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]

    assert "Could not assume role" in trainer.refusal(RoleArn=role, TrainingJobName="long-wait")
    assert eventually(lambda: trainer.accepted(RoleArn=role, TrainingJobName="short-wait"))


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"kind": "fail", "parameters": {"reason": "AlgorithmError: no", "after": 0.1}}, "AlgorithmError: no"),
        ({"kind": "fail"}, "AlgorithmError: ExecuteUserScriptError, exit code: 1"),
        ({"kind": "capacity"}, "CapacityError: Unable to provision requested ML compute capacity."),
    ],
)
def test_a_job_fails_as_asked(server: Server, trainer: Trainer, fault: dict[str, Any], reason: str) -> None:
    """The reason is shown; a job without capacity never began."""
    server.control("POST", "faults", fault | {"times": 1})
    done = trainer.wait(trainer.create())

    assert (done["TrainingJobStatus"], done["SecondaryStatus"]) == ("Failed", "Failed")
    assert done["FailureReason"].startswith(reason)
    assert ("TrainingStartTime" in done) == (fault["kind"] == "fail")


def test_a_stop_and_a_deletion_can_last(server: Server, trainer: Trainer) -> None:
    """Stopping and Deleting are seen for as long as asked; a job that is stopped afterwards is done before."""
    long_stop, long_deletion, short_deletion = (
        {"kind": kind, "times": 1, "parameters": {"seconds": seconds}}
        for kind, seconds in (("lasting-stop", 600), ("lasting-delete", 600), ("lasting-delete", 0.2))
    )
    server.control("POST", "faults", long_stop)
    stopping, stopped, gone = (trainer.create(Environment=LASTING) for _ in range(3))
    for job in (stopping, stopped, gone):
        trainer.sagemaker.stop_training_job(TrainingJobName=job)
    for job, deletion in ((stopped, long_deletion), (gone, short_deletion)):
        trainer.wait(job)
        server.control("POST", "faults", deletion)
        trainer.sagemaker.delete_training_job(TrainingJobName=job)
    eventually(lambda: not trainer.exists(gone))

    assert [trainer.describe(job)["TrainingJobStatus"] for job in (stopping, stopped)] == ["Stopping", "Deleting"]


def test_missing_capacity_and_interruptions_are_passed_through(server: Server, trainer: Trainer) -> None:
    """They are seen in the transitions of a job that completes all the same."""
    server.control("POST", "faults", [{"kind": "wait", "parameters": {"seconds": 0.1}}, {"kind": "interrupt"}])
    done = trainer.wait(trainer.create())
    statuses = [entry["Status"] for entry in done["SecondaryStatusTransitions"]]

    assert done["TrainingJobStatus"] == "Completed"
    assert {"LaunchingMLInstances", "Interrupted", "Restarting"} <= set(statuses)


def test_the_rate_of_awss_quota_can_be_had(server: Server, trainer: Trainer) -> None:
    """The second call within the interval is throttled, one after it is not."""
    slow, fast = (
        {"kind": "rate", "operation": "CreateTrainingJob", "times": times, "parameters": {"per_second": per_second}}
        for times, per_second in ((2, 0.001), (None, 5))
    )
    server.control("POST", "faults", slow)
    trainer.create()

    assert trainer.refusal() == "ThrottlingException: Rate exceeded"
    server.control("POST", "faults", fast)
    assert eventually(trainer.accepted)


def test_an_answer_can_be_late(server: Server, trainer: Trainer) -> None:
    """The call succeeds, after the delay."""
    server.control("POST", "faults", {"kind": "delay", "operation": "ListTrainingJobs", "parameters": {"seconds": 0.3}})
    before = time.monotonic()
    trainer.sagemaker.list_training_jobs()

    assert time.monotonic() - before >= 0.3


@pytest.mark.parametrize(
    "fault", [{"kind": "flood"}, {"knid": "throttle"}, [], 5, {"kind": "fail", "parameters": {"during": "Lunch"}}]
)
def test_a_fault_that_is_not_understood_is_refused(server: Server, fault: Any) -> None:
    """400 with a sentence; an empty list is no fault."""
    if fault == []:
        assert server.control("POST", "faults", fault) == []
        return
    with pytest.raises(HTTPError) as caught:
        server.control("POST", "faults", fault)

    assert caught.value.code == 400
    assert json.load(caught.value)["error"]


def test_the_faults_in_force_can_be_read(server: Server, trainer: Trainer) -> None:
    """With the times that are left; one that has happened as often as asked is over."""
    server.control("POST", "faults", {"kind": "throttle", "operation": "CreateTrainingJob", "times": 2})
    trainer.refusal()

    assert server.control("GET", "faults") == [{"kind": "throttle", "operation": "CreateTrainingJob", "times": 1}]
    trainer.refusal()
    assert server.control("GET", "faults") == []


def test_every_kind_and_parameter_is_documented() -> None:
    """A user has no other list of them."""
    text = (Path(__file__).parents[3] / "docs" / "local-aws.md").read_text()
    kinds = re.findall(r"^\| `([a-z-]+)` \| ", text.partition("| kind | what")[2], re.MULTILINE)

    assert set(kinds) == {kind for group in get_args(Kind) for kind in get_args(group) or (group,)}
    assert [name for name in Parameters.model_fields if f"`{name}`" not in text] == []
