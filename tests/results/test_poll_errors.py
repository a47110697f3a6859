"""What the rows say while AWS does not answer."""

from __future__ import annotations

import pytest

from sagemaker_constructs.aws.errors import ServiceError
from sagemaker_constructs.results.poll_errors import refusal_line

MEANINGS = {
    "ThrottlingException": "There are too many calls in this account and Region: the job's end may be noticed late.",
    "AccessDeniedException": "Grant the caller this action, or sign in otherwise.",
    "ExpiredTokenException": "Sign in again: the next look has the credentials of then.",
    "Unreachable": "It is asked again until there is a connection.",
    "InternalFailure": "It is asked again.",
}


@pytest.mark.parametrize("code", MEANINGS)
def test_a_refusal_has_awss_words_and_what_they_mean_for_the_wait(code: str) -> None:
    """Not the advice of the error itself: the command goes on, so there is nothing to repeat."""
    error = ServiceError("DescribeTrainingJob", "job 'a'", code, "not\n now.")
    until = "Without an answer the wait is given up in 1m 30s."
    assert refusal_line(error, 90) == f"AWS does not say how far it is ({code}: not now). {MEANINGS[code]} {until}"
