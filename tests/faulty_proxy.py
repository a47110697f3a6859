"""A proxy before the embedded AWS that answers wrongly where a test asks for it: `FaultyProxy`, loopback only.

One kind of wrong answer is a row of `ANSWERS`. Each may come in place of the service, which then never hears of the
call, or after it, when the call has taken effect.
"""

from __future__ import annotations

import http.client
import json
import socket
import struct
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

_JSON = "application/x-amz-json-1.1"
_PAGE = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please<br>sign in</body></html>"
_HOP_BY_HOP = frozenset({"connection", "content-length", "date", "server", "transfer-encoding"})


def _error(code: str) -> bytes:
    return json.dumps({"__type": code, "message": "what the service says"}).encode()


@dataclass(frozen=True, slots=True)
class WrongAnswer:
    """One kind of wrong answer."""

    status: int | None = None
    """The HTTP status; None for the service's own."""
    body: bytes | Callable[[bytes], bytes] | None = None
    """The body, or what becomes of the service's; None for the service's own."""
    content_type: str | None = _JSON
    location: str | None = None
    """The header of a redirect."""
    announced: int = 0
    """Bytes that the header announces and that never come."""
    reset: bool = False
    """Whether the connection is reset instead."""
    refused: bool = False
    """Whether the service has refused the call for certain, as its error code says."""

    @property
    def needs_service(self) -> bool:
        """Whether it is made of the service's own answer."""
        return not self.reset and (self.status is None or self.body is None or callable(self.body))


ANSWERS: dict[str, WrongAnswer] = {
    "reset": WrongAnswer(reset=True),
    "cut short": WrongAnswer(200, lambda body: body[: len(body) // 2], announced=64),
    "half of the JSON": WrongAnswer(200, lambda body: body[: len(body) // 2]),
    "no JSON": WrongAnswer(200, b'{"TrainingJob'),
    "bytes": WrongAnswer(200, b"\xff\xfe\x00\x80"),
    "a list": WrongAnswer(200, b"[]"),
    "null": WrongAnswer(200, b"null"),
    "a number": WrongAnswer(200, b"5"),
    "empty": WrongAnswer(200, b""),
    "no content": WrongAnswer(204, b""),
    "no members": WrongAnswer(200, b"{}"),
    "other members": WrongAnswer(200, b'{"Message": "hello"}'),
    "members of other kinds": WrongAnswer(
        200,
        b'{"TrainingJobArn": 5, "TrainingJobName": [], "CreationTime": "yesterday", "Results": 7, "Tags": {"Key": 1}}',
    ),
    "a sign-in page": WrongAnswer(200, _PAGE, "text/html"),
    "a sign-in page as JSON": WrongAnswer(200, _PAGE),
    "a redirect": WrongAnswer(302, b"", "text/html", location="http://127.0.0.1:1/"),
    "a redirect to nowhere": WrongAnswer(302, b"", "text/html"),
    "bad request": WrongAnswer(400, b""),
    "half of an error": WrongAnswer(400, b'{"__ty'),
    "a proxy forbids": WrongAnswer(403, _PAGE, "text/html"),
    "a proxy asks for a password": WrongAnswer(407, b""),
    "too many requests": WrongAnswer(429, b""),
    "server error": WrongAnswer(500, b""),
    "a list as an error": WrongAnswer(500, b"[]"),
    "an error of other kinds": WrongAnswer(500, b'{"__type": 5, "message": {}}'),
    "an unknown error": WrongAnswer(500, _error("SomethingNew")),
    "bad gateway": WrongAnswer(502, _PAGE, "text/html"),
    "unavailable": WrongAnswer(503, b""),
    "a page says unavailable": WrongAnswer(503, _PAGE, "text/html"),
    "the service says unavailable": WrongAnswer(503, _error("ServiceUnavailable")),
    "gateway timeout": WrongAnswer(504, b""),
    "throttled": WrongAnswer(400, _error("ThrottlingException")),
    "timed out": WrongAnswer(400, _error("RequestTimeout")),
    "expired": WrongAnswer(400, _error("ExpiredTokenException"), refused=True),
    "not allowed": WrongAnswer(400, _error("AccessDeniedException"), refused=True),
}
"""The wrong answers, by what they are."""


@dataclass(slots=True)
class _Rule:
    answer: WrongAnswer
    done: bool
    times: int | None


class FaultyProxy:
    """A proxy before a service that passes everything on, but for what `wrong` asks for.

    Args:
        upstream: the service's address.
    """

    def __init__(self, upstream: str) -> None:
        self._upstream = urlsplit(upstream).netloc
        self._rules: dict[str, _Rule] = {}
        self._lock = threading.Lock()
        self.calls: list[str] = []
        """The operations that were asked for, in order."""
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

    def wrong(self, operation: str, answer: WrongAnswer, *, done: bool = False, times: int | None = None) -> None:
        """Answer the next calls of an operation wrongly.

        Args:
            operation: the API operation.
            answer: the answer.
            done: whether the call takes effect all the same.
            times: how many calls; None for all of them, until `right`.
        """
        with self._lock:
            self._rules[operation] = _Rule(answer, done or answer.needs_service, times)

    def right(self) -> None:
        """Answer rightly again, and forget the calls."""
        with self._lock:
            self._rules.clear()
            self.calls.clear()

    def rule_for(self, operation: str) -> _Rule | None:
        """What is to go wrong with a call, which is noted."""
        with self._lock:
            self.calls.append(operation)
            rule = self._rules.get(operation)
            if rule is None or rule.times == 0:
                return None
            if rule.times is not None:
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
    server: _Server  # pyright: ignore[reportIncompatibleVariableOverride]

    @override
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is logged."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        proxy = self.server.proxy
        rule = proxy.rule_for(_operation(self.headers.get("X-Amz-Target", ""), body))
        status, headers, own = 0, dict[str, str](), b""
        if rule is None or rule.done:
            given = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
            status, headers, own = proxy.forward(self.command, self.path, body, given)
        if rule is None:
            self._respond(status, headers, own)
        elif rule.answer.reset:
            self._reset()
        else:
            answer = rule.answer
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


def _operation(target: str, body: bytes) -> str:
    """The operation of a call, in JSON or in form fields."""
    if target:
        return target.rpartition(".")[2]
    return next(iter(parse_qs(body.decode(errors="replace")).get("Action", ())), "")


def trials() -> list[tuple[str, bool]]:
    """The name of every wrong answer, in place of the service's (False) and after the call has taken effect."""
    return [
        (name, done) for name, answer in ANSWERS.items() for done in (False, True) if done or not answer.needs_service
    ]
