"""What a change turns into what, without secrets."""

from __future__ import annotations

from typing import Any

import pytest

from sagemaker_constructs.api.mistakes import HIDDEN
from sagemaker_constructs.reconcile.bag import Properties
from sagemaker_constructs.reconcile.changes import Change
from sagemaker_constructs.reconcile.shown_changes import lines_of_differences, transition

PLAIN = Properties({})
SECRET = Properties({"secret_members": ["hyper_parameters.depth"]})


def change(old: Any, new: Any, path: str = "hyper_parameters.depth") -> Change:
    """A change of a hyperparameter, or of another member."""
    return Change(path, path, old, new)


def test_both_values_are_shown_and_long_ones_cut() -> None:
    """As far as a sentence has room."""
    assert transition(change("4", "8"), PLAIN, PLAIN) == " (4 → 8)"
    assert transition(change(None, "8"), PLAIN, PLAIN) == " (nothing → 8)"
    assert len(transition(change("a" * 500, "b" * 500), PLAIN, PLAIN)) < 130


@pytest.mark.parametrize(
    ("declared", "existing", "foreign"),
    [(SECRET, PLAIN, ()), (PLAIN, SECRET, ()), (PLAIN, PLAIN, ("hyper_parameters.depth",))],
)
def test_neither_is_shown_where_one_side_has_a_secret(
    declared: Properties, existing: Properties, foreign: tuple[str, ...]
) -> None:
    """Declared, recorded, or put in by a transform."""
    assert transition(change("hunter2", "swordfish"), declared, existing, foreign) == ""
    (line,) = lines_of_differences([change("hunter2", "swordfish")], declared, existing, foreign)
    assert line == f"  - hyper_parameters.depth: declared {HIDDEN}, existing {HIDDEN}"


def test_a_structure_with_a_secret_within_is_not_shown() -> None:
    """It is one value in the sentence."""
    within = Properties({"secret_members": ["input_data_config.data_source.s3_uri"]})
    assert transition(change([], [{"s3_uri": "x"}], "input_data_config.data_source"), within, PLAIN) == ""
