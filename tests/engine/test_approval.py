"""An approval holds on the real engine: what was not reviewed does not start."""

from __future__ import annotations

import subprocess
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


def test_only_what_was_approved_starts(cloud: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    """An adoption whose job has gone, with and without the plan; other inputs; and then as it was approved."""
    cloud.program(JOB)
    cloud.up()
    (name,) = cloud.jobs()
    cloud.await_job(name, "Completed")
    cloud.run("stack", "init", "other")
    files = reviewed(cloud, "other", monkeypatch)
    approved = {APPROVAL: str(files.approval)}
    up = ("up", "--stack", "other", "--yes", "--skip-preview")

    cloud.aws("sagemaker").delete_training_job(TrainingJobName=name)
    for words in ([], ["--plan", str(files.plan)]):
        refused = cloud.run(*up, *words, env=approved, expect=None)
        assert refused.code != 0
        assert f"job {name} was approved to be adopted, and another would be started" in refused.text
        assert cloud.jobs() == {}

    files = reviewed(cloud, "other", monkeypatch)
    approved = {APPROVAL: str(files.approval)}
    longer = '{"stopping_condition": {"max_runtime_in_seconds": 90000}}'
    cloud.run("config", "set", "members", longer, "--stack", "other")
    refused = cloud.run(*up, env=approved, expect=None)
    assert refused.code != 0
    assert "its members differ from those that were approved" in refused.text
    assert cloud.jobs() == {}

    cloud.run("config", "rm", "members", "--stack", "other")
    files = reviewed(cloud, "other", monkeypatch)  # a plan holds the configuration of the update before it, too
    approved = {APPROVAL: str(files.approval)}
    cloud.run(*up, "--plan", str(files.plan), env=approved)
    assert list(cloud.jobs()) == [name]
    cloud.run(*up, "--expect-no-changes", env=approved)
