"""The workflows: least privilege, pinned actions, and nothing of a pull request in a script."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

FOLDER = Path(__file__).parents[2] / ".github" / "workflows"
WORKFLOWS: dict[str, Any] = {file.name: yaml.safe_load(file.read_text()) for file in sorted(FOLDER.glob("*.yml"))}
JOBS = {f"{name}: {job}": body for name, workflow in WORKFLOWS.items() for job, body in workflow["jobs"].items()}
WRITES = {
    "deploy.yml: deploy": {"id-token"},
    "deploy.yml: environments": set[str](),
    "drift.yml: drift": {"id-token", "issues"},
    "drift.yml: environments": set[str](),
    "pull-request.yml: environments": set[str](),
    "pull-request.yml: preview": {"id-token"},
    "pull-request.yml: review": {"pull-requests"},
    "pull-request.yml: test": set[str](),
    "release.yml: build": set[str](),
    "release.yml: publish": {"id-token"},
}
"""What each job may write."""


def test_every_action_is_pinned_by_its_digest() -> None:
    """With the version beside it, and the same digest everywhere."""
    digests: dict[str, set[str]] = {}
    for file in FOLDER.glob("*.yml"):
        for line in file.read_text().splitlines():
            if "uses:" in line:
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
    assert [name for name, job in JOBS.items() if "timeout-minutes" not in job] == []


@pytest.mark.parametrize("name", JOBS)
def test_scripts_get_values_by_their_environment(name: str) -> None:
    """An expression in a script would run what somebody writes into a title or a branch."""
    for step in JOBS[name]["steps"]:
        assert "${{" not in step.get("run", "")
        assert step.get("uses", "").startswith("actions/checkout") <= (
            step.get("with") == {"persist-credentials": False}
        )


def test_who_may_write_a_comment_has_no_credentials_of_aws() -> None:
    """And forks have neither."""
    review, preview = JOBS["pull-request.yml: review"], JOBS["pull-request.yml: preview"]
    assert not any("configure-aws-credentials" in step.get("uses", "") for step in review["steps"])
    assert preview["if"] == "github.event.pull_request.head.repo.full_name == github.repository"


def test_every_environment_takes_part_but_the_local_one(tmp_path: Path) -> None:
    """By its file alone."""
    for job in (job for name, job in JOBS.items() if name.endswith(": environments")):
        (tmp_path / "stacks").mkdir(exist_ok=True)
        for name in ("dev", "local", "eu-prod"):
            (tmp_path / "stacks" / f"Pulumi.{name}.yaml").touch()
        output = tmp_path / "output"
        output.write_text("")
        script = job["steps"][-1]["run"]
        environment = {**os.environ, "GITHUB_OUTPUT": str(output)}
        subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=tmp_path, env=environment, check=True)
        assert output.read_text() == 'stacks=["dev", "eu-prod"]\n'
