"""Starts, finds and stops the local AWS, a background process."""

import http.client
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from localaws.console import LocalawsError, say
from localaws.environment import Project, for_server, make_folders
from localaws.lock import locked
from localaws.processes import alive
from localaws.stacks import set_vanished_stacks_aside
from localaws.version import source_version

MODULE = ("-u", "-P", "-m", "localaws.server")
HOST = "127.0.0.1"
HEALTH = "/_localaws/health"
PORT_VARIABLE = "LOCALAWS_PORT"

SECONDS_TO_ANSWER = 20.0
"""A server that takes longer is considered to hang; if none is running, the connection is refused at once."""

SECONDS_TO_START = 60.0
SECONDS_TO_STOP = 10.0
SECONDS_BETWEEN_LOOKS = 0.05
LINES_OF_A_FAILURE = 5


@dataclass(frozen=True, slots=True)
class Server:
    """A local AWS that has answered a health check."""

    pid: int
    port: int
    version: str

    @property
    def url(self) -> str:
        """The endpoint of every service."""
        return f"http://localhost:{self.port}"


def running_server(project: Project) -> Server | None:
    """The project's local AWS, if the recorded one answers its health check with what was recorded.

    Raises:
        LocalawsError: It is running, but does not answer.
    """
    try:
        recorded = json.loads(project.server_file.read_text())
        server = Server(recorded["pid"], recorded["port"], recorded["version"])
    except (FileNotFoundError, ValueError, KeyError):
        return None
    try:
        return server if _ask(server.port) == recorded else None
    except TimeoutError:
        raise LocalawsError(
            f"the local AWS on port {server.port} does not answer: end it with `kill {server.pid}`, then try again"
        ) from None
    except (OSError, ValueError, http.client.HTTPException):
        return None  # Nothing listens there, or something that does not speak as a local AWS does.


def ready_server(project: Project, environment: Mapping[str, str] = os.environ) -> Server:
    """The project's local AWS, started if none of this version is running.

    Raises:
        LocalawsError: It cannot be started; the message says why.
    """
    make_folders(project)
    with locked(project.lock_file, "another command is starting or stopping the local AWS; waiting for it"):
        server = running_server(project)
        if server and server.version == source_version():
            if environment.get(PORT_VARIABLE, str(server.port)) != str(server.port):
                say(f"the local AWS stays on port {server.port}; {PORT_VARIABLE} takes effect when it is next started")
            return server
        if server:
            say(f"the local AWS has version {server.version}, expected {source_version()}: restarting it")
            _end(server)
        elif project.server_file.exists():
            say("the previous local AWS is no longer running: starting a new one")
        project.server_file.unlink(missing_ok=True)
        set_vanished_stacks_aside(project)
        make_folders(project)
        return _start(project, environment)


def stop_server(project: Project) -> Server | None:
    """Stop the project's local AWS and return it; None if none was running."""
    if not project.folder.is_dir():
        return None
    with locked(project.lock_file, "another command is starting or stopping the local AWS; waiting for it"):
        server = running_server(project)
        if server:
            _end(server)
        project.server_file.unlink(missing_ok=True)
        return server


def _ask(port: int) -> dict[str, Any]:
    """The answer of the health check on `port`."""
    connection = http.client.HTTPConnection(HOST, port, timeout=SECONDS_TO_ANSWER)
    try:
        connection.request("GET", HEALTH)
        return json.load(connection.getresponse())
    finally:
        connection.close()


def _start(project: Project, environment: Mapping[str, str]) -> Server:
    """Start a detached server, and return once it answers."""
    command = (sys.executable, *MODULE, "--host", HOST, "--port", str(_wanted_port(environment)))
    log = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    process = os.posix_spawn(
        sys.executable,
        (*command, "--state-file", str(project.server_file)),
        for_server(environment, project),
        file_actions=(
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(project.server_log), log, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ),
        setsid=True,
    )
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if os.waitpid(process, os.WNOHANG) != (0, 0):
            raise LocalawsError(f"the local AWS could not start:\n  {_last_words(project)}")
        server = running_server(project)
        if server:
            return server
        time.sleep(SECONDS_BETWEEN_LOOKS)
    os.kill(process, signal.SIGKILL)
    raise LocalawsError(f"the local AWS did not answer within {SECONDS_TO_START:.0f} s: see {project.server_log}")


def _wanted_port(environment: Mapping[str, str]) -> int:
    """The port of `LOCALAWS_PORT`, or 0 for any free port."""
    wanted = environment.get(PORT_VARIABLE, "0")
    try:
        with socket.socket() as probe:
            # As the server will: a port that has just been left by another is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, int(wanted)))
    except (ValueError, OverflowError):
        raise LocalawsError(f"{PORT_VARIABLE}={wanted} is not a port: give a number from 1 to 65535") from None
    except OSError as refused:
        raise LocalawsError(
            f"port {wanted} ({PORT_VARIABLE}) cannot be used: {refused.strerror};"
            f" end what listens there, set another, or leave {PORT_VARIABLE} unset for a free one"
        ) from None
    return int(wanted)


def _end(server: Server) -> None:
    """Stop a server that has just answered a health check; return when its process has ended."""
    for ending in (signal.SIGTERM, signal.SIGKILL):
        os.kill(server.pid, ending)
        deadline = time.monotonic() + SECONDS_TO_STOP
        while time.monotonic() < deadline:
            if not alive(server.pid):
                return
            time.sleep(SECONDS_BETWEEN_LOOKS)


def _last_words(project: Project) -> str:
    return "\n  ".join(project.server_log.read_text().splitlines()[-LINES_OF_A_FAILURE:])
