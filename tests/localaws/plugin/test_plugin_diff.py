"""When inputs mean the same, and where they do not."""

import json
from typing import Any

import pytest

from localaws.plugin import diff
from localaws.plugin.aws import Aws
from localaws.plugin.resource import Resource
from localaws.plugin.values import UNKNOWN, Properties


def _nothing(_aws: Aws, _id: str, _properties: Properties) -> None:
    """An update or a deletion that calls nothing."""


def _resource() -> Resource:
    return Resource(
        type_name="aws:test/thing:Thing",
        create=lambda _aws, _properties: "id",
        read=lambda _aws, _id, _properties: {},
        delete=_nothing,
        replaces=("place",),
        updates={"policy": _nothing, "subnets": _nothing, "rule": _nothing, "chosen": _nothing},
        outputs=("chosen",),
        documents=frozenset({"policy"}),
        sets=frozenset({"subnets"}),
        retag=lambda _aws, _properties, _tags, _removed: None,
    )


def _policy(actions: Any, indent: int | None = None) -> str:
    return json.dumps({"Statement": [{"Effect": "Allow", "Action": actions}]}, indent=indent)


@pytest.mark.parametrize(
    ("key", "old", "new"),
    [
        ("policy", _policy(["a", "b"]), _policy(["b", "a"], indent=2)),
        ("policy", _policy("a"), _policy(["a"])),
        ("subnets", ["one", "two"], ["two", "one"]),
        ("subnets", [], None),
        ("tags", {}, None),
        ("chosen", "by AWS", None),
    ],
)
def test_another_form_is_no_change(key: str, old: Any, new: Any) -> None:
    """Order and form of policies and sets, emptiness, and what AWS has chosen."""
    news = {} if new is None else {key: new}

    assert diff.changes(_resource(), {key: old}, news) == []


@pytest.mark.parametrize(
    ("olds", "news", "change"),
    [
        ({"place": "here"}, {"place": "there"}, diff.Change("place", "place", "UPDATE", replaces=True)),
        ({"place": "here"}, {"place": UNKNOWN}, diff.Change("place", "place", "UPDATE", replaces=True)),
        ({}, {"rule": {"a": 1}}, diff.Change("rule", "rule", "ADD", replaces=False)),
        ({"rule": {"a": 1}}, {}, diff.Change("rule", "rule", "DELETE", replaces=False)),
        ({"tags": {"a": "b"}}, {"tags": {"a": "c"}}, diff.Change("tags", "tags.a", "UPDATE", replaces=False)),
        (
            {"tags": {"a": "b"}},
            {"tags": {"a:b": "c", "a": "b"}},
            diff.Change("tags", 'tags["a:b"]', "ADD", replaces=False),
        ),
        ({"policy": _policy("a")}, {"policy": _policy("b")}, diff.Change("policy", "policy", "UPDATE", replaces=False)),
    ],
)
def test_a_change_says_where_and_what_it_means(olds: Any, news: Any, change: diff.Change) -> None:
    """Place, kind, and whether the resource is replaced."""
    assert diff.changes(_resource(), olds, news) == [change]


def test_what_the_bridge_notes_for_itself_is_no_input() -> None:
    """`__defaults` may differ."""
    assert diff.changes(_resource(), {"__defaults": ["a"]}, {"__defaults": []}) == []


@pytest.mark.parametrize(
    ("recorded", "live", "refreshed"),
    [
        ({"rule": {"a": 1}}, {"rule": {"a": 1, "more": 2}}, {"rule": {"a": 1}}),
        ({"rule": {"a": 1}}, {"rule": {"a": 2}}, {"rule": {"a": 2}}),
        ({"rule": {"a": 1}}, {"rule": None}, {}),
        ({"rule": {"a": 1}}, {}, {"rule": {"a": 1}}),
        ({"subnets": ["one", "two"]}, {"subnets": ["two", "one"]}, {"subnets": ["one", "two"]}),
        ({"tags": {"a": "b"}}, {"tags": {"a": "b", "by": "hand"}}, {"tags": {"a": "b", "by": "hand"}}),
        ({}, {"tags": {"by": "hand"}}, {"tags": {"by": "hand"}}),
        ({}, {"chosen": "by AWS", "tags": {}}, {}),
    ],
)
def test_a_refresh_shows_drift_and_nothing_else(recorded: Any, live: Any, refreshed: Any) -> None:
    """What means the same stays as it was written; tags that somebody added are drift."""
    assert diff.refreshed(_resource(), recorded, live) == refreshed
