"""Serves a WSGI application over HTTP/1.1 with keep-alive, on a loopback address."""

from __future__ import annotations

import ipaddress
import socket
import struct
import time
from contextlib import suppress
from http import HTTPStatus
from http.server import HTTPServer
from socketserver import TCPServer, ThreadingMixIn
from typing import TYPE_CHECKING, Any

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.test import run_wsgi_app

from localaws.server.bodies import PIECE, Body
from localaws.server.errors import ConnectionDropped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

RESET = struct.pack("ii", 1, 0)
"""SO_LINGER on, without time: closing sends RST."""

SECONDS_TO_READ_A_REFUSAL = 5.0
"""How long a client can go on to send a body that is refused, before it finds the connection reset."""

BODILESS = {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}


class Handler(MotoRequestHandler):
    """Reads a request, answers it in one piece, and keeps the connection if the request was read to its end."""

    server: Listener  # pyright: ignore[reportIncompatibleVariableOverride]  no other one has this handler
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def run_wsgi(self) -> None:
        """Answers one request."""
        try:
            environ = self.make_environ()
        except ValueError as error:
            self.send_error(HTTPStatus.BAD_REQUEST, str(error))
            return
        body = Body(self.rfile, environ, self.server.body_limit, self._proceed)
        environ["wsgi.input"] = body
        try:
            iterable, status, headers = run_wsgi_app(self.server.app, environ)
            content = b"".join(iterable)
        except ConnectionDropped as drop:
            self._drop(drop)
            return
        self.close_connection |= not body.complete
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
        if "Content-Length" not in headers and int(code) not in BODILESS:
            self.send_header("Content-Length", str(len(content)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)
        self.wfile.flush()
        if not body.complete:
            self._discard()

    def handle_expect_100(self) -> bool:
        """Leaves `100 Continue` to the moment when the body is read: a request may be refused by its headers."""
        return True

    def _proceed(self) -> None:
        if self.headers.get("Expect", "").strip().lower() == "100-continue":
            self.send_response_only(HTTPStatus.CONTINUE)
            self.end_headers()
            self.wfile.flush()

    def _discard(self) -> None:
        """Lets the client read the answer to a request whose body was not read: closing at once would reset it."""
        deadline = time.monotonic() + SECONDS_TO_READ_A_REFUSAL
        with suppress(OSError):  # the client has gone, or takes longer
            self.connection.shutdown(socket.SHUT_WR)
            self.connection.settimeout(SECONDS_TO_READ_A_REFUSAL)
            while self.connection.recv(PIECE) and time.monotonic() < deadline:
                pass

    def _drop(self, drop: ConnectionDropped) -> None:
        self.close_connection = True
        if drop.reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.connection.close()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Logs nothing: hundreds of jobs would fill the log."""


class Listener(ThreadingMixIn, HTTPServer):
    """Listens, with a thread for each connection."""

    daemon_threads = True
    request_queue_size = 256
    ssl_context = None
    multithread = True
    multiprocess = False
    passthrough_errors = False
    _server_version = "localaws"

    def __init__(
        self, host: str, port: int, app: Callable[[dict[str, Any], Any], Iterable[bytes]], *, body_limit: int
    ) -> None:
        """Binds; port 0 takes a free one. `body_limit` is the most bytes of a request's body.

        Raises:
            ValueError: The host is not a loopback address.
            OSError: The port cannot be bound.
        """
        if not ipaddress.ip_address(host).is_loopback:
            raise ValueError(f"localaws listens on loopback addresses only, and {host} is none; use 127.0.0.1")
        self.app = app
        self.body_limit = body_limit
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), Handler)

    def server_bind(self) -> None:
        """Binds without the reverse DNS lookup of HTTPServer."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def log(self, kind: str, message: str, *arguments: Any) -> None:
        """Drops what werkzeug's handler reports: errors are answered and logged by the application."""
