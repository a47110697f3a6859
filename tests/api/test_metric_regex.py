"""Regular expressions of metrics that capture nothing, and those that do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sagemaker_constructs.api.rules.metric_regex import better_expression


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        ("F1=(.*?)", "lazy one at the end"),
        ("F1=(.+?)", "lazy one at the end"),
        (r"F1=(\d*?)", "lazy one at the end"),
        (r"F1=([0-9.]{1,5}?)", "lazy one at the end"),
        (r"F1=((?:\d|\.)*?)", "lazy one at the end"),
        ("(?:F1=(.*?))", "lazy one at the end"),
        ("F1=()", "lazy one at the end"),
        ("F1=[0-9.]+", "a group around the number"),
        (r"loss \([0-9.]+\)", "a group around the number"),
        ("loss=(?:[0-9.]+)", "a group around the number"),
        ("loss=[(][0-9.]+[)]", "a group around the number"),
        ("loss=([0-9.]+", "a regular expression that compiles"),
        ("loss=[0-9.]+)", "a regular expression that compiles"),
        ("loss=(*)", "a regular expression that compiles"),
    ],
)
def test_an_expression_that_captures_nothing_is_found(expression: str, says: str) -> None:
    """With what it should have."""
    assert says in (better_expression(expression) or "")


@pytest.mark.parametrize(
    "expression",
    [
        "loss=([0-9.]+)",
        "loss: (.*?);",
        r"loss: (.*?)\s",
        r"loss: (\d+)(?: of .*?)",
        r"loss: (\d+), f1: (.*?)",
        r"loss \(([0-9.]+)\)",
        "loss=(?:train|test):([0-9.]+)",
        "loss=(?<value>[0-9.]+)",
        "loss=(?P<value>[0-9.]+)",
        r"loss=([\]()0-9.*]+)",
        r"loss=(\d\*?)",
        "(?i)loss=([0-9.]+)?",
    ],
)
def test_an_expression_that_captures_a_number_is_left_alone(expression: str) -> None:
    """Lazy where something follows, and with the groups of any dialect."""
    assert better_expression(expression) is None


@given(st.text(max_size=30))
def test_no_text_is_too_odd(expression: str) -> None:
    """Whatever is not a regular expression is said to be none."""
    found = better_expression(expression)
    assert found is None or found.startswith("a ")
