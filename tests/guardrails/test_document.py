"""The file of the guardrails: what it may say, and what is refused of it."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from sagemaker_constructs.guardrails.document import Guardrails, GuardrailsError, parse
from sagemaker_constructs.guardrails.file import read_guardrails
from sagemaker_constructs.guardrails.rules import BY_NAME

if TYPE_CHECKING:
    from pathlib import Path

FILE = """
owners: "@acme/ml-platform"
rules:
  instance_types: [ml.m5.*]
  max_cost_per_job: 12.5
  require_vpc: true
environments:
  dev:
    instance_types: [ml.m5.large]
    require_vpc: false
    max_cost_per_job: null
    required_tags: [team]
waivers:
  - {rule: instance_types, job: penguins, reason: a trial, until: 2026-12-31}
"""


def mistakes(text: str) -> list[str]:
    """What is refused of a file."""
    with pytest.raises(GuardrailsError) as caught:
        parse(text, "guardrails.yaml")
    return list(caught.value.mistakes)


def test_an_environment_that_is_not_named_has_the_rules_of_all() -> None:
    """In the order of the table."""
    assert list(parse(FILE, "").limits("prod").items()) == [
        ("instance_types", ["ml.m5.*"]),
        ("max_cost_per_job", Decimal("12.5")),
        ("require_vpc", True),
    ]


def test_an_environment_replaces_and_removes_rules_of_all() -> None:
    """One by one."""
    assert parse(FILE, "").limits("dev") == {"instance_types": ["ml.m5.large"], "required_tags": ["team"]}


def test_a_waiver_has_a_day() -> None:
    """Its last."""
    assert parse(FILE, "").waivers[0].until == date(2026, 12, 31)


def test_the_digest_tells_one_file_from_another() -> None:
    """A review has it."""
    assert parse(FILE, "").digest == parse(FILE, "").digest != parse(FILE + "\n", "").digest


def test_everything_that_is_wrong_is_said_at_once() -> None:
    """In the words of the file: unknown rules, wrong types, and waivers without a reason."""
    found = mistakes("""
owner: us
rules: {instance_type: [ml.m5.*], max_instance_count: 0, require_vpc: "yes", instance_types: ml.m5.large, images: []}
environments: {dev: {max_cost: 3, max_cost_per_job: lots, max_cost_per_stack: -1, subnets: [1]}, prod: 3}
waivers: [{rule: no_rule, job: "", until: someday, day: 1}]
""")
    rules = ", ".join(BY_NAME)
    assert found == [
        "owners is required",
        "rules.instance_types: got 'ml.m5.large', expected a list",
        "rules.max_instance_count: got 0, expected at least 1",
        "rules.require_vpc: got 'yes', expected true or false",
        "rules.images: got a list, expected at least one item",
        "rules.instance_type: there is no rule 'instance_type', expected instance_types",
        "environments.dev.max_cost_per_job: got 'lots', expected an amount in US dollars, such as 25.50",
        "environments.dev.max_cost_per_stack: got -1, expected more than 0",
        "environments.dev.subnets[0]: got 1, expected a text",
        "environments.dev.max_cost: there is no rule 'max_cost', expected max_cost_per_job",
        "environments.prod: got 3, expected a mapping",
        f"waivers[0].rule: got 'no_rule', expected one of {rules}",
        "waivers[0].job: got '', expected a text that is not empty",
        "waivers[0].reason is required",
        "waivers[0].until: got 'someday', expected a day, such as 2026-12-31",
        "waivers[0].day: there is no 'day', expected one of rule, job, reason, until, environment",
        "owner: there is no 'owner', expected owners",
    ]


def test_one_environment_may_take_over_the_rules_of_another() -> None:
    """YAML's merge of a mapping, whose keys may stand twice."""
    text = "owners: a\nenvironments:\n  dev: &dev {max_instance_count: 1, require_vpc: true}\n"
    found = parse(f"{text}  prod: {{<<: *dev, max_instance_count: 4}}", "guardrails.yaml")
    assert found.limits("prod") == {"max_instance_count": 4, "require_vpc": True}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "must be a mapping with owners and rules"),
        ("- a", "must be a mapping with owners and rules"),
        (
            "owners: a\nrules:\n  max_instance_count: 4\n  max_instance_count: 40",
            "line 4, column 3 is no YAML: 'max_inst",
        ),
        ("owners: a\n? [a, b]\n: 1\nowners: b", "line 4, column 1 is no YAML: 'owners' stands in line 1 already"),
        ("a: [", "line 1, column 5 is no YAML: while parsing a flow node, expected the node content, but found"),
        ("owners: 1\n", "owners: got 1, expected a text"),
        ("owners: us\nrules: {}\ndigest: 0a1b\n", "digest: there is no 'digest', expected one of owners, rules"),
        ("owners: us\nrules:\n", "rules: got nothing, expected a mapping"),
    ],
)
def test_what_is_no_file_of_guardrails_is_refused(text: str, sentence: str) -> None:
    """In one sentence that begins with the file."""
    with pytest.raises(GuardrailsError, match=f"^stacks/guardrails.yaml: {re.escape(sentence)}"):
        parse(text, "stacks/guardrails.yaml")


def test_a_file_is_found_from_any_folder_of_the_project(tmp_path: Path) -> None:
    """Its path is relative to Pulumi.yaml."""
    (tmp_path / "Pulumi.yaml").touch()
    (tmp_path / "stacks").mkdir()
    (tmp_path / "src").mkdir()
    (tmp_path / "stacks" / "guardrails.yaml").write_text(FILE)
    found = read_guardrails("stacks/guardrails.yaml", tmp_path / "src")
    assert isinstance(found, Guardrails)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """A misspelt path must not mean that nothing is forbidden."""
    with pytest.raises(
        GuardrailsError,
        match=r"^guardrails\.yaml: cannot be read: No such file or directory; sagemaker-constructs:guard",
    ):
        read_guardrails("guardrails.yaml", tmp_path)
