"""What each guardrail refuses, waives, and leaves to `up`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from pulumi import UNKNOWN

from sagemaker_constructs.guardrails.document import parse
from sagemaker_constructs.guardrails.judge import Findings, judged, stack_violations
from sagemaker_constructs.guardrails.rule import Job
from sagemaker_constructs.guardrails.rules import GUARDRAILS
from tests.guardrails.guardrail_cases import BROKEN, IMAGE, KEPT, VPC, cost, resources
from tests.samples import SMALL

if TYPE_CHECKING:
    from sagemaker_constructs.cost.record import JobCost

TODAY = date(2026, 11, 26)
RULES = "owners: '@acme/ml-platform'\nrules: "
WHO = "; @acme/ml-platform may change it, or waive it for penguins)"


def judge(rules: str, **members: Any) -> Findings:
    """What rules say of the small job with other members; `tags` and `cost` as they are."""
    tags, price = members.pop("tags", {}), members.pop("cost", None)
    job = Job("penguins", {**SMALL, **members}, tags, price)
    return judged(job, parse(RULES + rules, ""), "prod", TODAY)


@pytest.mark.parametrize(("rules", "members", "text"), BROKEN)
def test_what_breaks_a_rule_is_refused(rules: str, members: dict[str, Any], text: str) -> None:
    """With the path, the value, what is expected, and who may change that."""
    found = judge(rules, **members)
    name = rules[1:].partition(":")[0]
    assert [str(each) for each in found.violations] == [f"{text} (guardrail {name} of prod{WHO}"]
    assert found.undecided == ()


def test_every_rule_of_one_job_is_shown_to_refuse_something() -> None:
    """So that a new row of the table has a case here."""
    shown = {rules[1:].partition(":")[0] for rules, _, _ in BROKEN}
    assert {rule.name for rule in GUARDRAILS} - shown == {"max_cost_per_stack"}


@pytest.mark.parametrize(("rules", "members"), KEPT)
def test_what_keeps_the_rules_is_accepted(rules: str, members: dict[str, Any]) -> None:
    """And nothing is said of it."""
    assert judge(rules, **members) == Findings()


UNKNOWNS: list[tuple[str, dict[str, Any], str]] = [
    ("{instance_types: [ml.m5.*]}", resources(instance_type=UNKNOWN), "resource_config.instance_type"),
    ("{max_instance_count: 1}", resources(instance_count=UNKNOWN), "resource_config.instance_count"),
    ("{max_runtime_in_seconds: 1}", {"stopping_condition": UNKNOWN}, "stopping_condition.max_runtime_in_seconds"),
    (
        "{max_cost_per_job: 1}",
        {"cost": cost(None, "resource_config.instance_type"), **resources(instance_type=UNKNOWN)},
        "resource_config.inst",
    ),
    ("{require_vpc: true}", {"vpc_config": UNKNOWN}, "vpc_config"),
    ("{require_volume_key: true}", resources(volume_kms_key_id=UNKNOWN), "resource_config.volume_kms_key_id"),
    ("{require_network_isolation: true}", {"enable_network_isolation": UNKNOWN}, "enable_network_isolation"),
    ("{required_tags: [team]}", {"tags": UNKNOWN}, "tags"),
    ("{images: [a]}", {"algorithm_specification": {"training_image": UNKNOWN}}, IMAGE),
]


@pytest.mark.parametrize(("rules", "members", "path"), UNKNOWNS)
def test_what_is_not_known_yet_is_decided_later(rules: str, members: dict[str, Any], path: str) -> None:
    """And is said, for it does not pass."""
    found = judge(rules, **members)
    assert found.violations == ()
    assert [each.paths[0].startswith(path) for each in found.undecided] == [True]
    rule = rules[1:].partition(":")[0]
    assert str(found.undecided[0]).startswith(f"guardrail {rule} is decided in `up` for penguins: {path}")


def test_subnets_that_are_not_known_yet_are_still_a_vpc() -> None:
    """The network of the same stack."""
    assert judge("{require_vpc: true}", vpc_config={"subnets": UNKNOWN, "security_group_ids": [UNKNOWN]}) == Findings()


def test_all_violations_come_together() -> None:
    """In the order of the table."""
    rules = "{require_spot: true, instance_types: [ml.c5.*], require_vpc: true}"
    assert [each.rule for each in judge(rules).violations] == ["instance_types", "require_vpc", "require_spot"]


def waivers(until: str, **others: str) -> str:
    """Rules with a waiver."""
    waiver = {"rule": "require_vpc", "job": "penguins", "reason": "a trial", "until": until, **others}
    return f"{{require_vpc: true}}\nwaivers: [{waiver}]"


def test_a_waiver_holds_until_its_last_day() -> None:
    """And is said."""
    found = judge(waivers("2026-11-26"))
    assert found.violations == ()
    assert [str(each) for each in found.waived] == [
        "guardrail require_vpc is waived for penguins until 2026-11-26: a trial"
    ]


def test_an_expired_waiver_refuses() -> None:
    """And the day on which it ended is said."""
    (violation,) = judge(waivers("2026-11-25")).violations
    assert "(guardrail require_vpc of prod; its waiver has expired on 2026-11-25; @acme" in str(violation)


@pytest.mark.parametrize("other", [{"rule": "require_spot"}, {"job": "whales"}, {"environment": "dev"}])
def test_a_waiver_is_for_one_rule_one_job_and_one_environment(other: dict[str, str]) -> None:
    """Not for others."""
    (violation,) = judge(waivers("2026-12-31", **other)).violations
    assert violation.expired is None


def test_a_waiver_that_nothing_needs_is_not_said() -> None:
    """The job complies."""
    assert judge(waivers("2026-12-31"), **VPC) == Findings()


def test_findings_can_be_stored() -> None:
    """As JSON, exactly."""
    found = judge(waivers("2026-11-25"), **resources(instance_type=UNKNOWN))
    assert Findings.model_validate_json(found.model_dump_json()) == found


@pytest.mark.parametrize(
    ("costs", "text"),
    [
        ([cost("6"), cost("4")], None),
        ([cost("6"), cost("4.01")], "got jobs for $10.01 at most, expected at most $10.00"),
        ([cost("6"), cost(None)], "got jobs for $6.00 at most, and 1 whose cost is not known, expected at most $10.00"),
    ],
)
def test_a_stack_has_a_limit_for_all_jobs_together(costs: list[JobCost], text: str | None) -> None:
    """What is not known exceeds it."""
    found = stack_violations(costs, parse(RULES + "{max_cost_per_stack: 10}", ""), "prod")
    assert [text in str(each) for each in found if text] == ([True] if text else [])
    assert bool(found) == bool(text)


def test_a_stack_without_a_limit_may_cost_anything() -> None:
    """Also what is not known."""
    assert stack_violations([cost(None)], parse(RULES + "{}", ""), "prod") == ()
