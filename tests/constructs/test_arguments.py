"""Arguments of constructs: what each accepts, and that each is validated once."""

from __future__ import annotations

from typing import Any

import pytest
from graphs import graph
from pulumi import Output

from sagemaker_constructs import TrainingNetwork
from sagemaker_constructs.network import arguments as network_arguments
from sagemaker_constructs.network.address_plan import AddressPlan, plan_addresses
from sagemaker_constructs.program.arguments import ListArgument, late_list_mistakes, read_lists, tag_mistakes

TABLE = {"keys": ListArgument("a key", "arn", deferred=True, pattern=r"k-\d")}


@pytest.mark.parametrize(
    ("value", "items", "mistakes"),
    [
        (None, None, []),
        ([], [], []),
        (("k-1", "k-2"), ["k-1", "k-2"], []),
        (iter(["k-1"]), ["k-1"], []),
        (["k-1", "other"], ["k-1", "other"], ["keys[1]: got 'other', expected a key"]),
        ("k-1", "k-1", ["keys: got 'k-1', expected a list, each item a key"]),
        ({"k-1": 1}, {"k-1": 1}, ["keys: got a dict, expected a list, each item a key"]),
        ([b"k-1"], [b"k-1"], ["keys[0]: got a bytes, expected a key"]),
    ],
)
def test_a_list_argument_accepts_any_iterable_of_its_items(value: Any, items: Any, mistakes: list[str]) -> None:
    """Text, bytes and mappings are no lists."""
    assert read_lists(TABLE, {"keys": value}) == ({"keys": items}, mistakes)


def test_only_what_was_an_output_is_validated_late() -> None:
    """The rest was validated when the program ran."""
    known = {"keys": ["other"]}

    def program() -> None:
        assert late_list_mistakes(TABLE, {"keys": ["other"]}, known) == []
        for given in (Output.from_input(["other"]), [Output.from_input("other")]):
            assert late_list_mistakes(TABLE, {"keys": given}, known) == ["keys[0]: got 'other', expected a key"]

    graph(program)


def test_tags_are_a_mapping_of_strings() -> None:
    """Values may be Outputs."""

    def program() -> None:
        assert tag_mistakes({"a": "", "b": Output.from_input("c")}) == []
        assert tag_mistakes({"a": 1, 2: "b"}) == [
            "tags.a: got 1, expected a string, or an Output of one",
            "tags['2']: got 'b', expected a string, or an Output of one",
        ]

    graph(program)


def test_the_range_of_a_network_is_planned_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """For the rules and for the subnets."""
    planned: list[str] = []

    def counted(cidr_block: str, **others: Any) -> AddressPlan:
        planned.append(cidr_block)
        return plan_addresses(cidr_block, **others)

    monkeypatch.setattr(network_arguments, "plan_addresses", counted)
    found = graph(lambda: TrainingNetwork("n", nat_gateways=1))

    assert found.of("Subnet")["n-0-public"]["cidrBlock"] == "10.0.240.0/24"
    assert planned == ["10.0.0.0/16"]
