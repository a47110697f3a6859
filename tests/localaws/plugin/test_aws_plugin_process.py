"""The process that the engine starts."""

from __future__ import annotations

import subprocess
import sys

from google.protobuf.empty_pb2 import Empty
from plugin_support import Engine

from localaws.plugin import VERSION
from localaws.processes import alive
from tests.localaws.eventually import eventually


def test_the_process_prints_its_port_and_serves_there() -> None:
    """One line, the port; then it answers as the release that it stands in for."""
    command = [sys.executable, "-m", "localaws.plugin", "127.0.0.1:1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        engine = Engine(int(process.stdout.readline()))
        assert engine.stub.GetPluginInfo(Empty()).version == VERSION
        engine.channel.close()
        process.terminate()


def test_the_process_ends_with_the_engine() -> None:
    """However the engine ends: here its place is taken by a shell that goes away."""
    command = f"{sys.executable} -m localaws.plugin 127.0.0.1:1 & echo $!; wait"
    with subprocess.Popen(["/bin/sh", "-c", command], stdout=subprocess.PIPE, text=True) as engine:
        assert engine.stdout
        process, _port = int(engine.stdout.readline()), int(engine.stdout.readline())  # it serves now
        engine.kill()
    eventually(lambda: not alive(process))
