"""Defines the kinds of faults, and carries out those that apply to a call."""

from __future__ import annotations

import time
from threading import Lock
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field

from localaws.server.errors import ConnectionDropped, ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Call = Literal["delay", "rate", "reset", "throttle", "internal", "expired", "denied", "quota", "error", "lost"]
Job = Literal["propagation", "fail", "capacity", "wait", "interrupt", "seconds", "lasting-stop", "lasting-delete"]
Kind = Call | Job


class Parameters(BaseModel):
    """The parameters of all kinds; each kind reads its own.

    Attributes:
        seconds: How long something lasts (delay, propagation, wait, seconds, lasting-stop, lasting-delete).
        per_second: How many calls pass (rate); 1 is AWS's quota for CreateTrainingJob.
        code: AWS's error code (every refusal).
        message: AWS's text (every refusal).
        status: The HTTP status (every refusal).
        reason: The FailureReason (fail, capacity).
        after: When the job fails or is interrupted, in seconds from its creation (fail, capacity, interrupt).
        during: At the end of which phase it fails, without `after` (fail, capacity).
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    seconds: float = Field(default=5.0, ge=0)
    per_second: float = Field(default=1.0, gt=0)
    code: str | None = None
    message: str | None = None
    status: int | None = Field(default=None, ge=400, le=599)
    reason: str | None = None
    after: float | None = Field(default=None, ge=0)
    during: Literal["Starting", "Downloading", "DownloadingTrainingImage", "Training", "Uploading"] | None = None


def refusal(code: str, message: str, status: int = 400) -> Callable[[Parameters, str], None]:
    """An action that raises an AWS error; the rule's own code, message and status take precedence."""

    def refuse(parameters: Parameters, _operation: str) -> None:
        raise ServiceError(
            parameters.code or code,
            parameters.message or message,
            parameters.status or status,
        )

    return refuse


def reset(_parameters: Parameters, _operation: str) -> None:
    """The connection is reset before anything happens."""
    raise ConnectionDropped(reset=True)


def delay(parameters: Parameters, _operation: str) -> None:
    """The answer is delayed."""
    time.sleep(parameters.seconds)


class Rate:
    """A limit on the calls of an operation in a second."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._last: dict[str, float] = {}

    def __call__(self, parameters: Parameters, operation: str) -> None:
        """Lets a call pass, or refuses it.

        Raises:
            ServiceError: ThrottlingException.
        """
        now = time.monotonic()
        with self._lock:
            if operation in self._last and now < self._last[operation] + 1 / parameters.per_second:
                raise ServiceError("ThrottlingException", "Rate exceeded")
            self._last[operation] = now


QUOTA = (
    "The account-level service limit 'ml.m5.xlarge for training job usage' is 0 Instances, with current utilization "
    "of 0 Instances and a request delta of 1 Instances. Please use AWS Service Quotas to request an increase for this "
    "quota. If AWS Service Quotas is not available, contact AWS support to request an increase for this quota."
)
CAPACITY = (
    "CapacityError: Unable to provision requested ML compute capacity. Please retry using a different ML instance type."
)

BEFORE: Mapping[str, Callable[[Parameters, str], None]] = {
    "delay": delay,
    "rate": Rate(),
    "reset": reset,
    "throttle": refusal("ThrottlingException", "Rate exceeded"),
    "internal": refusal("InternalFailure", "The request processing has failed because of an unknown error.", 500),
    "expired": refusal("ExpiredTokenException", "The security token included in the request is expired"),
    "denied": refusal("AccessDeniedException", "The caller is not authorized to perform this operation."),
    "quota": refusal("ResourceLimitExceeded", QUOTA),
    "error": refusal("ValidationException", "A fault was injected."),
}
"""Kinds that act before the call is handled."""

AFTER = frozenset({"lost"})
"""Kinds that act once the call succeeded: the connection closes without an answer."""

ASSUMING = frozenset({"propagation"})
CREATING = frozenset({"fail", "capacity", "wait", "interrupt", "seconds"})
RECLAIMING = frozenset({"interrupt"})
STOPPING = frozenset({"lasting-stop"})
DELETING = frozenset({"lasting-delete"})
"""Kinds that change the course of a job, applied by the operation on it."""
