"""Runs the script, passes its output on, and keeps the words of an error.

Input: the command line and the environment. Output: nothing, or a ScriptError.
"""

from __future__ import annotations

import os
import re
import select
import shlex
import subprocess
import sys
from threading import Thread
from typing import IO, TYPE_CHECKING, cast

from localaws.containers.toolkit.errors import ScriptError, called

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

SAFE = re.compile(r"[A-Za-z0-9._][A-Za-z0-9._+-]*(/[A-Za-z0-9._+-]+)*")
"""A path below the script's folder, which no shell and no interpreter takes for something else."""

RAISED = re.compile(r"^[A-Za-z_][\w.]*(?:Error|Exception|Interrupt|Exit)\b")
"""The line of a traceback that names the exception."""

LONGEST_MESSAGE = 4096

PIPE = 1 << 16
"""The bytes that a pipe holds: what a script has written when it ends, and nobody has read yet, is no more."""

LEFT_BEHIND = (
    "training toolkit: the script has ended, and processes that it has started have not: they are killed now. "
    "The toolkit of AWS's images of PyTorch and TensorFlow waits for them.\n"
)


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

    Processes that it leaves behind are not waited for: they end with the container, whose first process this is.

    Raises:
        ScriptError: It has failed.
    """
    process = subprocess.Popen(words, env=environment, cwd=folder, stderr=subprocess.PIPE)
    kept: list[str] = []
    for line in lines(pieces(process)):
        sys.stderr.write(line)
        sys.stderr.flush()
        if kept or RAISED.match(line):
            kept.append(line)
    code = process.wait()
    if code:
        message = "".join(kept).strip()[:LONGEST_MESSAGE]
        raise ScriptError(called("ExecuteUserScriptError", code, message, words))


def pieces(process: subprocess.Popen[bytes]) -> Iterator[bytes]:
    """What a process and those that it starts write to stderr, as they do, until it has ended."""
    stderr = cast("IO[bytes]", process.stderr).fileno()
    ended, ending = os.pipe()

    def wait() -> None:
        process.wait()
        os.close(ending)

    Thread(target=wait, daemon=True).start()
    unread = PIPE
    while unread > 0:
        ready, _, _ = select.select([stderr, ended], [], [])
        if stderr not in ready:
            break
        piece = os.read(stderr, unread)
        if not piece:
            return
        yield piece
        unread -= len(piece) if ended in ready else 0
    yield LEFT_BEHIND.encode()


def lines(pieces: Iterator[bytes]) -> Iterator[str]:
    """The lines of a text that comes in pieces."""
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        yield from (f"{line.decode(errors='replace')}\n" for line in whole)
    if rest:
        yield rest.decode(errors="replace")
