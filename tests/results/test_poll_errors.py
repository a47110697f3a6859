"""What is shown while polls fail."""

from __future__ import annotations

import pytest

from sagemaker_constructs.aws.errors import ServiceError
from sagemaker_constructs.results.poll_errors import poll_error_line

MEANINGS = {
    "ThrottlingException": "Too many API calls in this account and Region: the job's end may be noticed late.",
    "AccessDeniedException": "Grant the caller this action, or use other credentials.",
    "ExpiredTokenException": "Sign in again: the next poll uses the new credentials.",
    "Unreachable": "Retrying until there is a connection.",
    "InternalFailure": "Retrying.",
}


@pytest.mark.parametrize("code", MEANINGS)
def test_a_failed_poll_is_shown_with_awss_words_and_their_meaning_for_the_wait(code: str) -> None:
    """Without the advice of the error itself: the command goes on, so there is nothing to repeat."""
    error = ServiceError("DescribeTrainingJob", "job 'a'", code, "not\n now.")
    assert poll_error_line(error, 90) == (
        f"status unavailable ({code}: not now). {MEANINGS[code]} The wait is given up in 1m 30s."
    )
