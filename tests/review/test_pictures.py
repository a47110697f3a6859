"""The pictures of the docs show the comments of today."""

from __future__ import annotations

import pytest

from bench.review_pictures import EXAMPLES, PICTURES, comments, digest, shown_in


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_picture_shows_the_present_comment(name: str) -> None:
    """Otherwise `python -m bench.review_pictures` takes it anew, with Chromium."""
    assert shown_in((PICTURES / f"{name}.png").read_bytes()) == digest(comments()[name])


def test_every_picture_is_of_an_example() -> None:
    """Nothing else is kept."""
    assert {file.stem for file in PICTURES.iterdir()} == {*EXAMPLES}
