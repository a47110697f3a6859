"""What it means for a wait that a look comes to nothing.

Input: what the look raised. Output: a line for the rows of those who wait, or the text that ends their waits. The line
has AWS's words, and not the advice of the error's own text: that is for somebody whose command has ended.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sagemaker_constructs.api.masking import masked
from sagemaker_constructs.results.progress import duration

if TYPE_CHECKING:
    from sagemaker_constructs.aws.errors import ServiceError


def refusal_line(error: ServiceError, left: float) -> str:
    """The line of one refusal.

    Args:
        error: the refusal.
        left: seconds until the wait is given up.
    """
    said = " ".join(f"{error.code}: {error.said}".split()).rstrip(".: ")
    until = f"Without an answer the wait is given up in {duration(left)}."
    return f"AWS does not say how far it is ({said}). {_meaning(error)} {until}"


def broken_text(error: Exception) -> str:
    """What ends every wait where a look breaks on what nobody expected."""
    return (
        f"waiting for training jobs broke off: {type(error).__name__}: {masked(str(error))}. The jobs are left as they "
        "are, and the next `up` waits on. Please report this, with what `pulumi up --debug` prints."
    )


def _meaning(error: ServiceError) -> str:
    if error.throttled:
        return "There are too many calls in this account and Region: the job's end may be noticed late."
    if error.denied:
        return "Grant the caller this action, or sign in otherwise."
    if error.code == "Unreachable":
        return "It is asked again until there is a connection."
    if error.no_access:
        return "Sign in again: the next look has the credentials of then."
    return "It is asked again."
