"""Differences between two declarations."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi import UNKNOWN

from sagemaker_constructs.api.members import all_members
from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.reconcile.changes import ITEM_NAMES, UNORDERED, Change, changes_between
from sagemaker_constructs.reconcile.effects import Effect
from tests.samples import FULL, SMALL

LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=4)
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner))
TREES = st.dictionaries(st.sampled_from(sorted(TrainingJobSpec.model_fields)), VALUES, max_size=4)
NAMES = st.lists(st.text(min_size=1, max_size=6), min_size=2, max_size=6, unique=True)


@given(TREES)
def test_a_declaration_has_no_changes_against_itself(tree: dict[str, Any]) -> None:
    """Whatever it holds."""
    assert changes_between(tree, tree) == ()


@given(TREES, TREES)
def test_changes_are_the_same_from_both_sides(one: dict[str, Any], other: dict[str, Any]) -> None:
    """What differs does not depend on the direction."""
    there = [(change.path, change.old, change.new) for change in changes_between(one, other)]
    back = [(change.path, change.new, change.old) for change in changes_between(other, one)]
    assert there == back


@given(st.data(), NAMES, st.sampled_from(["input_data_config", "tags"]))
def test_the_order_of_named_items_means_nothing(data: st.DataObject, names: list[str], path: str) -> None:
    """Channels, tags and rules are told apart by their names."""
    items = [{ITEM_NAMES[path]: name, "value": name} for name in names]
    assert changes_between({path: items}, {path: data.draw(st.permutations(items))}) == ()


@given(st.data(), NAMES)
def test_the_order_of_subnets_and_security_groups_means_nothing(data: st.DataObject, names: list[str]) -> None:
    """AWS treats them as sets."""
    shuffled = data.draw(st.permutations(names))
    assert changes_between({"vpc_config": {"subnets": names}}, {"vpc_config": {"subnets": shuffled}}) == ()


def test_the_order_of_arguments_means_something() -> None:
    """A container reads its arguments in order, and is told where they differ."""
    old, new = ({"algorithm_specification": {"container_arguments": args}} for args in (["a", "b"], ["b", "a"]))
    assert [change.path for change in changes_between(old, new)] == [
        "algorithm_specification.container_arguments[0]",
        "algorithm_specification.container_arguments[1]",
    ]


def test_the_tables_name_lists_that_exist() -> None:
    """A list that the API renamed would be compared in order again."""
    members = {path.replace("[]", ""): member for path, member in all_members(TrainingJobSpec)}
    assert {path: members[path].kind.type for path in (*ITEM_NAMES, *UNORDERED)} == dict.fromkeys(
        (*ITEM_NAMES, *UNORDERED), "list"
    )
    assert [f"{path}.{name}" for path, name in ITEM_NAMES.items() if f"{path}.{name}" not in members] == []


@pytest.mark.parametrize("empty", [None, {}, [], {"rest": None}, {"rest": {"deeper": []}}])
def test_absent_and_empty_are_one(empty: Any) -> None:
    """Neither says anything."""
    assert changes_between({"vpc_config": empty}, {}) == ()


def test_a_change_in_an_item_is_named_after_the_item() -> None:
    """People read names; the tables have paths without them."""
    new = {**SMALL, "input_data_config": [{**SMALL["input_data_config"][0], "content_type": "text/csv"}]}
    assert changes_between(SMALL, new) == (
        Change("input_data_config[train].content_type", "input_data_config.content_type", None, "text/csv"),
    )


@pytest.mark.parametrize("name", ["loss[0]", "a]b", "a.b", "[", "a[b].c"])
def test_an_item_may_have_any_name(name: str) -> None:
    """A metric called `loss[0]` still only reads the log, and changing it retrains nothing."""
    old, new = ({"algorithm_specification": {"metric_definitions": [{"name": name, "regex": regex}]}} for regex in "ab")
    (change,) = changes_between(old, new)
    assert (change.member, change.effect) == ("algorithm_specification", Effect.OPERATES)


def test_items_that_share_a_name_are_compared_in_order() -> None:
    """None of them is lost."""
    old, new = ({"tags": [{"key": "a", "value": each} for each in values]} for values in ("xy", "xz"))
    assert [change.path for change in changes_between(old, new)] == ["tags[1].value"]


def test_what_is_not_known_yet_counts_as_changed() -> None:
    """A preview says so rather than nothing, and only about that member."""
    new = {**SMALL, "role_arn": UNKNOWN, "input_data_config": [{"channel_name": UNKNOWN}]}
    assert [change.member for change in changes_between(SMALL, new) if change.new is UNKNOWN] == [
        "input_data_config",
        "role_arn",
    ]


@pytest.mark.parametrize("members", FULL)
def test_removing_everything_names_every_top_level_member(members: dict[str, Any]) -> None:
    """And so does adding it."""
    assert {change.member for change in changes_between(members, {})} == set(members)
    assert {change.member for change in changes_between({}, members)} == set(members)
