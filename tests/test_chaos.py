"""The trials of `make chaos` are enough, and each is judged by what became of its jobs."""

from __future__ import annotations

from collections import Counter

import pytest

from bench.chaos.__main__ import numbered, rounds, table
from bench.chaos.answers import DISTURBANCES
from bench.chaos.case import Case
from localaws.trial import Outcome
from localaws.wrong_answers import ANSWERS

OWN, TWIN = "own-007-abc", "twin-007-abc"
STOP = f"this command stops it: aws sagemaker stop-training-job --training-job-name {OWN} --region eu-west-1"


@pytest.fixture
def case() -> Case:
    """A trial of which nothing has been seen."""
    return Case("kind", "what", 7)


def test_there_are_hundreds_of_trials_with_jobs_of_their_own() -> None:
    """Each wrong answer is given to each operation, before or after its effect."""
    cases = [case for _, several in numbered(rounds()) for case in several]
    assert len(cases) > 400
    names = Counter(case.own for case in cases)
    assert {count for name, count in names.items() if name != cases[0].own} == {1}
    assert all({name for name, _ in each.answers} == set(ANSWERS) for each in DISTURBANCES)


def test_a_job_that_no_state_has_is_lost(case: Case) -> None:
    """And so is one that a state has and that does not run; jobs of other trials do not count."""
    case.compare([OWN, "own-070-abc", "own-008-abc"], {case.own: OWN, "own-008": "own-008-def"})
    assert case.right
    case.compare([OWN, f"{OWN}-2"], {case.own: OWN})
    assert case.wrong == f"lost: {OWN}-2"
    case.compare([], {case.own: OWN})
    assert case.lost == {OWN, f"{OWN}-2"}


@pytest.mark.parametrize("text", [STOP, f"job {OWN} is also used by x and is not stopped; it keeps running"])
def test_a_job_that_an_error_names_is_not_lost(case: Case, text: str) -> None:
    """Where it says how to stop the job, or that the job keeps running."""
    case.heard(Outcome(255, text), expect=False)
    case.compare_end([OWN])
    assert (case.right, case.named) == (True, {OWN})


@pytest.mark.parametrize("text", [f"+ TrainingJob {OWN} created", STOP.replace(OWN, f"{OWN}-2")])
def test_a_job_that_is_only_mentioned_is_lost(case: Case, text: str) -> None:
    """So is one of which another one's name begins like its own."""
    case.heard(Outcome(0, text))
    case.compare_end([OWN])
    assert case.wrong == f"lost: {OWN}"


def test_the_job_of_the_other_stack_must_run(case: Case) -> None:
    """While only this one is destroyed."""
    case.compare_beside([TWIN], {case.twin: TWIN})
    assert case.right
    case.compare_beside([], {case.twin: TWIN})
    assert case.wrong == f"stopped: {TWIN}"


def test_a_configuration_is_trained_once(case: Case) -> None:
    """Whoever starts the second job."""
    case.count({(case.own, "1"): 1, (case.own, "2"): 1, (case.twin, "1"): 1, ("own-008", "1"): 9})
    assert case.right
    case.count({(case.twin, "1"): 2})
    assert case.wrong == "duplicated: twin-007, version 1: 2 jobs"


def test_a_command_must_succeed_once_nothing_goes_wrong(case: Case) -> None:
    """But one that was killed or answered wrongly may fail."""
    case.heard(Outcome(1, "killed"), expect=False)
    assert case.right
    case.heard(Outcome(1, "fine\n  error: no"))
    assert case.wrong == "failed: error: no"


def test_the_table_counts_trials_by_kind(case: Case) -> None:
    """With a row for all of them."""
    case.stopped = {TWIN}
    lines = [line.split() for line in table([case, Case("other", "what", 8)])]
    assert lines[0] == ["WRONG:", "kind:", "what:", "stopped:", TWIN]
    assert lines[1][3:] == ["trials", "lost", "duplicated", "stopped", "failed", "named"]
    assert lines[2:5] == [[name, *row] for name, row in (("kind", "100100"), ("other", "100000"), ("all", "200100"))]
