"""Walks over a tree of members."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pulumi import UNKNOWN

from sagemaker_constructs.api.deferred import has_deferred
from sagemaker_constructs.api.members import all_members
from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.api.tree import (
    FREE_KEYS,
    Leaf,
    leaves,
    mapped,
    parts_of,
    plain_path,
    pruned,
    renamed,
    value_at,
    values_at,
)

TREE: dict[str, Any] = {
    "role_arn": "role",
    "hyper_parameters": {"max.depth": "5"},
    "input_data_config": [
        {"channel_name": "train", "data_source": UNKNOWN},
        {"channel_name": "test", "data_source": {"s3_data_source": {"s3_uri": "s3://bucket/test"}}},
    ],
}


def test_leaves_have_their_paths() -> None:
    """Each with the positions in lists, in the order of the tree."""
    assert leaves(TREE) == [
        Leaf(("role_arn",), "role"),
        Leaf(("hyper_parameters", "max.depth"), "5"),
        Leaf(("input_data_config", 0, "channel_name"), "train"),
        Leaf(("input_data_config", 0, "data_source"), UNKNOWN),
        Leaf(("input_data_config", 1, "channel_name"), "test"),
        Leaf(("input_data_config", 1, "data_source", "s3_data_source", "s3_uri"), "s3://bucket/test"),
    ]


def test_plain_path_has_no_positions() -> None:
    """The items of a list share their rows in the tables."""
    assert plain_path(("input_data_config", 0, "channel_name")) == "input_data_config.channel_name"
    assert [leaf.plain for leaf in leaves({"tags": [{"key": "a"}]})] == ["tags.key"]


@pytest.mark.parametrize(
    ("plain", "parts"),
    [
        ("vpc_config.subnets", ("vpc_config", "subnets")),
        ("environment.A.B", ("environment", "A.B")),
        ("debug_hook_config.hook_parameters.a.b", ("debug_hook_config", "hook_parameters", "a.b")),
        ("environment", ("environment",)),
    ],
)
def test_parts_of_a_path(plain: str, parts: tuple[str, ...]) -> None:
    """A key of the user's may have dots."""
    assert parts == parts_of(plain)


def test_mapped_changes_leaves_and_copies_the_rest() -> None:
    """The tree that was given stays as it is, and shares no mapping and no list with the new one."""
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    new = mapped({**TREE, "role_arn": moment}, lambda leaf: leaf.year if leaf is moment else leaf)

    assert new == {**TREE, "role_arn": 2026}
    assert mapped(TREE) == TREE
    assert mapped(TREE)["input_data_config"][0] is not TREE["input_data_config"][0]
    assert mapped(("a", ("b",))) == ["a", ["b"]]


def test_renamed_leaves_the_users_keys() -> None:
    """In either direction."""
    assert renamed({"a": [{"b": b"1"}], "environment": {"b": "1"}}, str.upper, bytes.decode) == {
        "A": [{"B": "1"}],
        "ENVIRONMENT": {"b": "1"},
    }
    assert renamed({"ENVIRONMENT": {"B": 1}}, str.lower) == {"environment": {"B": 1}}


def test_pruned_drops_by_path_and_what_is_left_empty() -> None:
    """Items of lists stand where they stood."""
    tree = {"a": {"b": 1}, "c": [{"d": 1}, {"d": 1, "e": UNKNOWN}], "f": [], "g": {"h": 0}}

    assert pruned(tree, lambda plain, _: plain in {"a.b", "c.d"}) == {"c": [None, {"e": UNKNOWN}], "g": {"h": 0}}
    assert pruned(tree, lambda _, value: value == {"h": 0}) == {"a": {"b": 1}, "c": tree["c"]}
    assert pruned({"a": {}}, lambda _plain, _value: False) is None


@pytest.mark.parametrize(
    ("plain", "values"),
    [
        ("role_arn", ["role"]),
        ("hyper_parameters.max.depth", ["5"]),
        ("input_data_config.channel_name", ["train", "test"]),
        ("input_data_config.data_source.s3_data_source.s3_uri", [UNKNOWN, "s3://bucket/test"]),
        ("vpc_config.subnets", []),
    ],
)
def test_values_at_a_plain_path(plain: str, values: list[Any]) -> None:
    """Of every item; a value that is deferred as a whole stands for what would be below it."""
    assert values == list(values_at(TREE, plain))


def test_value_at_a_path() -> None:
    """None where there is nothing, whatever stands there instead."""
    assert value_at(TREE, ("input_data_config", 1, "channel_name")) == "test"
    for path in [("input_data_config", 2), ("role_arn", "a"), ("input_data_config", "channel_name"), ("tags",)]:
        assert value_at(TREE, path) is None


def test_deferred_values_are_found_at_any_depth() -> None:
    """In mappings, lists, and lists of mappings."""
    assert has_deferred(TREE)
    assert has_deferred(UNKNOWN)
    assert not has_deferred({**TREE, "input_data_config": TREE["input_data_config"][1:]})


def test_members_with_free_keys_are_the_maps_of_the_api() -> None:
    """Another map of the service model needs its row here."""
    assert {member.name for _, member in all_members(TrainingJobSpec) if member.kind.type == "map"} == FREE_KEYS
