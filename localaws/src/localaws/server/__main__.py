"""Runs `python -m localaws.server`: binds, writes where it listens, and serves until it is terminated."""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import sys
import tempfile
import time
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from localaws.server.application import Application
from localaws.server.listener import Listener
from localaws.server.settings import Settings
from localaws.version import source_version

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType


def main(words: Sequence[str] | None = None) -> int:
    """Runs the server; the exit code is 0 after SIGTERM or SIGINT, 1 if it cannot start."""
    arguments = parser().parse_args(words)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        settings = Settings.read()
        application = Application(settings, jobs_folder(arguments.state_file))
        application.state.faults.add(json.loads(os.environ.get("LOCALAWS_FAULTS") or "[]"))
        listener = Listener(arguments.host, arguments.port, application, body_limit=settings.body_bytes)
    except (ValueError, OSError) as error:
        sys.stderr.write(f"localaws cannot start on {arguments.host} port {arguments.port}: {error}\n")
        return 1
    identity = application.state.identity
    identity |= {
        "pid": os.getpid(),
        "port": listener.server_port,
        "version": source_version(),
        "started": time.time(),
    }

    def end(_number: int, _frame: FrameType | None) -> None:
        Thread(target=listener.shutdown).start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    if arguments.state_file:
        write(arguments.state_file, identity)
    try:
        listener.serve_forever(poll_interval=0.1)
    finally:
        listener.server_close()
        application.close()
    return 0


def jobs_folder(state_file: Path | None) -> Path:
    """Where the files of jobs go: beside the state file, where the next server finds them, or anywhere."""
    return state_file.absolute().parent / "jobs" if state_file else Path(tempfile.mkdtemp(prefix="localaws-"))


def parser() -> argparse.ArgumentParser:
    """The parser of the command line."""
    result = argparse.ArgumentParser(prog="python -m localaws.server", description=__doc__)
    result.add_argument("--host", default="127.0.0.1", help="a loopback address (default: 127.0.0.1)")
    result.add_argument("--port", type=int, default=0, help="0 takes a free one (default)")
    result.add_argument("--state-file", type=Path, help="where to write pid, port, version and start, as JSON")
    return result


def write(path: Path, value: Any) -> None:
    """Writes a JSON file atomically: others may read it at any moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=path.name, delete=False) as file:
        json.dump(value, file)
    Path(file.name).replace(path)


if __name__ == "__main__":
    sys.exit(main())
