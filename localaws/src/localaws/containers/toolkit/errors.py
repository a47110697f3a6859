"""Words the failure of a script as SageMaker's training toolkit does."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

KILLED = (-9, 137)


class ScriptError(Exception):
    """The script cannot be run, or has failed; the text is for output/failure."""


def called(kind: str, code: int, message: str, command: Sequence[str]) -> str:
    """The text for a command that failed."""
    extra = 'ExtraInfo "OutOfMemory: Process killed by SIGKILL (signal 9)"\n' if code in KILLED else ""
    return f'{kind}:\nExitCode {code}\nErrorMessage "{message}"\n{extra}Command "{" ".join(command)}"'
