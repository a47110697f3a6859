"""An approval holds on the real engine: what was not reviewed does not start."""

from __future__ import annotations

import json
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sagemaker_constructs.decision_file import APPROVAL
from sagemaker_constructs.review.files import Files
from sagemaker_constructs.review.outcome import Outcome, outcome
from sagemaker_constructs.review.preview import preview

if TYPE_CHECKING:
    from localaws.trial import Trial

pytestmark = pytest.mark.engine

JOB = Path(__file__).with_name("job_program.py").read_text()


def reviewed(cloud: Trial, stack: str, monkeypatch: pytest.MonkeyPatch) -> Files:
    """Preview a stack as `sagemaker-review preview --plan` does, and approve it."""
    files = Files(cloud.root / ".review", stack)
    launcher = cloud.root / "pulumi-of-the-trial"
    launcher.write_text(f'#!/bin/sh\nexec {subprocess.list2cmdline(cloud.command())} "$@"\n')
    launcher.chmod(0o700)
    with monkeypatch.context() as context:
        context.chdir(cloud.root)
        for name, value in cloud.environment().items():
            context.setenv(name, value)
        preview(files, str(launcher), plan=True)
    found = files.read(None)
    assert outcome([found]) is Outcome.CHANGES, files.events.read_text()
    files.approve(found)
    return files


def cheaper(approval: Path) -> None:
    """Make the approval one of half the price, as if prices had doubled since."""
    approved = json.loads(approval.read_text())
    for job in approved["jobs"]:
        job["maximum_cost"]["usd"] = str(Decimal(job["maximum_cost"]["usd"]) / 2)
    approval.write_text(json.dumps(approved))


def test_only_what_was_approved_starts(cloud: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    """With and without the plan: an adoption whose job has gone, higher prices, another job; then as approved."""
    cloud.program(JOB)
    cloud.up()
    (name,) = cloud.jobs()
    cloud.await_job(name, "Completed")
    cloud.run("stack", "init", "other")
    files = reviewed(cloud, "other", monkeypatch)
    up = ("up", "--stack", "other", "--yes", "--skip-preview")
    approved, planned = {APPROVAL: str(files.approval)}, ("--plan", str(files.plan))

    def refused(why: str, *words: str) -> None:
        """Nothing starts, and the engine says why."""
        found = cloud.run(*up, *words, env=approved, expect=None)
        assert found.code != 0
        assert why in found.text
        assert cloud.jobs() == {}

    cloud.aws("sagemaker").delete_training_job(TrainingJobName=name)
    for words in ((), planned):
        refused(f"job {name} was approved to be adopted, and another would be started", *words)

    reviewed(cloud, "other", monkeypatch)
    cloud.fault("denied", "GetProducts", times=9)
    refused("were approved, and what it costs at most is not known any more")
    cloud.clear_faults()
    cheaper(files.approval)
    for words in ((), planned):
        refused("it costs at most $", *words)

    other = {"hyper_parameters": {"depth": 5}, "stopping_condition": {"max_runtime_in_seconds": 90_000}}
    cloud.run("config", "set", "members", json.dumps(other), "--stack", "other")
    refused(f"job {name} was approved, not model-")
    refused("its members differ from those that were approved", *planned)

    cloud.run("config", "rm", "members", "--stack", "other")
    reviewed(cloud, "other", monkeypatch)  # a plan holds the configuration of the update before it, too
    cloud.run(*up, *planned, env=approved)
    assert list(cloud.jobs()) == [name]
    cloud.run(*up, "--expect-no-changes", env=approved)
