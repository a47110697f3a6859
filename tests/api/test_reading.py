"""A request is read in one pass, with everything that is found in it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from pulumi import UNKNOWN
from service_model import FULL_REQUESTS, KEPT_WARM

from sagemaker_constructs.api.mistakes import path_text
from sagemaker_constructs.api.rule_context import RuleContext
from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.api.wire import wire_form

if TYPE_CHECKING:
    from collections.abc import Callable

WARM = TrainingJobSpec.from_request(KEPT_WARM).to_members()
ONCE = Counter(validation=1, members=1, rules=1, credentials=1)

READERS: dict[str, Callable[[], object]] = {
    "read": lambda: TrainingJobSpec.read(WARM),
    "from_members": lambda: TrainingJobSpec.from_members(WARM),
    "complete": lambda: TrainingJobSpec.complete(WARM),
    "constructor": lambda: TrainingJobSpec(**WARM),
    "from_request": lambda: TrainingJobSpec.from_request(KEPT_WARM),
}


@pytest.mark.parametrize("reader", READERS)
def test_each_step_is_done_once(reader: str, steps: Counter[str]) -> None:
    """However a request is read."""
    READERS[reader]()

    assert steps == ONCE


def test_a_mistaken_value_costs_one_more_validation(steps: Counter[str]) -> None:
    """Of the rest, so that the rules can be applied to it."""
    TrainingJobSpec.read({**WARM, "role_arn": 7})

    assert steps == ONCE + Counter(validation=1)


def test_the_wire_form_of_what_was_read_needs_no_validation(steps: Counter[str]) -> None:
    """The members are known to be right."""
    members = TrainingJobSpec.read(WARM).members

    assert wire_form(members) == KEPT_WARM
    assert steps == ONCE


def test_mistakes_and_advice_of_every_kind_come_at_once() -> None:
    """Shapes, rules that use Region and added tags, and credentials."""
    members = {
        **WARM,
        "role_arn": 7,
        "enable_managed_spot_training": True,
        "environment": {"DB_PASSWORD": "correct-horse"},
        "tags": [{"key": f"key-{number}", "value": ""} for number in range(49)],
        "output_data_config": {
            "s3_output_path": "s3://bucket/models",
            "kms_key_id": "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        },
    }
    reading = TrainingJobSpec.read(members, RuleContext(region="us-west-2", added_tags=2))

    assert reading.spec is None
    assert [path_text(mistake.path) for mistake in reading.mistakes] == [
        "role_arn",
        "resource_config.keep_alive_period_in_seconds",
        "stopping_condition.max_wait_time_in_seconds",
        "tags",
        "output_data_config.kms_key_id",
        "environment.DB_PASSWORD",
    ]
    assert [path_text(each.path) for each in reading.advice] == ["checkpoint_config"]


def test_a_request_without_mistakes_is_read_into_a_spec() -> None:
    """And its members are those of the spec."""
    reading = TrainingJobSpec.read(WARM)

    assert reading.spec == TrainingJobSpec.from_request(KEPT_WARM)
    assert reading.members == WARM
    assert reading.mistakes == ()


def test_what_is_right_of_a_mistaken_request_is_read() -> None:
    """With an unknown value in place of each mistake."""
    reading = TrainingJobSpec.read({**WARM, "role_arn": 7, "stopping_condition": {"max_runtime_in_seconds": -1}})

    assert reading.members == {**WARM, "role_arn": UNKNOWN, "stopping_condition": {"max_runtime_in_seconds": UNKNOWN}}


@pytest.mark.parametrize("nonsense", [None, 7, "text", [], {7: 7}, {"tags": {7: UNKNOWN}}])
def test_nothing_is_raised(nonsense: Any) -> None:
    """Whatever is given, what is wrong with it is returned."""
    assert TrainingJobSpec.read(nonsense).mistakes


@pytest.mark.parametrize("request_", FULL_REQUESTS, ids=["machines", "groups", "preferences", "warm", "serverless"])
def test_what_is_read_is_read_again_unchanged(request_: dict[str, Any]) -> None:
    """Validated members are a request themselves."""
    members = TrainingJobSpec.from_request(request_).to_members()

    assert TrainingJobSpec.read(members).members == members
