"""The local AWS as a background process, with a stand-in that does nothing but say who it is."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path

import pytest

from localaws import server_process
from localaws.console import LocalawsError
from localaws.environment import Project
from localaws.processes import alive
from localaws.server_process import Server, ready_server, running_server, stop_server

STAND_IN = """
import json, os, signal, sys, time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from localaws.version import source_version

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(text)
    def log_message(self, *_):
        pass

if "STAND_IN_FAILS" in os.environ:
    sys.exit("no such luck")
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
port = int(sys.argv[sys.argv.index("--port") + 1])
server = HTTPServer((sys.argv[sys.argv.index("--host") + 1], port), Handler)
version = os.environ.get("STAND_IN_VERSION", source_version())
facts = {"pid": os.getpid(), "port": server.server_port, "version": version, "started": time.time()}
text = json.dumps(facts).encode()
file = Path(sys.argv[sys.argv.index("--state-file") + 1])
file.with_suffix(".new").write_bytes(text)
file.with_suffix(".new").replace(file)
server.serve_forever()
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Project]:
    """A project without a server; one that a test leaves is ended."""
    script = tmp_path / "stand_in.py"
    script.write_text(STAND_IN)
    monkeypatch.setattr(server_process, "MODULE", ("-P", str(script)))
    project = Project(tmp_path)
    yield project
    stop_server(project)
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG) != (0, 0):  # those that have ended: other tests' servers run on
            continue


@pytest.fixture
def free_port() -> int:
    """A port on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def test_a_server_is_started_and_found_again(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """The second command says nothing and starts nothing."""
    first = ready_server(project, {})

    assert ready_server(project, {}) == first == running_server(project)
    assert not capsys.readouterr().err


def test_nothing_of_the_project_reaches_version_control(project: Project) -> None:
    """The folder ignores itself, so that no project has to."""
    ready_server(project, {})

    assert (project.folder / ".gitignore").read_text() == "*\n"


def test_the_server_does_not_see_the_users_accounts(project: Project, tmp_path: Path) -> None:
    """It is started with the same protection as Pulumi."""
    (tmp_path / "stand_in.py").write_text("import os, sys; sys.exit(os.environ.get('AWS_PROFILE', 'not there'))")

    with pytest.raises(LocalawsError, match="not there"):
        ready_server(project, {"AWS_PROFILE": "prod"})


def test_a_server_of_other_code_is_started_afresh(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """It would answer as the code of yesterday did."""
    old = ready_server(project, {"STAND_IN_VERSION": "0.0.1+old"})

    new = ready_server(project, {})

    assert new.pid != old.pid
    assert "the local AWS has version 0.0.1+old" in capsys.readouterr().err


def test_a_killed_server_is_started_afresh(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """What it left on record is not believed."""
    old = ready_server(project, {})
    os.kill(old.pid, signal.SIGKILL)

    assert ready_server(project, {}).pid != old.pid
    assert "the previous local AWS is no longer running" in capsys.readouterr().err


def test_something_else_on_the_recorded_port_is_left_alone(project: Project) -> None:
    """It is neither taken for the local AWS nor ended."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as other:
        old = ready_server(project, {})
        record = json.loads(project.server_file.read_text())
        project.server_file.write_text(json.dumps(record | {"pid": other.pid}))

        assert running_server(project) is None
        assert stop_server(project) is None
        assert other.poll() is None

        other.kill()
        os.kill(old.pid, signal.SIGTERM)


def test_a_server_that_does_not_answer_is_named(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its memory may still be wanted, so nothing is done to it."""
    server = ready_server(project, {})
    os.kill(server.pid, signal.SIGSTOP)
    with monkeypatch.context() as patch:
        patch.setattr(server_process, "SECONDS_TO_ANSWER", 0.2)
        with pytest.raises(LocalawsError, match=f"port {server.port} does not answer: end it with `kill {server.pid}`"):
            ready_server(project, {})
    os.kill(server.pid, signal.SIGCONT)

    assert running_server(project) == server


def test_two_commands_at_once_start_one_server(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """The second waits, and says so."""
    servers: list[Server] = []
    commands = [threading.Thread(target=lambda: servers.append(ready_server(project, {}))) for _ in range(2)]
    for command in commands:
        command.start()
    for command in commands:
        command.join()

    assert servers[0] == servers[1]
    assert "another command is starting or stopping the local AWS" in capsys.readouterr().err


def test_the_port_can_be_chosen(project: Project, free_port: int, capsys: pytest.CaptureFixture[str]) -> None:
    """A server that runs keeps its port, since its memory is worth more; the next one takes the chosen port."""
    port = ready_server(project, {}).port

    assert ready_server(project, {"LOCALAWS_PORT": str(free_port)}).port == port
    assert f"the local AWS stays on port {port}" in capsys.readouterr().err

    stop_server(project)

    assert ready_server(project, {"LOCALAWS_PORT": str(free_port)}).port == free_port


def test_a_port_in_use_is_refused(project: Project) -> None:
    """One sentence names the port and what to do."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(LocalawsError, match=rf"port {port} \(LOCALAWS_PORT\) cannot be used: .*set another"):
            ready_server(project, {"LOCALAWS_PORT": str(port)})


@pytest.mark.parametrize("port", ["many", "-1", "65536", ""])
def test_what_is_not_a_port_is_refused(project: Project, port: str) -> None:
    """One sentence says what is expected."""
    with pytest.raises(LocalawsError, match=f"LOCALAWS_PORT={port} is not a port: give a number from 1 to 65535"):
        ready_server(project, {"LOCALAWS_PORT": port})


def test_a_server_that_ends_at_once_is_quoted(project: Project) -> None:
    """Its last words say more than its exit code."""
    with pytest.raises(LocalawsError, match="the local AWS could not start:\n  no such luck"):
        ready_server(project, {"STAND_IN_FAILS": ""})


def test_a_server_that_never_answers_is_ended(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is ours, and nobody has put anything into it."""
    (tmp_path / "stand_in.py").write_text("import time; time.sleep(60)")
    monkeypatch.setattr(server_process, "SECONDS_TO_START", 0.2)

    with pytest.raises(LocalawsError, match="did not answer within"):
        ready_server(project, {})

    assert os.waitstatus_to_exitcode(os.wait()[1]) == -signal.SIGKILL


def test_a_stopped_server_is_gone(project: Project) -> None:
    """Its record too; to stop it twice is no mistake."""
    server = ready_server(project, {})

    assert stop_server(project) == server
    assert not alive(server.pid)
    assert not project.server_file.exists()
    assert stop_server(project) is None


def test_a_server_that_ignores_its_end_is_killed(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing keeps running after `stop`."""
    script = tmp_path / "stand_in.py"
    script.write_text(script.read_text().replace("os._exit(0)", "None"))
    monkeypatch.setattr(server_process, "SECONDS_TO_STOP", 0.3)
    server = ready_server(project, {})

    stop_server(project)

    assert not alive(server.pid)


def test_to_stop_leaves_no_trace_where_nothing_was(tmp_path: Path) -> None:
    """`pulumilocal stop` in any folder creates nothing there."""
    assert stop_server(Project(tmp_path)) is None
    assert not list(tmp_path.iterdir())
