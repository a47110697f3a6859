"""Names that the program does not give."""

import re

import pytest

from localaws.plugin.errors import RefusedError
from localaws.plugin.names import AutoName


def test_a_name_is_the_logical_name_and_seven_digits() -> None:
    """As the official provider names things."""
    assert re.fullmatch(r"trainer-[0-9a-f]{7}", AutoName().name("trainer", b"seed"))


def test_the_same_seed_gives_the_same_name() -> None:
    """A plan that was saved names what is then created; another seed names another resource."""
    assert AutoName().name("trainer", b"seed") == AutoName().name("trainer", b"seed")
    assert AutoName().name("trainer", b"seed") != AutoName().name("trainer", b"another")


def test_without_a_seed_names_differ() -> None:
    """Two resources never get one name."""
    assert AutoName().name("trainer", b"") != AutoName().name("trainer", b"")


@pytest.mark.parametrize(
    ("rule", "logical_name", "pattern"),
    [
        (AutoName(limit=24), "a-very-long-name", r"a-very-long-name-[0-9a-f]{7}"),
        (AutoName(lower=True), "Data", r"data-[0-9a-f]{7}"),
        (AutoName(start="alias/"), "key", r"alias/key-[0-9a-f]{7}"),
        (AutoName(random=False), "train/data.csv", r"train/data\.csv"),
    ],
)
def test_each_service_has_its_rule(rule: AutoName, logical_name: str, pattern: str) -> None:
    """Length, case, a fixed start and no digits at all."""
    assert re.fullmatch(pattern, rule.name(logical_name, b"seed"))


def test_a_prefix_takes_the_place_of_the_name() -> None:
    """`namePrefix` is followed by digits, within the limit."""
    name = AutoName(limit=31).name("trainer", b"seed", "jobs-")

    assert re.fullmatch(r"jobs-[0-9a-f]{26}", name)


@pytest.mark.parametrize(
    ("logical_name", "prefix", "reason"),
    [
        ("r" * 57, None, "is longer than the maximum length 64"),
        ("r", "p" * 39, "expected length of namePrefix to be at most 38"),
    ],
)
def test_what_is_too_long_is_refused(logical_name: str, prefix: str | None, reason: str) -> None:
    """The official provider shortens nothing: a role's name has 56 characters at most, its prefix 38."""
    role = AutoName(limit=64)
    assert len(role.name("r" * 56, b"seed")) == len(role.name("r", b"seed", "p" * 38)) == 64
    with pytest.raises(RefusedError, match=reason):
        role.name(logical_name, b"seed", prefix)
