"""Prepares the processes of programs and plugins, passes on what they print, and says how they ended."""

import json
import os
import selectors
import signal
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from pulumi.runtime.proto import language_pb2

ALREADY_REPORTED = 32
"""The exit code of a program that has reported its error: the engine then reports nothing more."""

SECONDS_TO_STOP = 5.0
"""How long a cancelled program may take after its interrupt before it is killed."""

PIECE = 1 << 16
"""How many bytes of output are passed on at once."""


def program_environment(base: Mapping[str, str], python: Path, request: language_pb2.RunRequest) -> dict[str, str]:
    """The program's environment: `base`, the stack's configuration, and the virtualenv of `python` activated.

    The configuration holds decrypted secrets, which is why it is not among the arguments that every process can see.
    """
    return activated(base, python) | {
        "PULUMI_CONFIG": json.dumps(dict(request.config)),
        "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys)),
    }


def activated(base: Mapping[str, str], python: Path) -> dict[str, str]:
    """The environment `base` with the virtualenv of `python`, if it is in one."""
    folder = python.parent.parent
    if not (folder / "pyvenv.cfg").is_file():
        return dict(base)
    path = os.pathsep.join((str(python.parent), base.get("PATH", os.defpath)))
    kept = {name: value for name, value in base.items() if name != "PYTHONHOME"}
    return kept | {"VIRTUAL_ENV": str(folder), "PATH": path}


def output(plugin: subprocess.Popen[bytes]) -> Iterator[language_pb2.RunPluginResponse]:
    """What a plugin prints, as it comes, until both of its streams end."""
    with selectors.DefaultSelector() as selector:
        for member in ("stdout", "stderr"):
            selector.register(getattr(plugin, member), selectors.EVENT_READ, member)
        while selector.get_map():
            for key, _ in selector.select():
                text = os.read(key.fd, PIECE)
                if text:
                    yield _printed(key.data, text)
                else:
                    selector.unregister(key.fileobj)


def _printed(stream: str, text: bytes) -> language_pb2.RunPluginResponse:
    return language_pb2.RunPluginResponse(**{stream: text})  # pyright: ignore[reportArgumentType]  one of the two


def outcome(exit_code: int) -> language_pb2.RunResponse:
    """What the engine is told about a program that ended with `exit_code` (negative: the signal that ended it)."""
    if exit_code == 0:
        return language_pb2.RunResponse()
    if exit_code == ALREADY_REPORTED:
        return language_pb2.RunResponse(bail=True)
    if exit_code < 0:
        return language_pb2.RunResponse(error=f"the program was ended by {signal.Signals(-exit_code).name}")
    return language_pb2.RunResponse(error=f"the program exited with code {exit_code}")


def interrupt(program: subprocess.Popen[bytes]) -> None:
    """Interrupt `program` as Ctrl-C would, and kill it if it does not end."""
    if program.poll() is not None:
        return
    program.send_signal(signal.SIGINT)
    try:
        program.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        program.kill()
