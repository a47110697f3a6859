"""The workflows: least privilege, pinned actions, and nothing of a pull request in a script."""

from __future__ import annotations

import re

import pytest

from sagemaker_constructs.reconcile.identity import SKIP_CHECKPOINTS
from tests.review.workflow_files import FOLDER, JOBS, ROOT, WORKFLOWS

WRITES = {
    "deploy.yml: deploy": {"id-token"},
    "deploy.yml: environments": set[str](),
    "drift.yml: drift": {"id-token", "issues"},
    "drift.yml: environments": set[str](),
    "environments.yml: files": set[str](),
    "pull-request.yml: environments": set[str](),
    "pull-request.yml: preview": {"id-token"},
    "pull-request.yml: review": {"pull-requests"},
    "pull-request.yml: test": set[str](),
    "release.yml: build": set[str](),
    "release.yml: publish": {"id-token"},
}
"""What each job may write."""


def test_every_action_is_pinned_by_its_digest() -> None:
    """With the version beside it, and the same digest everywhere. A workflow of this folder is of the same commit."""
    digests: dict[str, set[str]] = {}
    for file in FOLDER.glob("*.yml"):
        for line in file.read_text().splitlines():
            if "uses:" in line and "uses: ./" not in line:
                found = re.search(r"uses: ([\w./-]+)@([0-9a-f]{40}) # v\d+\.\d+\.\d+$", line)
                assert found is not None, line
                digests.setdefault(found[1], set()).add(found[2])
    assert {action for action, found in digests.items() if len(found) != 1} == set()


@pytest.mark.parametrize("name", WORKFLOWS)
def test_nothing_is_allowed_but_by_job(name: str) -> None:
    """The token of a job without permissions can do nothing."""
    assert WORKFLOWS[name]["permissions"] == {}


def test_each_job_writes_what_it_must() -> None:
    """And ends some time."""
    found = {
        name: {each for each, level in job["permissions"].items() if level == "write"} for name, job in JOBS.items()
    }
    assert found == WRITES
    assert [name for name, job in JOBS.items() if "timeout-minutes" not in job and "uses" not in job] == []


@pytest.mark.parametrize("name", JOBS)
def test_scripts_get_values_by_their_environment(name: str) -> None:
    """An expression in a script would run what somebody writes into a title or a branch."""
    for step in JOBS[name].get("steps", ()):
        assert "${{" not in step.get("run", "")
        assert step.get("uses", "").startswith("actions/checkout") <= (
            step.get("with") == {"persist-credentials": False}
        )


def test_who_may_write_a_comment_has_no_credentials_of_aws() -> None:
    """And forks have neither."""
    review, preview = JOBS["pull-request.yml: review"], JOBS["pull-request.yml: preview"]
    assert not any("configure-aws-credentials" in step.get("uses", "") for step in review["steps"])
    assert preview["if"] == "github.event.pull_request.head.repo.full_name == github.repository"


def test_an_environment_may_have_its_state_written_once() -> None:
    """By a variable of its own, which the step that deploys passes on."""
    (deploying,) = (step for step in JOBS["deploy.yml: deploy"]["steps"] if "pulumi up" in step.get("run", ""))
    assert deploying["env"][SKIP_CHECKPOINTS] == f"${{{{ vars.{SKIP_CHECKPOINTS} }}}}"


def test_the_rules_and_the_values_of_the_environments_have_owners() -> None:
    """And the workflows that review them; every pattern is of files that there are."""
    lines = (ROOT / ".github" / "CODEOWNERS").read_text().splitlines()
    patterns = [line.split()[0] for line in lines if line and not line.startswith("#")]
    owned = {each: {*ROOT.glob(each.removeprefix("/") + ("**/*" if each.endswith("/") else ""))} for each in patterns}
    assert [each for each, files in owned.items() if not files] == []
    assert {
        *FOLDER.iterdir(),
        *(ROOT / "stacks").glob("Pulumi.*.yaml"),
        ROOT / "stacks" / "guardrails.yaml",
        ROOT / "Pulumi.yaml",
    } <= set().union(*owned.values())
