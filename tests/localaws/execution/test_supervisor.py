"""What runs one container: its output, its limits, its view of the machine."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from localaws.server.execution.failures import End
from localaws.server.execution.host import Host, probe
from localaws.server.execution.launchers import mounts_in


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder for an instance's files."""
    return tmp_path


def run(place: Path, program: str, **members: Any) -> tuple[End, list[str]]:
    """How a Python program ended, and what it printed."""
    task = {
        "command": [sys.executable, "-c", program],
        "environment": {"PYTHONUNBUFFERED": "1"},
        "folder": str(place),
        "mounts": None,
        "memory": 10**10,
        "processes": 100,
    }
    lines: list[str] = []
    end = Host(task | members, lines.extend).wait()
    return end, lines


def test_both_streams_are_passed_on_and_the_exit_code_is_told(place: Path) -> None:
    """Line by line; a last line without an end counts."""
    end, lines = run(place, "import sys; print('a'); print('b', file=sys.stderr); sys.stdout.write('c'); sys.exit(5)")

    assert (end, lines) == (End(code=5), ["a", "b", "c"])


def test_a_command_that_there_is_not_is_an_error(place: Path) -> None:
    """With its name."""
    end, _ = run(place, "", command=["no-such-command"])

    assert end.error == "no-such-command: No such file or directory"


def test_nothing_of_the_servers_environment_and_input_gets_in(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what it is given."""
    monkeypatch.setenv("AWS_PROFILE", "production")
    _, lines = run(place, "import os, sys; print('AWS_PROFILE' in os.environ, repr(sys.stdin.read()))")

    assert lines == ["False ''"]


HOARD = "x = b'x' * 200_000_000\nimport time; time.sleep(60)"
CROWD = "import subprocess, time\nfor _ in range(9): subprocess.Popen(['sleep', '60'])\ntime.sleep(60)"
LIMITS = {
    "memory": (HOARD, {"memory": 100_000_000}),
    "memory of a child": (
        f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {HOARD!r}])",
        {"memory": 10**8},
    ),
    "processes": (CROWD, {"processes": 8}),
}


@pytest.mark.skipif(sys.platform != "linux", reason="the memory and the number of processes are read from /proc")
@pytest.mark.parametrize("case", LIMITS)
def test_a_program_that_breaks_a_limit_is_killed(place: Path, case: str) -> None:
    """With all that it has started, whose memory counts as its own."""
    program, limits = LIMITS[case]
    end, _ = run(place, program, **limits)

    (limit, most) = next(iter(limits.items()))
    assert end == End(code=-9, limit=limit, most=most)


@pytest.fixture
def mounts(place: Path) -> dict[str, str]:
    """What is mounted; the test is skipped where nothing can be."""
    made = dict(mounts_in(place))
    if refused := probe(made):
        pytest.skip(f"no namespaces here: {refused}")
    return made


def test_an_instance_has_an_opt_ml_and_host_names_of_its_own(place: Path, mounts: dict[str, str]) -> None:
    """What it writes there lands in its folder; nobody else sees it; what else is below /opt stays."""
    (place / "hosts").write_text("127.1.2.3 algo-1\n")
    program = """
import os, pathlib, socket
pathlib.Path("/opt/ml/model").mkdir()
pathlib.Path("/opt/ml/model/weights").write_text("1")
print(socket.gethostbyname("algo-1"), sorted(os.listdir("/opt")))
"""
    end, lines = run(place, program, mounts=mounts)

    assert end == End()
    assert lines == [f"127.1.2.3 {sorted({'ml', *(path.name for path in Path('/opt').iterdir())})}"]
    assert (place / "ml/model/weights").read_text() == "1"
    assert not Path("/opt/ml/model/weights").exists()
