"""The file of the guardrails: what it may say, and what is refused of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from sagemaker_constructs.guardrails.document import Guardrails, GuardrailsError, parse
from sagemaker_constructs.guardrails.file import read_guardrails

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
    return [str(each) for each in caught.value.mistakes]


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
    """Unknown rules, wrong types, and waivers without a reason."""
    found = mistakes("""
rules: {instance_type: [ml.m5.*], max_instance_count: 0, require_vpc: "yes", instance_types: ml.m5.large}
waivers: [{rule: no_rule, job: penguins, until: someday}]
""")
    assert found[0] == "owners is required"
    for begin in (
        "rules.max_instance_count: got 0, expected at least 1",
        "rules.require_vpc: got 'yes', expected",
        "rules.instance_types: got 'ml.m5.large', expected a list",
        "rules.instance_type ",
        "waivers[0].rule: got 'no_rule', expected",
        "waivers[0].reason is required",
        "waivers[0].until: got 'someday'",
    ):
        assert any(each.startswith(begin) for each in found), begin
    assert len(found) == 8


@pytest.mark.parametrize("text", ["", "- a", "a: [", "owners: 1\n"])
def test_what_is_no_file_of_guardrails_is_refused(text: str) -> None:
    """In one sentence."""
    assert len(mistakes(text)) == 1


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
    with pytest.raises(GuardrailsError, match="cannot be read: No such file or directory; sagemaker-constructs:guard"):
        read_guardrails("guardrails.yaml", tmp_path)
