"""What goes over the wire and comes back."""

import pytest
from pulumi.runtime import rpc

from localaws.plugin.values import SECRET, UNKNOWN, contains_unknown, decoded, encoded


def test_values_survive_the_wire() -> None:
    """Nested values come back as they went, whole numbers as ints."""
    values = {"text": "a", "whole": 3, "half": 0.5, "yes": True, "list": [1, {"deep": []}], "map": {"a": {}}}

    assert decoded(encoded(values)) == values


def test_a_member_that_is_none_is_left_out() -> None:
    """None means absent, at any depth of a map."""
    assert decoded(encoded({"gone": None, "map": {"gone": None, "kept": 1}})) == {"map": {"kept": 1}}


def test_a_secret_is_its_value() -> None:
    """As the engine wraps the keys of an explicit provider."""
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": "hidden"}

    assert decoded(encoded({"secretKey": secret})) == {"secretKey": "hidden"}


def test_the_marks_on_the_wire_are_the_sdks() -> None:
    """The plugin does not load the SDK for two constants."""
    assert UNKNOWN == rpc.UNKNOWN
    assert rpc.is_rpc_secret(dict([SECRET]))


def test_what_the_engine_cannot_take_is_refused() -> None:
    """A value of another type is an error that shows it."""
    with pytest.raises(TypeError, match="a object cannot be sent"):
        encoded({"value": object()})


@pytest.mark.parametrize("value", [UNKNOWN, [1, UNKNOWN], {"a": [{"b": UNKNOWN}]}])
def test_an_unknown_is_seen_at_any_depth(value: object) -> None:
    """A list or a map with an unknown in it is not known."""
    assert contains_unknown(value)
    assert not contains_unknown(str(value).replace(UNKNOWN, "known"))
