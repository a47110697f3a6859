"""Passes the calls of a client on to an AWS, and answers wrongly, late or not at all where a test asks for it.

Input: the address of a service, such as the local AWS, and the rules of a test. Output: an address, on loopback, to use
in its place (`aws:endpoints`, `endpoint_url`). The kinds of wrong answers are in `wrong_answers`.
"""

from __future__ import annotations

import http.client
import json
import socket
import struct
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from typing_extensions import override

from localaws.wrong_answers import WrongAnswer

if TYPE_CHECKING:
    from collections.abc import Generator

_HOP_BY_HOP = frozenset({"connection", "content-length", "date", "server", "transfer-encoding"})
_ERROR = 400
_LONGEST_HOLD = 60.0


class Effect(NamedTuple):
    """A call that the service has carried out."""

    operation: str
    request: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Hold:
    """A call that is held on its way, as long as a test wants."""

    done: bool
    """Whether the service has carried it out, so that its answer is held; otherwise the call itself is."""
    reached: threading.Event = field(default_factory=threading.Event)
    """Set once a call is held."""
    released: threading.Event = field(default_factory=threading.Event)
    """Lets it go on, when set."""


@dataclass(slots=True)
class _Rule:
    does: WrongAnswer | Hold
    done: bool
    times: int | None
    job: str

    def applies(self, job: str) -> bool:
        return self.times != 0 and job.startswith(self.job)


class FaultyProxy:
    """A proxy before a service that passes everything on, but for what `wrong` and `hold` ask for.

    Args:
        upstream: the service's address.
    """

    def __init__(self, upstream: str) -> None:
        self._upstream = urlsplit(upstream).netloc
        self._rules: dict[tuple[str, str], _Rule] = {}
        self._lock = threading.Lock()
        self.calls: list[str] = []
        """The operations that were asked for, in order."""
        self.effects: list[Effect] = []
        """The calls that the service carried out, in order."""
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.proxy = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        """Where it listens."""

    @contextmanager
    def listening(self) -> Generator[FaultyProxy]:
        """Serve until the block ends."""
        thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()

    def wrong(
        self, operation: str, answer: WrongAnswer, *, done: bool = False, times: int | None = None, job: str = ""
    ) -> None:
        """Answer the next calls of an operation wrongly.

        Args:
            operation: the API operation.
            answer: the answer.
            done: whether the call takes effect all the same.
            times: how many calls; None for all of them, until `right`.
            job: what the name of the training job begins with, which the call is about.
        """
        self._add(operation, _Rule(answer, done or answer.needs_service, times, job))

    def hold(self, operation: str, *, done: bool = False, job: str = "") -> Hold:
        """Hold the next call of an operation, before the service hears of it or (`done`) after it has answered."""
        held = Hold(done)
        self._add(operation, _Rule(held, done, 1, job))
        return held

    def right(self) -> None:
        """Answer rightly again, and forget the calls."""
        with self._lock:
            for rule in self._rules.values():
                if isinstance(rule.does, Hold):
                    rule.does.released.set()
            self._rules.clear()
            self.calls.clear()
            self.effects.clear()

    def _add(self, operation: str, rule: _Rule) -> None:
        with self._lock:
            self._rules[operation, rule.job] = rule

    def rule_for(self, operation: str, job: str) -> _Rule | None:
        """What is to go wrong with a call, which is noted."""
        with self._lock:
            self.calls.append(operation)
            rules = (rule for (each, _), rule in self._rules.items() if each == operation and rule.applies(job))
            rule = next(rules, None)
            if rule is not None and rule.times is not None:
                rule.times -= 1
            return rule

    def forward(
        self, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, dict[str, str], bytes]:
        """The service's answer: status, headers and body."""
        connection = http.client.HTTPConnection(self._upstream)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    proxy: FaultyProxy

    @override
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that has gone is no error of the proxy."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # headers and body are two writes: the second would wait 40 ms for the first
    server: _Server  # pyright: ignore[reportIncompatibleVariableOverride]

    @override
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is logged."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        operation, request = _call(self.headers.get("X-Amz-Target", ""), body)
        rule = self.server.proxy.rule_for(operation, _job(request))
        held = rule.does if rule is not None and isinstance(rule.does, Hold) else None
        status, headers, own = 0, dict[str, str](), b""
        if held is not None and not held.done:
            _wait(held)
        if rule is None or rule.done or held is not None:
            status, headers, own = self._forward(operation, request, body)
        if held is not None and held.done:
            _wait(held)
        if rule is not None and isinstance(rule.does, WrongAnswer):
            self._respond_wrongly(rule.does, status, own)
        else:
            self._respond(status, headers, own)

    def _forward(self, operation: str, request: dict[str, Any], body: bytes) -> tuple[int, dict[str, str], bytes]:
        given = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
        found = self.server.proxy.forward(self.command, self.path, body, given)
        if found[0] < _ERROR:
            self.server.proxy.effects.append(Effect(operation, request))
        return found

    def _respond_wrongly(self, answer: WrongAnswer, status: int, own: bytes) -> None:
        if answer.reset:
            self._reset()
            return
        sent = answer.body(own) if callable(answer.body) else own if answer.body is None else answer.body
        stated = {"Content-Type": answer.content_type, "Location": answer.location}
        named = {name: value for name, value in stated.items() if value is not None}
        self._respond(answer.status or status, named, sent, announced=answer.announced)

    def _respond(self, status: int, headers: dict[str, str], body: bytes, *, announced: int = 0) -> None:
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in _HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) + announced))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()
        if announced:
            self._reset()

    def _reset(self) -> None:
        """Close the connection at once, so that the client's next read fails."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)


def _wait(held: Hold) -> None:
    held.reached.set()
    held.released.wait(_LONGEST_HOLD)


def _call(target: str, body: bytes) -> tuple[str, dict[str, Any]]:
    """The operation of a call and what it asks, in JSON or in form fields."""
    if not target:
        fields = {name: values[0] for name, values in parse_qs(body.decode(errors="replace")).items()}
        return fields.get("Action", ""), fields
    try:
        request = json.loads(body)
    except ValueError:
        request = {}
    return target.rpartition(".")[2], request if isinstance(request, dict) else {}


def _job(request: dict[str, Any]) -> str:
    """The training job that a call is about; empty where it names none."""
    return str(request.get("TrainingJobName") or str(request.get("ResourceArn", "")).rpartition("/")[2])
