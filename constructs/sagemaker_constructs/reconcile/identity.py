"""Tells the states of stacks apart that own training jobs: an identity that a state keeps, and a look at its backend.

Input: the properties of a `StateIdentity`, and the backend that the update uses. Output: its outputs, or a refusal
where the state is a copy.

A name tells no owner: the organization of every self-managed backend is `organization`, so two people have stacks of
the same name in one account. What a state keeps, nobody else has, unless the state is copied; then its backend differs.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from sagemaker_constructs.aws.errors import ReconcileError

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMED = "="
"""What a backend begins with that the user has named: it is compared with no address."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a state is, and where."""

    state: str
    """A UUID, which the tag `STATE_TAG` of its jobs repeats."""
    backend: str
    """URL of the backend, without credentials, or the user's name for it behind `NAMED`; empty where not known."""

    @property
    def text(self) -> str:
        """As properties store it."""
        return f"{self.state}@{self.backend}"

    @classmethod
    def parse(cls, text: object) -> Self:
        """The identity in a property; an empty one where it is absent or not known yet."""
        state, _, backend = text.partition("@") if isinstance(text, str) else ("", "", "")
        return cls(state, backend)

    def is_elsewhere(self, backend: str) -> bool:
        """Whether the state was written in another backend than the present one, as far as both are known."""
        return bool(self.backend and backend) and not self.backend.startswith(NAMED) and self.backend != backend


def require_here(recorded: Identity, backend: str, what: str) -> None:
    """Raise ReconcileError where a state is used that is a copy.

    Args:
        recorded: the identity that the state has recorded.
        backend: the present backend.
        what: what was to be done, for the error.
    """
    if recorded.is_elsewhere(backend):
        raise ReconcileError(
            f"{what}: this state was written in {recorded.backend} and is used in {backend} now, so it is a copy or "
            "was moved. A job belongs to one state only; nothing was changed. Where the state in "
            f"{recorded.backend} is not used any more, take its jobs over: `pulumi config set {TAKE_OVER} "
            f"{recorded.state}` and `pulumi up`. Where both are addresses of one backend, name it: `pulumi config set "
            f"{BACKEND} <any name>` and `pulumi up`. Otherwise use another stack, whose program adopts the jobs"
        )


def not_recorded_before_the_end(olds: Mapping[str, Any], environment: Mapping[str, str]) -> str | None:
    """What a new identity risks where the state is written at the end of the update only; None where it does not.

    Args:
        olds: the inputs that are recorded.
        environment: that of the update.
    """
    if olds or environment.get(SKIP_CHECKPOINTS, "").lower() not in ("1", "true"):
        return None
    return (
        f"the stack's identity is recorded only when this update ends, because {SKIP_CHECKPOINTS} is set: if it is "
        "killed, the jobs that it has started are adopted by the next one, and no stack stops them. Make the first "
        "`up` of a stack without the variable"
    )


SKIP_CHECKPOINTS = "PULUMI_SKIP_CHECKPOINTS"
"""Pulumi's environment variable with which the state is written once, at the end of an update."""
TAKE_OVER = "sagemaker-constructs:takeOver"
"""Key of the stack's configuration: the identity of a moved or lost state, whose jobs this state takes over."""
BACKEND = "sagemaker-constructs:backend"
"""Key of the stack's configuration: a name for the backend, where it has several addresses."""


def checked(olds: Mapping[str, Any], news: Mapping[str, Any], backend: str) -> dict[str, Any]:
    """The inputs of an identity: the present backend, by its name if it has one; as before where it is not known."""
    name = news.get("backend_name")
    return {**news, "backend": f"{NAMED}{name}" if name else backend or olds.get("backend", "")}


def is_taken_over(recorded: Mapping[str, Any], declared: Mapping[str, Any]) -> bool:
    """Whether the state has come from another backend, to stay here.

    Raises ReconcileError where nobody has said so.
    """
    before = Identity.parse(recorded.get("identity"))
    backend = declared.get("backend")
    if not isinstance(backend, str) or backend == before.backend or backend.startswith(NAMED):
        return False
    given = declared.get("take_over")
    if given == before.state:
        return before.is_elsewhere(backend)
    require_here(before, backend, f"{TAKE_OVER} is {given}, which this state is not" if given else "StateIdentity")
    return False


def recorded(declared: Mapping[str, Any], state: str | None) -> dict[str, Any]:
    """The outputs of an identity: of `state`, or of a new one."""
    backend = declared.get("backend") or ""
    return {**declared, "identity": Identity(state or str(uuid.uuid4()), backend).text}
