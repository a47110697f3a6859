"""Posting to a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sagemaker_constructs.review.comment import MARKER
from sagemaker_constructs.review.files import ReviewError

if TYPE_CHECKING:
    from sagemaker_constructs.review.github import PullRequest
    from tests.review.conftest import GitHub


def test_the_first_review_is_a_comment(github: tuple[GitHub, PullRequest]) -> None:
    """With its address."""
    state, pull_request = github
    assert pull_request.post(f"{MARKER}\none") == "https://example.com/new"
    assert state.asked == ["GET /repos/owner/name/issues/7/comments", "POST /repos/owner/name/issues/7/comments"]


def test_the_next_one_replaces_it_wherever_it_stands(github: tuple[GitHub, PullRequest]) -> None:
    """On the third page here; a comment that quotes the marker is another."""
    state, pull_request = github
    state.comments = [{"id": number, "body": f"> {MARKER}"} for number in range(250)]
    state.comments[230]["body"] = f"{MARKER}\none"
    assert pull_request.post(f"{MARKER}\ntwo") == "https://example.com/same"
    assert len(state.comments) == 250
    assert state.comments[230]["body"] == f"{MARKER}\ntwo"


def test_a_refusal_names_no_token(github: tuple[GitHub, PullRequest]) -> None:
    """And says what is needed."""
    state, pull_request = github
    state.status = 403
    with pytest.raises(ReviewError, match="GitHub answered 403") as caught:
        pull_request.post(MARKER)
    assert pull_request.token not in str(caught.value)
