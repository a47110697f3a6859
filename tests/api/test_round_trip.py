"""Requests are read and written unchanged."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from real_requests import real_requests
from service_model import READ_ONLY, Request, request_shape

from sagemaker_constructs.api.spec import TrainingJobSpec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypothesis.strategies import SearchStrategy

    from sagemaker_constructs.api.root import Findings
    from sagemaker_constructs.api.rule_context import RuleContext

INSTANCE_TYPES = {"TrainingInstanceType", "ProcessingInstanceType"}


class Unruled(TrainingJobSpec):
    """The shapes without rules, which random requests break."""

    @classmethod
    def check_members(cls, members: Mapping[str, Any], context: RuleContext) -> Findings:
        """No rule is checked."""
        del members, context
        return (), ()


@lru_cache
def text_of(pattern: str | None, minimum: int, maximum: int) -> SearchStrategy[str]:
    """Texts within the bounds that match the pattern as a whole."""
    if pattern is None or pattern in {".*", ".+", r"[\S\s]*"}:
        plain = st.characters(codec="utf-8", exclude_characters="\n\r\u0085\u2028\u2029")
        return st.text(plain, min_size=minimum, max_size=min(maximum, 12))
    ascii_pattern = pattern.replace(r"\p{Alnum}", "a-zA-Z0-9").replace(r"\p{L}\p{Z}\p{N}", "a-zA-Z0-9 ")
    ascii_pattern = ascii_pattern.replace(".*", "[ -~]*").replace("{1,2048}", "{1,9}").replace("{0,62}", "{0,3}")
    texts = st.from_regex(f"(?a:{ascii_pattern})", fullmatch=True)
    return texts.filter(lambda text: minimum <= len(text) <= maximum)


def values(shape: Any, path: tuple[str, ...] = ()) -> SearchStrategy[Any]:  # noqa: PLR0911  one strategy a type
    """Values that the service model allows for a shape."""
    limits = shape.metadata
    match shape.type_name:
        case "structure":
            members = {n: values(m, (*path, n)) for n, m in shape.members.items() if (*path, n) not in READ_ONLY}
            required = {name: members.pop(name) for name in shape.required_members}
            return st.fixed_dictionaries(required, optional=members)
        case "list":
            size = min(limits["max"], limits.get("min", 0) + 2)
            return st.lists(values(shape.member, path), min_size=limits.get("min", 0), max_size=size)
        case "map":
            return st.dictionaries(values(shape.key), values(shape.value), max_size=3)
        case "string" if shape.enum:
            return st.sampled_from(shape.enum)
        case "string":
            return text_of(limits.get("pattern"), limits.get("min", 0), limits.get("max", 100))
        case "boolean":
            return st.booleans()
        case _:
            return st.integers(limits.get("min"), limits.get("max"))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(values(request_shape()))
def test_generated_request_comes_back(request_: Request) -> None:
    """What the service model allows is read and written without a difference, empty and false values too."""
    assert request_ == Unruled.from_request(request_).to_request()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(values(request_shape()))
def test_members_come_back(request_: Request) -> None:
    """What is stored as properties is the same spec again."""
    spec = Unruled.from_request(request_)

    assert spec == Unruled.from_members(spec.to_members())


@pytest.mark.parametrize("request_", real_requests())
def test_real_request_comes_back(request_: Request) -> None:
    """Real requests break no rule that refuses, and are written unchanged."""
    assert request_ == TrainingJobSpec.from_request(request_).to_request()
