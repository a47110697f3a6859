"""A state that the library wrote at commit 8ba15e4: nothing of it is replaced, and nothing starts."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from record_state import CONFIG, PROGRAM, RECORDED, furnish

from localaws.trial import QUICK, REGION, TRUST, Outcome, Trial

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.engine

STATE = RECORDED / "state.json"
JOBS: list[dict[str, Any]] = json.loads((RECORDED / "jobs.json").read_text())
"""Each job of the state: its request, and how it ended."""
STATUSES = {job["request"]["TrainingJobName"]: job["status"] for job in JOBS}
RESOURCES = {each["urn"] for each in json.loads(STATE.read_text())["deployment"]["resources"]}
OURS = {urn for urn in RESOURCES if "pulumi-python:dynamic/sagemaker:" in urn}
"""The jobs, fallbacks and results."""
DISPLAYED = {urn for urn in RESOURCES if "pulumi:providers:" not in urn}
KEPT = {"same", "read", "refresh"}
IDENTITY = "urn:pulumi:trial::trial::pulumi-python:dynamic/sagemaker:StateIdentity::training-jobs"
"""What the first `up` of this version creates."""
UPDATED = {urn for urn in OURS if urn.endswith(("::shared", "::shared-too", "::by-hand", "::options"))}
"""The jobs that it updates in place, for this state to own them: those that run, or that it deletes with the stack."""
CALLS_THAT_START_OR_END_JOBS = {f"SageMaker.{verb}TrainingJob" for verb in ("Create", "Delete", "Stop")}


@pytest.fixture
def earlier(tmp_path: Path) -> Iterator[Trial]:
    """A stack with the recorded state, on an AWS in which its jobs are as they were."""
    failures = [
        {"kind": "fail", "match": job["request"]["TrainingJobName"], "parameters": {"reason": reason, "after": 0}}
        for job in JOBS
        if (reason := job["failure_reason"])
    ]
    switches = {"LOCALAWS_FAULTS": json.dumps(failures), "PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "1"}
    trial = Trial(tmp_path, {**QUICK, **switches})
    try:
        furnish(trial)
        make_jobs(trial)
        trial.program(PROGRAM)
        shutil.copy(RECORDED / CONFIG, tmp_path)
        trial.run("stack", "init", "trial")
        trial.run("stack", "import", "--stack", "trial", "--file", str(STATE))
        trial.forget_calls()
        yield trial
    finally:
        trial.end()


def make_jobs(trial: Trial) -> None:
    """Make the jobs of the state, and the bucket and the roles that they need, and wait for their ends."""
    trial.aws("s3").create_bucket(Bucket="trial-models", CreateBucketConfiguration={"LocationConstraint": REGION})
    for role in {job["request"]["RoleArn"].rpartition("/")[2] for job in JOBS} - {"trial"}:
        trial.aws("iam").create_role(RoleName=role, AssumeRolePolicyDocument=TRUST)
    sagemaker = trial.aws("sagemaker")
    for job in JOBS:
        # A subnet gets an id of its own in each AWS, so there is none of the ids that the state has.
        sagemaker.create_training_job(**{key: job["request"][key] for key in job["request"] if key != "VpcConfig"})
    for name, status in STATUSES.items():
        trial.await_job(name, status)


def steps(done: Outcome) -> dict[str, set[str]]:
    """What a command with --json did with each resource."""
    found: dict[str, set[str]] = {}
    for event in (json.loads(line) for line in done.text.splitlines() if line.startswith("{")):
        for kind in {"resourcePreEvent", "resOutputsEvent"} & event.keys():
            step = event[kind]["metadata"]
            found.setdefault(step["urn"], set()).add(step["op"])
    return found


def changes(done: Outcome) -> dict[str, set[str]]:
    """Whatever a command with --json did but to keep a resource as it is."""
    return {urn: more for urn, operations in steps(done).items() if (more := operations - KEPT)}


def test_nothing_is_replaced_or_started_and_each_job_ends_as_recorded(earlier: Trial) -> None:
    """A refresh finds every job, `up` has nothing to do, and `destroy` follows what the earlier version recorded."""
    refreshed = steps(earlier.run("refresh", "--stack", "trial", "--preview-only", "--json"))
    assert {urn for urn in OURS if refreshed[urn] <= {*KEPT, "update"}} == OURS

    for done in (earlier.preview("--json"), earlier.up("--json")):
        assert steps(done).keys() == {*DISPLAYED, IDENTITY}
        assert changes(done) == {IDENTITY: {"create"}, **{urn: {"update"} for urn in UPDATED}}
    assert changes(earlier.up("--json")) == {}
    assert earlier.jobs() == STATUSES
    assert not CALLS_THAT_START_OR_END_JOBS & earlier.calls().keys()

    earlier.destroy()
    assert earlier.resources() == []
    (shared,) = (name for name in STATUSES if name.startswith("shared-"))
    earlier.await_job(shared, "Stopped")
    assert earlier.jobs() == {name: STATUSES[name] for name in STATUSES if name != "by-hand"} | {shared: "Stopped"}


def test_a_change_that_defines_no_model_is_made_in_place(earlier: Trial) -> None:
    """From the recorded outputs of every job and fallback, and of a result; a job that two resources share stays."""
    edits = {"volume_size_in_gb=1": "volume_size_in_gb=2", "timeout=600": "timeout=900", ', "shared-too"': ","}
    program = PROGRAM
    for before, after in edits.items():
        assert before in program
        program = program.replace(before, after)
    earlier.program(program)
    updated = {urn for urn in OURS if "TrainingResult::" not in urn or urn.endswith("::limited")}
    expected = {urn: {"update"} for urn in updated if not urn.endswith(("::read", "::shared-too"))}
    (gone,) = (urn for urn in OURS if urn.endswith("::shared-too"))
    assert changes(earlier.up("--json")) == {IDENTITY: {"create"}, **expected, gone: {"delete"}}
    assert earlier.jobs() == STATUSES
