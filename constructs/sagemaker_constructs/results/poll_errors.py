"""Explains the error of a poll to those who wait.

Input: the exception of the poll. Output: the progress line of every awaited result, or the text that ends the waits.
The line has AWS's words without the advice of the error's own text, which is for a command that has ended.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sagemaker_constructs.api.masking import masked
from sagemaker_constructs.results.progress import duration

if TYPE_CHECKING:
    from sagemaker_constructs.aws.errors import ServiceError


def poll_error_line(error: ServiceError, left: float) -> str:
    """The progress line after a failed poll.

    Args:
        error: the error.
        left: seconds until the wait is given up.
    """
    said = " ".join(f"{error.code}: {error.said}".split()).rstrip(".: ")
    return f"status unavailable ({said}). {_meaning(error)} The wait is given up in {duration(left)}."


def unexpected_error_text(error: Exception) -> str:
    """Why every wait ends, where a poll raised what it should not."""
    return (
        f"polling training jobs failed unexpectedly: {type(error).__name__}: {masked(str(error))}. The jobs are not "
        "affected, and the next `up` continues to wait. Please report this with the output of `pulumi up --debug`."
    )


def _meaning(error: ServiceError) -> str:
    if error.throttled:
        return "Too many API calls in this account and Region: the job's end may be noticed late."
    if error.denied:
        return "Grant the caller this action, or use other credentials."
    if error.code == "Unreachable":
        return "Retrying until there is a connection."
    if error.no_access:
        return "Sign in again: the next poll uses the new credentials."
    return "Retrying."
