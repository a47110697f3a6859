"""What a user sees, and what exists afterwards, when AWS or the way to it fails."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from localaws.trial import TRUST

if TYPE_CHECKING:
    from localaws.trial import Trial

pytestmark = pytest.mark.engine

JOB = Path(__file__).with_name("job_program.py").read_text()


class Fault(NamedTuple):
    """One row of the matrix."""

    kind: str
    times: int
    parameters: dict[str, Any]
    operation: str = "CreateTrainingJob"


PASSES = {
    "the answer is lost after the job was created": Fault("lost", 1, {}),
    "a burst of throttling": Fault("throttle", 4, {}),
    "three internal errors": Fault("internal", 3, {}),
    "the connection is reset": Fault("reset", 2, {}),
    "the role has not reached every corner yet": Fault("propagation", 99, {"seconds": 4}),
    "looking is throttled": Fault("throttle", 4, {}, "DescribeTrainingJob"),
    "searching is throttled": Fault("throttle", 4, {}, "Search"),
}
"""Faults that the user does not have to know of: the job is there, once."""

REFUSALS = {
    "the token has expired": (Fault("expired", 99, {}), r"ExpiredTokenException.*Sign in again"),
    "the quota is used up": (Fault("quota", 99, {}), r"ResourceLimitExceeded.*Service Quotas"),
    "the caller may not": (Fault("denied", 99, {}), r"AccessDeniedException.*Grant the caller this action"),
}
"""Faults that the user has to act on: one sentence, and nothing exists."""


@pytest.mark.parametrize("fault", PASSES.values(), ids=PASSES)
def test_the_job_is_there_once_in_spite_of(cloud: Trial, fault: Fault) -> None:
    """No error reaches the user, exactly one job exists, and the next up finds everything unchanged."""
    cloud.program(JOB)
    if fault.kind == "propagation":
        cloud.aws("iam").delete_role(RoleName="trial")
        cloud.fault(fault.kind, fault.operation, times=fault.times, **fault.parameters)
        cloud.aws("iam").create_role(RoleName="trial", AssumeRolePolicyDocument=TRUST)
    else:
        cloud.fault(fault.kind, fault.operation, times=fault.times, **fault.parameters)
    cloud.up()
    assert len(cloud.jobs()) == 1
    cloud.up("--expect-no-changes")
    assert len(cloud.jobs()) == 1


@pytest.mark.parametrize(("fault", "sentence"), REFUSALS.values(), ids=REFUSALS)
def test_one_sentence_says_what_to_do_when(cloud: Trial, fault: Fault, sentence: str) -> None:
    """The update fails with AWS's words and ours, no traceback, and no job exists."""
    cloud.program(JOB)
    cloud.fault(fault.kind, fault.operation, times=fault.times, **fault.parameters)
    refused = cloud.up(expect=None)
    assert refused.code != 0
    assert re.search(sentence, refused.text)
    assert "Traceback" not in refused.text
    assert cloud.jobs() == {}


def test_a_capacity_error_is_found_by_the_next_up_which_runs_again(cloud: Trial) -> None:
    """The failed job keeps its name; the new run takes the next one."""
    cloud.program(JOB)
    cloud.fault("capacity", times=1, after=0.1)
    cloud.up()
    (failed,) = cloud.jobs()
    cloud.await_job(failed, "Failed")
    again = cloud.up()
    assert "CapacityError" in again.text, again.text
    assert set(cloud.jobs()) == {failed, f"{failed}-2"}, again.text
    cloud.up("--expect-no-changes")


def test_twenty_jobs_start_though_aws_takes_two_a_second(cloud: Trial) -> None:
    """AWS starts about one job a second; no throttling error reaches the user."""
    cloud.program(JOB)
    cloud.fault("rate", times=10_000, per_second=2)
    cloud.config("jobs", "20")
    started = cloud.up()
    assert "20 created" in started.text or len(cloud.jobs()) == 20
    assert "Throttling" not in started.text
    assert len(cloud.jobs()) == 20


def test_without_permission_to_look_the_recorded_state_is_compared_and_that_is_said_once(cloud: Trial) -> None:
    """A preview of several jobs warns once and proposes nothing."""
    cloud.program(JOB)
    cloud.config("jobs", "3")
    cloud.up()
    for operation in ("Search", "DescribeTrainingJob"):
        cloud.fault("denied", operation, times=99)
    preview = cloud.preview("--expect-no-changes")
    _, diagnostics = preview.text.split("Diagnostics:")
    assert diagnostics.count("jobs cannot be read, so the recorded state is compared") == 1
