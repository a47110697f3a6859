"""What the guides to guardrails and environments show is what happens."""

from __future__ import annotations

import json
import shlex
from datetime import date
from typing import TYPE_CHECKING, Any

import yaml

from sagemaker_constructs.guardrails.__main__ import main
from sagemaker_constructs.guardrails.document import parse
from sagemaker_constructs.guardrails.file import KEY
from sagemaker_constructs.guardrails.judge import judged
from sagemaker_constructs.guardrails.rule import Job
from stacks.settings import Settings
from tests.docs.blocks import ROOT, blocks, commands
from tests.samples import SMALL

if TYPE_CHECKING:
    import pytest

    from tests.docs.blocks import Block


def block(document: str, first_line: str) -> Block:
    """A block of a guide."""
    return next(each for each in blocks() if each.key == (document, first_line))


def guide(first_line: str) -> Block:
    """A block of the guide to guardrails."""
    return block("docs/guardrails.md", first_line)


FILE = guide('owners: "@acme/ml-platform"').text


def test_the_file_is_one_of_guardrails() -> None:
    """And has the rules that it shows."""
    found = parse(FILE, "")
    assert list(found.limits("prod")) == ["instance_types", "max_runtime_in_seconds", "max_cost_per_job", "require_vpc"]
    assert "require_vpc" not in found.limits("dev")


def test_the_refusal_is_that_of_the_file() -> None:
    """Word by word."""
    shown = guide("resource_config.instance_type: got 'ml.p4d.24xlarge', expected one of ml.m5.*, ml.c5.* (guardrail")
    resources = {**SMALL["resource_config"], "instance_type": "ml.p4d.24xlarge"}
    found = judged(Job("penguins", {"resource_config": resources}, {}), parse(FILE, ""), "prod", date(2026, 11, 26))
    assert str(found.violations[0]) == " ".join(shown.text.split())


def test_pulumi_yaml_names_the_file() -> None:
    """Under the key that the provider reads."""
    assert list(yaml.safe_load(guide("config:").text)["config"]) == [KEY]


def test_the_code_owners_are_those_of_this_project() -> None:
    """Line by line."""
    lines = (ROOT / ".github" / "CODEOWNERS").read_text().splitlines()
    shown = guide("/.github/                @acme/ml-platform").text.splitlines()
    assert shown == [line for line in lines if not line.startswith("#")]


def test_the_command_prints_a_policy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the sample's file."""
    monkeypatch.chdir(ROOT)
    (command,) = commands(guide("$ python -m sagemaker_constructs.guardrails stacks/guardrails.yaml prod"))
    _, _, module, *arguments = shlex.split(command.text)
    assert module == main.__module__.removesuffix(".__main__")
    assert json.loads(main(arguments))["Statement"]


def test_an_environment_without_rules_of_its_own_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """It may be misspelt; the policy is that of the general rules."""
    file = str(ROOT / "stacks" / "guardrails.yaml")
    assert json.loads(main([file, "dev"])) != json.loads(main([file, "dve"]))
    said = capsys.readouterr().err
    assert said.startswith(f"dve has no rules of its own in {file}, so those of every environment hold (")
    assert said.endswith("with their own: dev, prod)\n")


def test_a_new_environment_is_one_file() -> None:
    """With the defaults of Pulumi.yaml, its settings are complete."""
    shown = yaml.safe_load(block("docs/environments.md", "config:").text)["config"]
    declared = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())
    project = f"{declared['name']}:"
    values: dict[str, Any] = {name: each["default"] for name, each in declared["config"].items()}
    values |= {name.removeprefix(project): value for name, value in shown.items() if name.startswith(project)}
    assert Settings.model_validate(values).spot
