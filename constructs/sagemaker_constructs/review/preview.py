"""Previews one environment for a review.

Input: the command that is Pulumi's. Output: the engine's events, the decision file, what it said
on stderr, and the plan where it is wanted.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from sagemaker_constructs.api.masking import masked
from sagemaker_constructs.decision_file import APPROVAL, DECISIONS
from sagemaker_constructs.review.files import ReviewError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sagemaker_constructs.review.files import Files

STREAMING = "PULUMI_ENABLE_STREAMING_JSON_PREVIEW"
"""Environment variable of Pulumi: `preview --json` prints the engine's events."""

_SHOWN_EVERY = 0.2
"""Seconds after which what it says on stderr is shown. A pipe would stay open as long as a server that it starts."""


def preview(files: Files, pulumi: str, words: Sequence[str] = (), *, plan: bool = False) -> None:
    """Run the preview. Whether it succeeded stands in its events.

    Args:
        files: where the environment's files are to be; earlier ones are replaced, and its approval is withdrawn.
        pulumi: `pulumi`, or `pulumilocal`.
        words: more options of `pulumi preview`.
        plan: whether to save a plan for `pulumi up --plan`.

    Raises:
        ReviewError: the command cannot be run.
    """
    files.folder.mkdir(parents=True, exist_ok=True)
    for each in (files.events, files.decisions, files.log, files.plan, files.approval):
        each.unlink(missing_ok=True)
    environment = {name: value for name, value in os.environ.items() if name != APPROVAL}
    environment |= {STREAMING: "1", DECISIONS: str(files.decisions.resolve())}
    saved = ["--save-plan", str(files.plan.resolve())] if plan else []
    command = [pulumi, "preview", "--stack", files.name, "--json", "--non-interactive", *saved, *words]
    try:
        _run(command, environment, files)
    except OSError as error:
        raise ReviewError(f"{pulumi} cannot be run: {error.strerror}") from None
    finally:
        if files.log.exists():  # also of a preview that is interrupted
            files.log.write_text(masked(files.log.read_text(encoding="utf-8", errors="replace")), encoding="utf-8")


def _run(command: Sequence[str], environment: Mapping[str, str], files: Files) -> None:
    """Run the command, and show what it says on stderr."""
    with (
        files.events.open("wb") as events,
        files.log.open("wb") as log,
        files.log.open(encoding="utf-8", errors="replace") as said,
        subprocess.Popen(command, stdout=events, stderr=log, env=environment) as process,
    ):
        while process.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(_SHOWN_EVERY)
            _show(said.read())
        _show(said.read())


def _show(said: str) -> None:
    sys.stderr.write(said)
    sys.stderr.flush()
