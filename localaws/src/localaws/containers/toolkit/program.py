"""Runs the script, passes its output on, and keeps the words of an error.

Input: the command line and the environment. Output: nothing, or a ScriptError.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

from localaws.containers.toolkit.errors import ScriptError, called

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

SAFE = re.compile(r"[A-Za-z0-9._][A-Za-z0-9._+-]*(/[A-Za-z0-9._+-]+)*")
"""A path below the script's folder, which no shell and no interpreter takes for something else."""

RAISED = re.compile(r"^[A-Za-z_][\w.]*(?:Error|Exception|Interrupt|Exit)\b")
"""The line of a traceback that names the exception."""

LONGEST_MESSAGE = 4096


def command(code: Path, program: object, arguments: Sequence[str], python: str) -> list[str]:
    """The command line of a script, a package (a folder with setup.py), or a shell script.

    Raises:
        ScriptError: The name is none, or leads out of the folder.
    """
    name = program if isinstance(program, str) else ""
    if not SAFE.fullmatch(name) or {".", ".."} & set(name.split("/")) or not (code / name).exists():
        raise ScriptError(f"The training entry point {name!r} must be the path of a file in the source directory")
    if name.endswith(".py") and not (code / "setup.py").exists():
        return [python, "--", name, *arguments]
    if name.endswith(".py"):
        return [python, "-m", name.removesuffix(".py"), *arguments]
    (code / name).chmod(0o755)
    return ["/bin/sh", "-c", f"./{shlex.quote(name)} {shlex.join(arguments)}"]


def run(words: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
    """Runs a command to its end; what it writes to stderr is passed on, and its exception is kept.

    Raises:
        ScriptError: It has failed.
    """
    process = subprocess.Popen(words, env=environment, cwd=folder, stderr=subprocess.PIPE, text=True, errors="replace")
    kept: list[str] = []
    for line in process.stderr or ():
        sys.stderr.write(line)
        sys.stderr.flush()
        if kept or RAISED.match(line):
            kept.append(line)
    code = process.wait()
    if code:
        message = "".join(kept).strip()[:LONGEST_MESSAGE]
        raise ScriptError(called("ExecuteUserScriptError", code, message, words))
