"""The scripts of the workflows, run as GitHub's runner does."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from localaws.engine.installation import ready_engine
from sagemaker_constructs.review.outcome import Outcome
from tests.review.workflow_files import JOBS, ROOT, SCRIPTS

if TYPE_CHECKING:
    from sagemaker_constructs.review.github import PullRequest
    from tests.review.conftest import GitHub


class Runner:
    """Runs scripts of the workflows in a folder, as GitHub's runner does, with commands that are not here replaced."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.output = folder / "output"
        self.output.touch()
        own = {name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")}
        self.environment = {**own, "GITHUB_OUTPUT": str(self.output), "GITHUB_REPOSITORY": "owner/name"}
        self.environment["PATH"] = f"{folder}/bin:{os.environ['PATH']}"
        (folder / "bin").mkdir()
        (folder / ".venv").symlink_to(sys.prefix)

    def command(self, name: str, script: str) -> None:
        """Put a command in the place of one that needs an account."""
        file = self.folder / "bin" / name
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o700)

    def run(self, job: str, part: str, *, code: int = 0, **environment: str) -> None:
        """Run the only script of a job that has this part."""
        (script,) = (step["run"] for step in JOBS[job]["steps"] if part in step.get("run", ""))
        done = subprocess.run(
            ["bash", "-e", "-c", script],
            cwd=self.folder,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr

    def outputs(self) -> dict[str, str]:
        """What steps have written as outputs."""
        return dict(line.split("=", 1) for line in self.output.read_text().splitlines())


def test_every_environment_takes_part_but_the_local_one(tmp_path: Path) -> None:
    """By its file alone."""
    (tmp_path / "stacks").mkdir()
    for name in ("dev", "local", "eu-prod"):
        (tmp_path / "stacks" / f"Pulumi.{name}.yaml").touch()
    runner = Runner(tmp_path)
    runner.run("environments.yml: files", "names=")
    assert runner.outputs() == {"stacks": '["dev", "eu-prod"]'}


REVIEW = "pull-request.yml: review"
RECORDED = Path(__file__).with_name("recorded")
PREVIEW = """\
test "$*" = "preview --stack $STACK --json --non-interactive --save-plan $PWD/.review/$STACK.plan.json" || exit 1
cp {recorded}.decisions.jsonl "$SAGEMAKER_CONSTRUCTS_DECISIONS"
touch ".review/$STACK.plan.json"
cat {recorded}.events.jsonl
"""
"""What Pulumi does when it is asked for a preview with a plan."""


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    """A runner that has previewed the stack `dev`."""
    made = Runner(tmp_path)
    made.command("pulumi", PREVIEW.format(recorded=RECORDED / "changed"))
    made.run("pull-request.yml: preview", "sagemaker-review preview", STACK="dev")
    return made


def test_a_pull_request_is_reviewed_and_approved(runner: Runner, github: tuple[GitHub, PullRequest]) -> None:
    """Its comment is posted, and what is kept for the deployment are the approval and the plan."""
    state, pull_request = github
    runner.run(REVIEW, "sagemaker-review comment")
    code = runner.outputs()["code"]
    assert code == str(int(Outcome.CHANGES))
    token, api = pull_request.token, pull_request.api
    runner.run(REVIEW, "sagemaker-review post", NUMBER="7", GITHUB_TOKEN=token, GITHUB_API_URL=api)
    assert state.comments[0]["body"] == (runner.folder / ".review" / "comment.md").read_text()
    runner.run(REVIEW, "test ", CODE=code)
    runner.run(REVIEW, "sagemaker-review approve")
    (kept,) = (step["with"]["path"] for step in JOBS[REVIEW]["steps"] if step.get("with", {}).get("name") == "approval")
    files = [file.name for pattern in kept.split() for file in runner.folder.glob(pattern)]
    assert files == ["dev.approval.json", "dev.plan.json"]


@pytest.mark.parametrize("outcome", [each for each in Outcome if each not in {Outcome.OK, Outcome.CHANGES}])
def test_what_may_not_be_merged_fails_the_check(tmp_path: Path, outcome: Outcome) -> None:
    """After the comment was posted, and before anything is approved."""
    Runner(tmp_path).run(REVIEW, "test ", code=1, CODE=str(int(outcome)))


def test_a_deployment_does_what_was_approved(runner: Runner) -> None:
    """With the plan and the approval of the pull request that was merged."""
    runner.run(REVIEW, "sagemaker-review approve")
    (runner.folder / ".review").rename(runner.folder / "artifact")
    runner.command(
        "gh",
        'case "$*" in\n'
        '"api repos/owner/name/commits/c0ffee/pulls --jq .[0].head.sha") echo beef;;\n'
        '"run list --workflow pull-request.yml --commit beef --status success "*) echo 7;;\n'
        '"run download 7 --name approval --dir .review") cp -r artifact .review;;\n'
        "*) exit 1;; esac",
    )
    runner.command("pulumi", 'echo "$*" > called; test -s "$SAGEMAKER_CONSTRUCTS_APPROVAL"')
    runner.run("deploy.yml: deploy", "gh run download", GITHUB_SHA="c0ffee")
    runner.run("deploy.yml: deploy", "pulumi up", STACK="dev")
    plan = runner.folder / ".review" / "dev.plan.json"
    called = (runner.folder / "called").read_text().strip()
    assert called == f"up --stack dev --yes --skip-preview --non-interactive --plan {plan}"
    assert plan.exists()


@pytest.mark.parametrize(("open_issue", "does"), [("", "issue create --title Drift in dev"), ("7", "issue comment 7")])
def test_a_drift_is_one_issue(tmp_path: Path, open_issue: str, does: str) -> None:
    """The next night adds a comment."""
    runner = Runner(tmp_path)
    runner.command("gh", f'test "$2" = list && echo "{open_issue}" || echo "$*" > called')
    runner.run("drift.yml: drift", "gh issue", STACK="dev", GITHUB_SERVER_URL="https://example.com", GITHUB_RUN_ID="1")
    assert (tmp_path / "called").read_text().startswith(does)


def test_the_targets_of_make_are_there() -> None:
    """Each that a workflow makes."""
    targets = {
        word for script in SCRIPTS for line in re.findall(r"^make (.+)$", script, re.MULTILINE) for word in line.split()
    }
    rules = set(re.findall(r"^([\w./-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert targets - rules == set()
    assert {"lint", "test"} <= targets


@pytest.mark.engine
@pytest.mark.parametrize("words", ["up", "refresh", "preview"])
def test_the_engine_knows_the_options(words: str) -> None:
    """Those of the workflows, and those with which a review previews."""
    calls = [shlex.split(found[0]) for script in SCRIPTS if (found := re.search(rf"pulumi {words} .*", script))]
    calls = calls or [["pulumi", *shlex.split(PREVIEW.splitlines()[0].split('"')[3])]]
    for _, *call in calls:
        done = subprocess.run([str(ready_engine()), *call, "--help"], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
