"""Guardrails under the real engine: refused in the preview, unknown in a preview, and no reason for a change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from localaws.trial import Trial

pytestmark = pytest.mark.engine

JOB = """
TrainingJob("model", spec(
    enable_network_isolation=Output.from_input(role.unique_id).apply(lambda _: config.get_bool("isolated") or False),
    stopping_condition=StoppingCondition(max_runtime_in_seconds=3600),
), role=role)
"""
RULES = """
owners: "@acme/ml"
rules:
  max_cost_per_job: {dollars}
  require_network_isolation: true
  {more}
"""


def rules(trial: Trial, dollars: str, more: str = "") -> None:
    """Make these the guardrails of the project."""
    (trial.root / "rules").mkdir(exist_ok=True)
    (trial.root / "rules" / "guardrails.yaml").write_text(RULES.format(dollars=dollars, more=more))


def test_a_job_obeys_the_guardrails(trial: Trial) -> None:
    """The preview has all violations at once, and leaves to `up` what it does not know."""
    trial.program(JOB)
    trial.config("sagemaker-constructs:guardrails", "rules/guardrails.yaml")
    rules(trial, "0.13", "require_spot: true")
    refused = trial.preview(expect=None)
    assert refused.code != 0
    for part in (
        "resource_config: got a maximum cost of $0.14, expected at most $0.13 (guardrail max_cost_per_job of trial;",
        "enable_managed_spot_training: got nothing, expected True (guardrail require_spot of trial; @acme/ml may",
    ):
        assert part in refused.text, refused.text
    assert "Traceback" not in refused.text

    rules(trial, "0.14")
    decided = "guardrail require_network_isolation is decided in `up` for model: enable_network_isolation"
    assert decided in trial.preview().text
    late = trial.up(expect=None)
    assert "enable_network_isolation: got False, expected True (guardrail require_network_isolation" in late.text
    assert trial.jobs() == {}

    trial.config("isolated", "true")
    trial.up()
    assert len(trial.jobs()) == 1
    rules(trial, "0.15", "max_instance_count: 1")
    trial.up("--expect-no-changes")
