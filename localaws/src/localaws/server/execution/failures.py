"""Says why a training container failed, in AWS's words. Pure.

Input: how the process of an instance ended, and what it left in /opt/ml/output/failure. Output: the FailureReason.
"""

from __future__ import annotations

from dataclasses import dataclass

from localaws.server.settings import MEMORY

MOST = 1024
"""The characters of the failure file that count."""

OUT_OF_MEMORY = (
    "ClientError: Please use an instance type with more memory, or reduce the size of training data processed on an "
    "instance."
)
KILLED = 9
SIGNALLED = 128


@dataclass(frozen=True)
class End:
    """How the process of an instance ended.

    Attributes:
        code: Its exit code, or minus the number of the signal that ended it.
        limit: Which limit it broke, so that it was killed: `memory`, in bytes, or `processes`.
        most: That limit.
        error: Why it could not be started.
        lost: Whether what runs it has gone.
    """

    code: int = 0
    limit: str = ""
    most: int = 0
    error: str = ""
    lost: bool = False


LOST = "InternalServerError: The process that runs the training container has ended unexpectedly."


def failure_reason(end: End, failure: str) -> str | None:
    """The FailureReason; None for exit code 0. A signal counts as 128 and its number, as Docker reports it."""
    if end.lost:
        return LOST
    if end.error:
        return f"AlgorithmError: {end.error}, exit code: 127"[:MOST]
    if end.code == 0:
        return None
    if end.limit == "processes":
        failure = "The training container has started too many processes"
    code = end.code if end.code > 0 else SIGNALLED - end.code
    tail = f", exit code: {code}"
    if end.limit == "memory":
        tail += f". The container had more than the {end.most / 1e6:g} MB that {MEMORY} allows on this machine"
    if end.code == -KILLED and not failure:
        return f"{OUT_OF_MEMORY}{tail}"
    return f"AlgorithmError: {failure[: MOST - len(tail) - len('AlgorithmError: ')]}{tail}"
