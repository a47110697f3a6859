"""Broken requests are refused with the right path, valid ones are accepted."""

from __future__ import annotations

from typing import Any

import pytest
from breaking import Broken, breakages
from hypothesis import given, settings
from hypothesis import strategies as st
from real_requests import real_requests
from service_model import FULL_REQUESTS, Path, Request, changed

from sagemaker_constructs.api.mistakes import InvalidRequest
from sagemaker_constructs.api.spec import TrainingJobSpec

NONSENSE: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["Pipe", "Vpc", "arn:aws:x:y:"]),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner),
)
BROKEN = [broken for request in FULL_REQUESTS for broken in breakages(request)]


@pytest.mark.parametrize("request_", FULL_REQUESTS, ids=["machines", "groups", "preferences", "warm", "serverless"])
def test_unbroken_request_is_accepted(request_: Request) -> None:
    """The requests that are broken below are valid."""
    assert request_ == TrainingJobSpec.from_request(request_).to_request()


@pytest.mark.parametrize("what", sorted({broken.what for broken in BROKEN}))
def test_broken_request_is_refused(what: str) -> None:
    """Each bound, pattern, enumeration, required member and type of the model, broken in turn, is found in place."""
    slipped_through = [broken.path for broken in BROKEN if broken.what == what and broken.path not in mistaken(broken)]

    assert slipped_through == []


def test_number_of_broken_requests() -> None:
    """The model yields more than a thousand broken requests."""
    assert len(BROKEN) >= 1000


@pytest.mark.parametrize("request_", real_requests())
def test_broken_real_request_is_refused(request_: Request) -> None:
    """The same holds for real requests."""
    slipped_through = [broken.path for broken in breakages(request_) if broken.path not in mistaken(broken)]

    assert slipped_through == []


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_nonsense_is_refused_in_our_words(data: st.DataObject) -> None:
    """With any values in any places, reading returns the request or raises `InvalidRequest`."""
    request = data.draw(st.sampled_from(FULL_REQUESTS))
    for path in data.draw(st.lists(st.sampled_from(places(request)), min_size=1, max_size=4)):
        try:
            request = changed(request, path, data.draw(NONSENSE))
        except (LookupError, TypeError):
            continue  # an earlier change took this place away
    try:
        TrainingJobSpec.from_request(request)
    except InvalidRequest as error:
        assert error.mistakes  # noqa: PT017  both outcomes are right


def places(value: Any, path: Path = ()) -> list[Path]:
    """The path of every value in a request, and of one more in each mapping."""
    if isinstance(value, dict):
        items = {**value, "new\n": None}.items()
    else:
        items = enumerate(value) if isinstance(value, list) else ()
    return [here for key, item in items for here in ((*path, key), *places(item, (*path, key)))]


def mistaken(broken: Broken) -> set[tuple[str | int, ...]]:
    """The paths of the mistakes that are found in a broken request."""
    try:
        TrainingJobSpec.from_request(broken.request)
    except InvalidRequest as error:
        return {mistake.path for mistake in error.mistakes}
    return set()
