"""The rules between members: each row with a job that breaks it and one that keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pulumi import UNKNOWN
from real_requests import real_requests
from rule_examples import EXAMPLES, Example
from service_model import FULL_REQUESTS

from sagemaker_constructs.api.members import all_members
from sagemaker_constructs.api.rules import RULES, check_rules
from sagemaker_constructs.api.rules.rule import Reader, Rule, RuleContext
from sagemaker_constructs.api.spec import TrainingJobSpec

if TYPE_CHECKING:
    from service_model import Request

BY_NAME = {rule.name: rule for rule in RULES}
MEMBERS = dict(all_members(TrainingJobSpec))


def test_every_rule_has_its_example() -> None:
    """No row of the table is without a test, and no test is without its row."""
    assert BY_NAME.keys() == EXAMPLES.keys()


def test_names_are_unique() -> None:
    """A rule is known by its name."""
    assert len(BY_NAME) == len(RULES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_broken_rule_is_found(name: str) -> None:
    """The broken example is found, at the member that the row names first."""
    rule, example = BY_NAME[name], EXAMPLES[name]

    assert [example.place] == list(rule.places(reader(example, example.broken)))


@pytest.mark.parametrize("name", EXAMPLES)
def test_kept_rule_is_silent(name: str) -> None:
    """The kept example is not found."""
    rule, example = BY_NAME[name], EXAMPLES[name]

    assert list(rule.places(reader(example, example.kept))) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_rule_reads_members_that_exist(rule: Rule) -> None:
    """A row names members of the API, so that a renamed one is noticed."""
    assert set(rule.reads) <= MEMBERS.keys()


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("depth", [1, 2, 9])
def test_unknown_value_postpones_the_rule(name: str, depth: int) -> None:
    """With what it reads unknown, whole or in part, a rule says nothing and breaks nothing."""
    rule, example = BY_NAME[name], EXAMPLES[name]
    members: Any = example.broken
    for path in rule.reads:
        members = unknown_at(members, path.replace("[]", "").split(".")[:depth])

    assert list(rule.places(reader(example, members))) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_rule_says_what_is_expected(rule: Rule) -> None:
    """A row has a sentence and a source, and the sentence reads on after `expected`."""
    assert rule.says
    assert rule.says[-1] not in ".,"
    assert rule.source.startswith(("https://", "the service's answer: https://", "execve(2)"))


@pytest.mark.parametrize("request_", FULL_REQUESTS, ids=["machines", "groups", "preferences", "warm", "serverless"])
def test_full_requests_keep_the_rules(request_: Request) -> None:
    """The requests that other tests start from break no rule that refuses."""
    refused, _ = check_rules(TrainingJobSpec.from_request(request_).to_members())

    assert refused == []


@pytest.mark.parametrize("request_", real_requests())
def test_advice_about_real_requests_is_short(request_: Request) -> None:
    """Advice is for the few cases that deserve it: seldom more than three pieces about a real request."""
    _, advice = check_rules(TrainingJobSpec.from_request(request_).to_members())

    assert len(advice) <= 3


def test_mistakes_come_before_advice() -> None:
    """`check_rules` tells apart what AWS refuses and what is only unwise."""
    refused, advice = check_rules(
        {"algorithm_specification": {"training_image": "i"}, "enable_managed_spot_training": True}
    )

    assert [str(mistake).partition(":")[0] for mistake in refused] == [
        "resource_config",
        "stopping_condition.max_wait_time_in_seconds",
    ]
    assert [str(mistake).partition(":")[0] for mistake in advice] == ["checkpoint_config"]


def reader(example: Example, members: Any) -> Reader:
    """The members as a rule reads them."""
    return Reader(members, RuleContext(example.region, example.added_tags))


def unknown_at(members: Any, path: list[str]) -> Any:
    """The members with an unknown value at the path, and in every item of a list on the way."""
    if not path or members is None or members is UNKNOWN:
        return UNKNOWN
    if isinstance(members, list):
        return [unknown_at(item, path) for item in members]
    return {**members, path[0]: unknown_at(members.get(path[0]), path[1:])}
