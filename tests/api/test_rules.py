"""Every rule between members has an example that breaks it and one that does not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from pulumi import UNKNOWN
from real_requests import real_requests
from rule_examples import EXAMPLES, Example
from service_model import FULL_REQUESTS

from sagemaker_constructs.api.members import all_members
from sagemaker_constructs.api.mistakes import path_text
from sagemaker_constructs.api.rules import RULES, check_rules
from sagemaker_constructs.api.rules.rule import ALWAYS, Reader, Rule, RuleContext, broken_rules, indexed
from sagemaker_constructs.api.spec import TrainingJobSpec

if TYPE_CHECKING:
    from service_model import Request

    from sagemaker_constructs.api.tree import Path

BY_NAME = {rule.name: rule for rule in RULES}
MEMBERS = dict(all_members(TrainingJobSpec))


def test_every_rule_has_its_example() -> None:
    """A rule without an example, or an example without a rule, fails."""
    assert BY_NAME.keys() == EXAMPLES.keys()


def test_names_are_unique() -> None:
    """A rule is identified by its name."""
    assert len(BY_NAME) == len(RULES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_broken_rule_is_found(name: str) -> None:
    """The broken example is found, at the member that the row names first."""
    rule, example = BY_NAME[name], EXAMPLES[name]

    assert broken_paths(rule, example, example.broken) == [example.place]


@pytest.mark.parametrize("name", EXAMPLES)
def test_kept_rule_is_silent(name: str) -> None:
    """The kept example is not found."""
    rule, example = BY_NAME[name], EXAMPLES[name]

    assert broken_paths(rule, example, example.kept) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_rule_reads_members_that_exist(rule: Rule) -> None:
    """A rule reads members that the API has."""
    assert set(rule.reads) <= MEMBERS.keys()


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("depth", [1, 2, 9])
def test_unknown_value_postpones_the_rule(name: str, depth: int) -> None:
    """Where a member that it reads is unknown, whole or in part, a rule reports nothing and raises nothing."""
    rule, example = BY_NAME[name], EXAMPLES[name]
    members: Any = example.broken
    for path in rule.reads:
        members = unknown_at(members, path.replace("[]", "").split(".")[:depth])

    assert broken_paths(rule, example, members) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_rule_has_one_sentence_and_a_source(rule: Rule) -> None:
    """Either what a value must be, or a clause with a verb that says what is wrong with a combination."""
    assert bool(rule.expected) != bool(rule.problem)
    assert (rule.expected or rule.problem)[-1] not in ".,"
    if rule.problem:
        assert re.match(r"('\w+' )?(requires|must|cannot be combined with|should|is required)\b", rule.problem)
    assert rule.source.startswith(("https://", "the service's answer: https://", "execve(2)"))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_rule_reads_the_member_that_has_to_be_given(rule: Rule) -> None:
    """A rule is evaluated only where that member is known, so it must be one of those that the rule depends on."""
    assert rule.given in (None, ALWAYS, *rule.reads)


@pytest.mark.parametrize("request_", FULL_REQUESTS, ids=["machines", "groups", "preferences", "warm", "serverless"])
def test_full_requests_keep_the_rules(request_: Request) -> None:
    """The requests that other tests start from break no rule that refuses."""
    refused, _ = check_rules(TrainingJobSpec.from_request(request_).to_members())

    assert refused == []


@pytest.mark.parametrize("request_", real_requests())
def test_advice_about_real_requests_is_short(request_: Request) -> None:
    """A real request gets at most three pieces of advice."""
    _, advice = check_rules(TrainingJobSpec.from_request(request_).to_members())

    assert len(advice) <= 3


def test_mistakes_come_before_advice() -> None:
    """`check_rules` returns what AWS refuses and advice separately."""
    refused, advice = check_rules(
        {"algorithm_specification": {"training_image": "i"}, "enable_managed_spot_training": True}
    )

    assert [path_text(mistake.path) for mistake in refused] == [
        "resource_config",
        "stopping_condition.max_wait_time_in_seconds",
    ]
    assert [path_text(mistake.path) for mistake in advice] == ["checkpoint_config"]


def broken_paths(rule: Rule, example: Example, members: Any) -> list[Path]:
    """Where the members break the rule."""
    job = Reader(members, RuleContext(example.region, example.added_tags))
    return [path for _, path in broken_rules(indexed([rule]), job)]


def unknown_at(members: Any, path: list[str]) -> Any:
    """The members with an unknown value at the path, and in every item of a list on the way."""
    if not path or members is None or members is UNKNOWN:
        return UNKNOWN
    if isinstance(members, list):
        return [unknown_at(item, path) for item in members]
    return {**members, path[0]: unknown_at(members.get(path[0]), path[1:])}
