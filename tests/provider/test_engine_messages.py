"""Messages to the row of a resource in the user's terminal."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, NamedTuple

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

from sagemaker_constructs import engine_log as engine
from sagemaker_constructs.engine_log import report

if TYPE_CHECKING:
    from collections.abc import Iterator


class Request(NamedTuple):
    """A request of the engine, as far as it concerns messages."""

    urn: str


class Terminal(engine_pb2_grpc.EngineServicer):
    """An engine that keeps what it is told."""

    def __init__(self) -> None:
        self.shown: list[Any] = []
        self.broken = False

    def Log(self, request: Any, context: Any) -> Any:  # noqa: N802  the SDK's name
        """Keep a message."""
        if self.broken:
            context.abort(grpc.StatusCode.UNAVAILABLE, "gone")
        self.shown.append(request)
        return empty_pb2.Empty()


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """An engine, whose address is the process's last argument."""
    servicer, server = Terminal(), grpc.server(ThreadPoolExecutor(1))
    engine_pb2_grpc.add_EngineServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    monkeypatch.setattr(sys, "argv", ["plugin", f"127.0.0.1:{port}"])
    yield servicer
    server.stop(None)
    engine._engine.cache_clear()  # pyright: ignore[reportPrivateUsage]  the port may come again


def serve(request: Request, message: str, **options: Any) -> None:
    """As the SDK serves a request."""
    assert request
    report(message, **options)


def test_a_message_stands_in_the_row_of_its_resource(terminal: Terminal, capsys: pytest.CaptureFixture[str]) -> None:
    """Each thread's in that of the request that it serves."""
    with ThreadPoolExecutor(4) as threads:
        requests = [Request(f"urn:{number}") for number in range(20)]
        list(threads.map(serve, requests, [f"message {number}" for number in range(20)]))
    assert sorted((each.urn, each.message) for each in terminal.shown) == sorted(
        (f"urn:{number}", f"message {number}") for number in range(20)
    )
    assert capsys.readouterr().err == ""


def test_severity_and_ephemerality_are_handed_on(terminal: Terminal) -> None:
    """A warning stays; what matters only while it lasts does not."""
    serve(Request("urn:a"), "look", warning=True)
    serve(Request("urn:a"), "waiting", ephemeral=True)
    assert [(each.message, each.severity, each.ephemeral) for each in terminal.shown] == [
        ("look", engine_pb2.WARNING, False),
        ("waiting", engine_pb2.INFO, True),
    ]


def test_an_engine_that_is_gone_loses_no_message(terminal: Terminal, capsys: pytest.CaptureFixture[str]) -> None:
    """It goes to stderr; what was only for the moment is dropped."""
    terminal.broken = True
    serve(Request("urn:a"), "started")
    serve(Request("urn:a"), "waiting", ephemeral=True)
    assert capsys.readouterr().err == "started\n"


@pytest.mark.parametrize("argument", ["tests/x.py::test", "-q", "", "host:", ":1", "host:port"])
def test_without_an_engine_a_message_goes_to_stderr(
    argument: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As in a test, or a script of somebody's own."""
    monkeypatch.setattr(sys, "argv", ["python", argument])
    report("started")
    assert capsys.readouterr().err == "started\n"


def test_outside_of_a_request_there_is_no_urn() -> None:
    """A local variable of this name that is no request of the engine's is passed over."""
    request = {"TrainingJobName": "a"}
    assert request
    assert engine._current_urn() == ""  # pyright: ignore[reportPrivateUsage]
