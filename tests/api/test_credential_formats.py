"""One table of formats decides what is rejected in a request and what is masked in a text."""

from __future__ import annotations

import json
import re

import pytest
from credential_cases import BLOCKS, CREDENTIALS, NAMED, ORDINARY, WITHIN, WORDS, Case

from sagemaker_constructs.api.credential_formats import FORMATS, Format, Place
from sagemaker_constructs.api.credentials import credentials_in
from sagemaker_constructs.api.masking import MASK, masked

_LONGEST_REST = 8
"""Letters of a credential in a row that say nothing of it."""


def _rejected(case: Case, member: str = "environment") -> bool:
    return bool(credentials_in({member: {case.name: case.value}}))


def _shows(text: str, secret: str) -> bool:
    """Whether a part of the secret stands in the text."""
    size = min(len(secret), _LONGEST_REST)
    return any(secret[start : start + size] in text for start in range(len(secret) - size + 1))


def _texts(case: Case) -> list[str]:
    """A pair as logs and errors write it."""
    return [f"{case.name}={case.value}", json.dumps({case.name: case.value}), f"{case.name}: {case.value}"]


def test_the_table_of_cases_is_large_enough() -> None:
    """As many as a reviewer of the library tried, and more."""
    assert len(set(CREDENTIALS)) >= 61 + 40
    assert len(set(ORDINARY)) >= 200


@pytest.mark.parametrize("member", ["hyper_parameters", "environment"])
@pytest.mark.parametrize("case", CREDENTIALS)
def test_a_credential_is_rejected(member: str, case: Case) -> None:
    """By its form, by its name, or within a longer value."""
    (mistake,) = credentials_in({member: {case.name: case.value}})

    assert mistake.path == (member, case.name)
    assert not _shows(str(mistake), case.hidden)


@pytest.mark.parametrize("word", WORDS)
def test_a_credential_is_rejected_on_a_command_line(word: str) -> None:
    """Whatever the option is called."""
    (mistake,) = credentials_in({"algorithm_specification": {"container_arguments": ["--epochs", "3", "--x", word]}})

    assert mistake.path == ("algorithm_specification", "container_arguments", 3)


@pytest.mark.parametrize("case", CREDENTIALS)
def test_a_credential_is_masked(case: Case) -> None:
    """Nothing of it is left, and it shows that something was there."""
    for text in _texts(case):
        assert not _shows(masked(text), case.hidden)
        assert MASK in masked(text)


@pytest.mark.parametrize("case", [*(Case("", word) for word in WORDS), *WITHIN, *BLOCKS])
def test_a_credential_is_masked_without_a_name(case: Case) -> None:
    """As AWS repeats values in its errors."""
    text = masked(f"Value '{case.value}' at 'environment' failed to satisfy constraint")

    assert not _shows(text, case.hidden)


@pytest.mark.parametrize("case", CREDENTIALS)
def test_what_is_masked_stays_so(case: Case) -> None:
    """A text is masked where it is stored and where it is shown."""
    for text in _texts(case):
        assert masked(masked(text)) == masked(text)


@pytest.mark.parametrize("case", ORDINARY)
def test_an_ordinary_value_is_accepted(case: Case) -> None:
    """Also under a name that credentials have."""
    assert not _rejected(case)
    assert not _rejected(case, "hyper_parameters")
    assert not credentials_in({"algorithm_specification": {"container_arguments": [f"--{case.name}", case.value]}})


@pytest.mark.parametrize("case", ORDINARY)
def test_an_ordinary_value_is_left_alone(case: Case) -> None:
    """It is what a log or an error is read for."""
    for text in [*_texts(case), f"--{case.name} {case.value}", f"Value '{case.value}' is not good"]:
        assert masked(text) == text


@pytest.mark.parametrize("case", [*CREDENTIALS, *ORDINARY])
def test_what_is_rejected_is_masked_and_the_other_way_round(case: Case) -> None:
    """Both ask the same search."""
    assert _rejected(case) == (MASK in masked(f"{case.name}={case.value}"))


def _examples(row: Format) -> bool:
    if row.place in {Place.NAME, Place.RANDOM}:
        return any(re.search(rf"(?:{row.pattern})", re.sub(r"\W", "_", case.name.lower())) for case in NAMED)
    if row.place is Place.WORD:
        return any(re.search(rf"(?:{row.pattern})\Z", word) for word in WORDS)
    return any(
        row.mark in case.value.lower() and re.search(row.pattern, case.value, re.IGNORECASE)
        for case in [*WITHIN, *BLOCKS]
    )


@pytest.mark.parametrize("row", FORMATS)
def test_each_row_has_an_example(row: Format) -> None:
    """A row that no case needs is not tested."""
    assert _examples(row)
    assert row.source
